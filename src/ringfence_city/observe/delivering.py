"""Files that agencies deliver: where they lie, when they are received."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ringfence_city.clock import moment
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Agencies, Noise
from ringfence_city.observe.raw.documents import Documents
from ringfence_city.observe.raw.sheet import Clerk, Sheet
from ringfence_city.parameters import Parameters
from ringfence_city.truth.city import City
from ringfence_city.writing import Written, write_bytes, write_table, write_text

FOLDER = "deliveries"
LIST = f"{FOLDER}/files.csv"


@dataclass(frozen=True)
class Delivered:
    """`received` in minutes of the city (negative: before the first day). `mapping` reads a file in
    its agency's own form; then `table` names all that comes of it, with semicolons.
    """

    channel: str
    table: str
    received: int
    file: Written
    mapping: str = ""


@dataclass(frozen=True)
class Post:
    """Where agencies deliver to, and how they distort what they saw, or copy it from documents."""

    root: Path
    city: City
    agencies: Agencies
    documents: Documents

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

    @property
    def raw(self) -> bool:
        """Whether channels that have a mapping deliver in their agency's own form."""
        return self.agencies.raw and not self.city.asked.full

    def send_raw(
        self, sheets: Iterable[Sheet | None], *, number: int, received: int
    ) -> list[Delivered]:
        """Write files in their agencies' own forms."""
        delivered = []
        day = moment(self.city.asked, received).date().isoformat()
        for sheet in sheets:
            if sheet is None:
                continue
            name = sheet.mapping
            path = f"{FOLDER}/{name}/{day}/{name}-{number}.{sheet.suffix}"
            file = write_bytes(self.root, path, sheet.content, sheet.rows)
            delivered.append(Delivered(name, ";".join(sheet.tables), received, file, name))
        return delivered

    def clerk(self, disguise: Disguise, number: int) -> Clerk:
        return Clerk(self.city, self.documents, disguise, number)


def write_list(root: Path, asked: Parameters, delivered: Sequence[Delivered]) -> Written:
    """The list of all deliveries in the order in which they are received."""
    told = io.StringIO()
    lines = csv.writer(told, lineterminator="\n")
    lines.writerow(("received", "channel", "table", "path", "rows", "mapping"))
    for one in sorted(delivered, key=lambda one: (one.received, one.file.path)):
        received = moment(asked, one.received).isoformat()
        lines.writerow(
            (received, one.channel, one.table, one.file.path, one.file.rows, one.mapping)
        )
    return write_text(root, LIST, told.getvalue(), len(delivered))
