"""How the sorted files of each table are laid out: which copies, and one file per UTC start day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ringfence.lake.catalog import DerivedFile
from ringfence.records import TABLES, Table

DAY = 86_400_000_000
BEFORE_ALL_DAYS = 100_000

_SUBJECT_AND_PLACE = ("subject", "place")
_BOTH_SUBJECTS = ("subject_a", "subject_b")
_BY_DAY: dict[str, tuple[str, ...]] = {
    "presence": _SUBJECT_AND_PLACE,
    "event": _SUBJECT_AND_PLACE,
    "encounter": _BOTH_SUBJECTS,
    "link": _BOTH_SUBJECTS,
}
_WHOLE: dict[str, tuple[str, ...]] = {
    "case": ("case", "subject"),
    "ride": ("subject", "service"),
    "occupancy": ("vehicle", "subject"),
    "sighting": ("vehicle", "place"),
}


@dataclass(frozen=True)
class Copy:
    """One sorted copy of a table's current rows, in the folder `name`.

    `lookup` is the column that the copy finds keys of (memory-mapped Arrow); None for the copy
    that any program can read (Parquet).
    """

    name: str
    order: tuple[str, ...]
    lookup: str | None = None

    @property
    def suffix(self) -> str:
        return "parquet" if self.lookup is None else "arrow"


def split_by_day(table: Table) -> bool:
    return table.name in _BY_DAY


def copies(table: Table) -> tuple[Copy, ...]:
    """The Parquet copy first, in the order of the first lookup."""
    columns = _BY_DAY.get(table.name) or _WHOLE.get(table.name, table.key[:1])
    lookups = tuple(Copy(f"by_{column}", _order(table, column), column) for column in columns)
    return (Copy("rows", lookups[0].order), *lookups)


def _order(table: Table, column: str) -> tuple[str, ...]:
    starts = (table.starts,) if table.starts in table.key and split_by_day(table) else ()
    first = (column, *(name for name in starts if name is not None))
    return first + tuple(name for name in table.key if name not in first)


def usable(root: Path, name: str, files: Sequence[DerivedFile]) -> bool:
    """Whether all files of a generation are there and are laid out as described here."""
    laid_out = {(number, copy.name) for number, copy in enumerate(copies(TABLES[name]))}
    found = {(file.copy, Path(file.path).parent.name) for file in files}
    return found in (laid_out, set()) and all((root / file.path).is_file() for file in files)


def start_day(table: Table) -> str:
    """SQL: the UTC day a row starts on, in days since 1970; NULL without a start."""
    if not split_by_day(table):
        return "NULL::INTEGER"
    micros = f'epoch_us("{table.starts}") + {BEFORE_ALL_DAYS * DAY}'
    return f"(({micros}) // {DAY} - {BEFORE_ALL_DAYS})::INTEGER"
