"""Which refused rows nobody has put right. A row counts once, however often it was refused.

One file are all imports of the same bytes from the same source, by whatever version of a mapping,
with what was put right and brought again of each, and of that in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow.parquet as pq

from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.imports_catalog import Import
from ringfence.lake.integrity import naming_damage
from ringfence.lake.lineage import part_and_row, source_row

_File = tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """One time that a file was read. `again`: only what was put right of it was."""

    batch: str
    sequence: int
    counts: bool
    again: bool
    rejects_path: str | None
    deliveries: tuple[Delivery, ...] = ()
    parts: Mapping[int, str] = field(default_factory=dict)


class OpenRows:
    """What the catalog says at one moment; the rows of a file are read when it is asked about."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._files: dict[str, _File] = {}
        self._readings: dict[_File, list[_Reading]] = {}
        self._found: dict[_File, _Rows] = {}
        with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
            last = catalog.last_sequence(connection)
            gone = catalog.withdrawn(connection, last)
            within = imports_catalog.imports_of(connection)
            parts = imports_catalog.all_parts(connection)
            contents = imports_catalog.contents(connection)
            delivered = catalog.deliveries(connection, last)
            imports = {one.batch: one for one in imports_catalog.imports(connection, last)}
        of_import: dict[str, list[Delivery]] = {}
        for one in delivered:
            if one.batch in within:
                of_import.setdefault(within[one.batch], []).append(one)
        singles = [one for one in delivered if one.batch not in within]
        every: list[Delivery | Import] = [*singles, *imports.values()]
        for taken in every:
            again = isinstance(taken, Import) and taken.mends is not None
            reading = _Reading(
                taken.batch,
                taken.sequence,
                taken.batch not in gone,
                again,
                taken.rejects_path,
                tuple(of_import.get(taken.batch, ())) if again else (),
                parts.get(taken.batch, {}),
            )
            file = _file_of(taken.batch, imports, contents)
            self._files[taken.batch] = file
            self._readings.setdefault(file, []).append(reading)

    def of(self, batch: str) -> dict[int, str]:
        """Rows of a batch still to be put right, each with the batch that refused it last: there it
        counts. Whichever of its batches a row is brought back through, it is open in none then.
        """
        file = self._files[batch]
        if file not in self._found:
            self._found[file] = _Rows(self._home, self._readings[file])
        return self._found[file].open_in(batch)


class _Rows:
    """The rows of one file. A part has one number here, whatever the readings called it by."""

    def __init__(self, home: Home, readings: list[_Reading]) -> None:
        self._home = home
        self._numbers: dict[str | int, int] = {}
        self._parts = {one.batch: one.parts for one in readings}
        self._refused: dict[str, dict[int, int]] = {}
        for one in readings:
            rows = self._rows_of(one.rejects_path, "row") if one.rejects_path else frozenset()
            self._refused[one.batch] = {self._place(one.parts, row): row for row in rows}
        self._last: dict[int, _Reading] = {}
        # Later readings overwrite earlier ones, and those that count all that were withdrawn.
        for one in sorted(readings, key=lambda one: (one.counts, one.sequence)):
            self._last.update(dict.fromkeys(self._refused[one.batch], one))
        self._mended = frozenset[int]().union(
            *(self._brought(one) for one in readings if one.again and one.counts)
        )
        self._whole = [one for one in readings if one.counts and not one.again]

    def open_in(self, batch: str) -> dict[int, str]:
        return {
            row: self._last[place].batch
            for place, row in self._refused[batch].items()
            if place not in self._mended and not self._taken(place, self._last[place])
        }

    def _taken(self, place: int, refused: _Reading) -> bool:
        """Whether the file was read as a whole later on, and the row was not refused."""
        return any(
            one.sequence > refused.sequence
            and place not in self._refused[one.batch]
            and part_and_row(place)[0] in self._parts_read(one)
            for one in self._whole
        )

    def _parts_read(self, one: _Reading) -> frozenset[int]:
        return frozenset(self._number(one.parts, part) for part in one.parts or (0,))

    def _brought(self, one: _Reading) -> Iterable[int]:
        for delivery in one.deliveries:
            if delivery.path is not None:
                with naming_damage(self._home, [delivery]):
                    rows = self._rows_of(delivery.path, "source_row")
                yield from (self._place(one.parts, row) for row in rows)

    def _rows_of(self, path: str, column: str) -> frozenset[int]:
        where = self._home.root / path
        with storage_faults(where), pq.ParquetFile(where) as file:
            return frozenset(file.read(columns=[column])[column].to_pylist())

    def _place(self, parts: Mapping[int, str], row: int) -> int:
        part, number = part_and_row(row)
        return source_row(self._number(parts, part), number)

    def _number(self, parts: Mapping[int, str], part: int) -> int:
        name = parts.get(part) or part
        return self._numbers.setdefault(name, len(self._numbers))


def _file_of(batch: str, imports: Mapping[str, Import], contents: Mapping[str, str]) -> _File:
    first = imports.get(batch)
    while first is not None and first.mends is not None:
        batch = first.mends
        first = imports.get(batch)
    if first is None or batch not in contents:
        return (batch,)
    return (first.mapping.rpartition("@")[0], first.source, contents[batch])
