"""What the agencies of a city delivered, in the order in which it was received."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.lake import Home, create_home
from ringfence.sources import import_file, import_mapped
from ringfence.sources.mapping.catalogue import named as mapping
from ringfence.sources.mapping.model import Channel

ZONE = "Asia/Shanghai"
JURISDICTION = "CN"


@dataclass(frozen=True)
class Delivery:
    """A file of one channel, and when it was received (UTC). `mapping` reads it; none: canonical.

    `table`: the canonical table, or all that the mapping makes of the file.
    """

    received: datetime
    channel: str
    table: str
    path: Path
    rows: int
    mapping: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of a file's rows: all of them in one of the three. `emptied`: values left out."""

    accepted: int
    skipped: int = 0
    quarantined: int = 0
    emptied: int = 0
    told: int = 0


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
                row.get("mapping") or "",
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


def take(home: Home, delivery: Delivery) -> Taken:
    """Import one file as it came."""
    if delivery.mapping:
        return _mapped(home, delivery)
    receipt = import_file(
        home,
        delivery.path,
        table=delivery.table,
        source=delivery.channel,
        now=delivery.received,
    )
    return Taken(
        receipt.rows_in - receipt.quarantined, quarantined=receipt.quarantined, told=receipt.told
    )


@cache
def _channel(name: str) -> Channel:
    return mapping(name, None).read()


def _mapped(home: Home, delivery: Delivery) -> Taken:
    channel = _channel(delivery.mapping)
    receipt = import_mapped(home, delivery.path, channel=channel, now=delivery.received)
    return Taken(
        receipt.accepted,
        receipt.skipped,
        receipt.quarantined,
        sum(receipt.emptied.values()),
        receipt.told,
    )


def next_morning(given: Sequence[Delivery]) -> datetime:
    """Nine in the morning, local time, after all has been received."""
    last = given[-1].received.astimezone(ZoneInfo(ZONE))
    return (last + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
