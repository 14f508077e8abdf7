"""What the agencies of a city delivered, in the order in which it was received."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.lake import Home, create_home
from ringfence.sources.importing import import_file

ZONE = "Asia/Shanghai"
JURISDICTION = "CN"


@dataclass(frozen=True)
class Delivery:
    """A canonical file of one channel, and when it was received (UTC)."""

    received: datetime
    channel: str
    table: str
    path: Path
    rows: int


def told_of(city: Path) -> dict[str, Any]:
    """`city.json`: parameters and counts. Without it the folder is not a whole city."""
    told: dict[str, Any] = json.loads((city / "city.json").read_text(encoding="utf-8"))
    return told


def deliveries(city: Path) -> list[Delivery]:
    folder = city / "deliveries"
    with (folder / "files.csv").open(encoding="utf-8", newline="") as file:
        return [
            Delivery(
                datetime.fromisoformat(row["received"]).astimezone(UTC),
                row["channel"],
                row["table"],
                city / row["path"],
                int(row["rows"]),
            )
            for row in csv.DictReader(file)
        ]


def presences(given: Sequence[Delivery]) -> list[Delivery]:
    return [delivery for delivery in given if delivery.table == "presence"]


def new_home(folder: Path, given: Sequence[Delivery]) -> Home:
    """An empty synthetic home, made before the first delivery."""
    return create_home(
        folder,
        synthetic=True,
        jurisdiction=JURISDICTION,
        zone=ZONE,
        now=given[0].received - timedelta(hours=1),
    )


def take(home: Home, delivery: Delivery) -> int:
    """Import one file as it came; rows that were not quarantined."""
    receipt = import_file(
        home,
        delivery.path,
        table=delivery.table,
        source=delivery.channel,
        now=delivery.received,
    )
    return receipt.rows_in - receipt.quarantined


def next_morning(given: Sequence[Delivery]) -> datetime:
    """Nine in the morning, local time, after all has been received."""
    last = given[-1].received.astimezone(ZoneInfo(ZONE))
    return (last + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
