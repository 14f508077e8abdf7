"""What the lake hands to an engine: the files that hold what is known, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ringfence.engines.persons import Persons


@dataclass(frozen=True)
class Batch:
    """One acknowledged delivery. `sequence` orders what was known; `received_at` is UTC.

    `parts`: names of the tables within the file, where it has several (sheets, members).
    `imported`: the import that this is a part of; None where it was delivered by itself.
    """

    batch: str
    sequence: int
    table: str
    source: str
    file_name: str
    received_at: datetime
    parts: Mapping[int, str] = field(default_factory=dict)
    imported: str | None = None

    @property
    def receipt(self) -> str:
        """The batch that its receipt names."""
        return self.imported or self.batch


@dataclass(frozen=True)
class SortedFile:
    """A compacted file of the rows that start on one UTC day.

    `day` is None for rows that have no start, are open-ended, or last longer than 24 hours.
    Rows in a day file therefore end at most 24 hours after that day's last second.
    """

    path: Path
    day: date | None
    rows: int


@dataclass(frozen=True)
class TableFiles:
    """Where the current rows of one table are.

    `first` holds them once, as Parquet. `lookups` hold the same rows again, uncompressed Arrow of
    one batch a file, sorted by the bytes of the column they are named after, to find a few keys
    without a scan: presence and event by subject and by place, ride by subject and
    by service, occupancy by vehicle and by subject, sighting by vehicle and by place, encounter and
    link by subject_a and by subject_b, case by case and by subject, every other table by the first
    column of its key.
    `fresh` are deliveries since. If `replacing`, a fresh row may replace an earlier row of the same
    natural key and source: the row of the batch with the greatest sequence, then the greatest
    source_row, is the current one.
    """

    table: str
    first: tuple[SortedFile, ...] = ()
    lookups: Mapping[str, tuple[SortedFile, ...]] = field(default_factory=dict)
    fresh: tuple[Path, ...] = ()
    replacing: bool = False


@dataclass(frozen=True)
class PurgedSpan:
    """Rows of `table` that a purge removed lay within [start, end); known until `sequence`.

    `held_cases` are those whose evidence the purge kept whole.
    """

    table: str
    start: datetime
    end: datetime
    sequence: int
    held_cases: frozenset[str]


@dataclass(frozen=True)
class Snapshot:
    """All that was known at `sequence`; `as_of` (UTC) is the end of every open interval.

    `zone` is the home's IANA zone, `jurisdiction` its own. `purged` tells what is missing;
    `historical` that as-of was asked for rather than now. `spill` and `compiled`: folders of the
    home for what does not fit into memory and for compiled expressions. `persons`: which subjects
    are one person; None where each is a person of its own. `layouts`: the home's own seat layouts.
    """

    sequence: int
    as_of: datetime
    zone: str
    jurisdiction: str
    synthetic: bool
    tables: Mapping[str, TableFiles]
    batches: Mapping[str, Batch] = field(default_factory=dict)
    purged: tuple[PurgedSpan, ...] = ()
    historical: bool = False
    spill: Path | None = None
    compiled: Path | None = None
    persons: Persons | None = None
    layouts: Path | None = None

    def files(self, table: str) -> TableFiles:
        return self.tables.get(table, TableFiles(table))
