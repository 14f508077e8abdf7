"""Files that agencies deliver: where they lie, when they are received."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pyarrow as pa

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Agencies, Noise
from ringfence_city.parameters import Parameters
from ringfence_city.truth.city import DAY, City
from ringfence_city.writing import OFFSET_MINUTES, Written, write_table, write_text

FOLDER = "deliveries"
LIST = f"{FOLDER}/files.csv"
_ZONE = timezone(timedelta(minutes=OFFSET_MINUTES))


@dataclass(frozen=True)
class Delivered:
    """`received` in minutes of the city (negative: before the first day)."""

    channel: str
    table: str
    received: int
    file: Written


@dataclass(frozen=True)
class Post:
    """Where agencies deliver to, and how they distort what they saw."""

    root: Path
    city: City
    agencies: Agencies

    def disguise(self, channel: str, own: Noise) -> Disguise:
        return Disguise(self.city, channel, self.agencies.noise_of(channel, own))

    def send(
        self, channel: str, table: str, rows: pa.Table, *, number: int, received: int
    ) -> list[Delivered]:
        """Write a delivery; none without rows. `number` tells apart the files of a table."""
        if not rows.num_rows:
            return []
        day = moment(self.city.asked, received).date().isoformat()
        path = f"{FOLDER}/{channel}/{day}/{table}-{number}.parquet"
        return [Delivered(channel, table, received, write_table(self.root, path, rows))]


def moment(asked: Parameters, minute: int) -> datetime:
    midnight = datetime.combine(asked.first_day, time(), _ZONE)
    return midnight + timedelta(days=minute // DAY, minutes=minute % DAY)


def write_list(root: Path, asked: Parameters, delivered: Sequence[Delivered]) -> Written:
    """The list of all deliveries in the order in which they are received."""
    told = io.StringIO()
    lines = csv.writer(told, lineterminator="\n")
    lines.writerow(("received", "channel", "table", "path", "rows"))
    for one in sorted(delivered, key=lambda one: (one.received, one.file.path)):
        received = moment(asked, one.received).isoformat()
        lines.writerow((received, one.channel, one.table, one.file.path, one.file.rows))
    return write_text(root, LIST, told.getvalue(), len(delivered))
