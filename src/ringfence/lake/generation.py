"""Building a table's generation: its current rows, sorted, one file per copy and UTC start day.

What a file holds depends on the current rows of its day alone, never on how they came there: rows
are in a total order (sort columns, key, lineage) and a file is named after its content. Files of
untouched days are therefore carried over, and a rebuild from nothing gives the same bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.lake.catalog import Delivery, DerivedFile
from ringfence.lake.home import Home
from ringfence.lake.layout import DAY, copies, split_by_day, start_day
from ringfence.lake.ordering import Ranks, Words, last_of_each, order_of
from ringfence.lake.rows import open_rows, rows_in_memory
from ringfence.lake.scattering import START_DAY, Days, grouped, read_days, scatter
from ringfence.lake.workbench import workbench
from ringfence.records import LINEAGE, Table

ROW_GROUP = 1 << 14
_WRITERS = 2
_ROWS_IN_MEMORY = 3_000_000
_QUICK = "snappy"
_LINEAGE = tuple(name for name, _ in LINEAGE)


@dataclass(frozen=True)
class Plan:
    """What a table's next generation is made of.

    `kept` are the files of the generation before (none: everything is built anew). `touched` are
    deliveries whose days are rewritten: from the kept files and these deliveries where they were
    only added, from all live deliveries where one was withdrawn, reinstated or purged.
    """

    table: Table
    live: tuple[Delivery, ...]
    kept: tuple[DerivedFile, ...]
    touched: tuple[Delivery, ...]
    only_added: bool

    @property
    def sources(self) -> tuple[Delivery, ...]:
        """Deliveries that hold rows to write."""
        return tuple(d for d in (self.touched if self.only_added else self.live) if d.path)


@dataclass(frozen=True)
class BuiltFile:
    path: Path
    copy: int
    day: int | None
    rows: int


@dataclass(frozen=True)
class Generation:
    """New files, still in their workplace, and those carried over."""

    table: Table
    built: tuple[BuiltFile, ...]
    carried: tuple[DerivedFile, ...]


def touched_days(home: Home, folder: Path, plan: Plan) -> dict[int | None, int]:
    """Start days (days since 1970) of the rows in touched deliveries, with their row counts."""
    stored = [d for d in plan.touched if d.path is not None]
    if not stored:
        return {}
    with workbench(home, folder) as bench:
        return dict(
            bench.rows(
                f"SELECT {start_day(plan.table)} AS day, count(*)"
                f" FROM {bench.scan(stored)} GROUP BY day"
            )
        )


def build(home: Home, folder: Path, plan: Plan, days: dict[int | None, int]) -> Generation:
    """Rewrite the given start days and carry the other days over."""
    if not days or not plan.live:
        return Generation(plan.table, (), plan.kept if plan.live else ())
    carried = tuple(f for f in plan.kept if f.day is not None and f.day not in days)
    undated = tuple(f for f in plan.kept if f.day is None)
    with ThreadPoolExecutor(_WRITERS) as pool:
        builder = _Builder(home, folder, plan, pool)
        set_aside = builder.write_dated(days)
        if set_aside or builder.any_on(undated, days):
            parts = [*set_aside, *builder.starting_on_other_days(undated, days)]
            if parts:
                builder.write(None, pa.concat_tables(parts))
        else:
            carried += undated
        return Generation(plan.table, tuple(builder.finished()), carried)


class _Builder:
    """Prepares one day while others are being sorted and written."""

    def __init__(self, home: Home, folder: Path, plan: Plan, pool: ThreadPoolExecutor) -> None:
        self._home = home
        self._folder = folder
        self._plan = plan
        self._table = plan.table
        self._pool = pool
        self._writing: deque[tuple[int, Future[list[BuiltFile]]]] = deque()
        self._built: list[BuiltFile] = []

    def write_dated(self, days: dict[int | None, int]) -> list[pa.Table]:
        """Write the files of these start days; rows of the file without a day are returned."""
        plan = self._plan
        files = [self._home.root / d.path for d in plan.sources if d.path]
        if plan.only_added:
            files += self._paths(f for f in plan.kept if f.day is None or f.day in days)
        replaces = any(d.replaces for d in plan.sources)
        set_aside = []
        for rows in self._groups(files, days):
            current = self._current(rows) if replaces else rows
            set_aside += self._write_days(current)
        return set_aside

    def _groups(self, files: Sequence[Path], days: dict[int | None, int]) -> Iterator[pa.Table]:
        rows = read_days(self._table, files, days)
        first = next(rows, None)
        if first is not None:
            yield from scatter(self._folder, chain([first], rows), first.schema, grouped(days))

    def _current(self, rows: pa.Table) -> pa.Table:
        """Only the last version of each key and source."""
        sequence_of = {d.batch: d.sequence for d in self._plan.live}
        batches = rows["batch"].combine_chunks()
        named = pa.array([sequence_of[b] for b in batches.dictionary.to_pylist()], pa.int64())
        sequenced = rows.append_column("sequence", named.take(batches.indices))
        ranks = Ranks(sequenced)
        groups = ranks.words([*self._table.key, "source"])
        return rows.take(last_of_each(groups, ranks.words(["sequence", "source_row"])))

    def _write_days(self, rows: pa.Table) -> list[pa.Table]:
        file_day = self._file_day(rows)
        days = sorted(pc.unique(file_day.drop_null()).to_pylist())
        if len(days) == 1 and not file_day.null_count:
            self.write(days[0], rows)
            return []
        for day in days:
            self.write(day, rows.filter(pc.equal(file_day, day)))
        return [rows.filter(pc.is_null(file_day))] if file_day.null_count else []

    def _file_day(self, rows: pa.Table) -> pa.ChunkedArray:
        """The day of each row's file; null: open-ended, longer than a day, or dateless."""
        table = self._table
        if table.ends is None or table.starts is None or not split_by_day(table):
            return rows[START_DAY]
        start, end = (rows[c].cast(pa.int64()) for c in (table.starts, table.ends))
        short = pc.less_equal(pc.subtract(end, start), DAY)
        return pc.if_else(short, rows[START_DAY], pa.scalar(None, pa.int32()))

    def any_on(self, files: Iterable[DerivedFile], days: Days) -> bool:
        return any(True for _ in read_days(self._table, self._paths(files), days))

    def starting_on_other_days(self, files: Iterable[DerivedFile], days: Days) -> list[pa.Table]:
        rows = list(read_days(self._table, self._paths(files), days, others=True))
        return [pa.Table.from_batches(rows)] if rows else []

    def write(self, day: int | None, found: pa.Table) -> None:
        """Have the sorted copies of some rows written."""
        self._make_room(found.num_rows)
        rows = rows_in_memory(found.unify_dictionaries(), self._table)
        ranks = Ranks(rows)
        lineage = partial(ranks.words, _LINEAGE)
        by_order: dict[tuple[str, ...], list[BuiltFile]] = {}
        for number, copy in enumerate(copies(self._table)):
            path = self._folder / f"{self._table.name}-{copy.name}-{day}.{copy.suffix}"
            built = BuiltFile(path, number, day, rows.num_rows)
            by_order.setdefault(copy.order, []).append(built)
        for order, files in by_order.items():
            sort = (ranks.words(order), lineage)
            writing = self._pool.submit(_write_sorted, self._table, rows, sort, files)
            self._writing.append((rows.num_rows, writing))

    def _make_room(self, rows: int) -> None:
        """Wait for days that are being written, where one more would take too much memory."""
        while self._writing and rows + sum(n for n, _ in self._writing) > _ROWS_IN_MEMORY:
            _, writing = self._writing.popleft()
            self._built += writing.result()

    def finished(self) -> list[BuiltFile]:
        """All files, once they are written."""
        for _, writing in self._writing:
            self._built += writing.result()
        return self._built

    def _paths(self, files: Iterable[DerivedFile]) -> list[Path]:
        return [self._home.root / f.path for f in files if f.copy == 0]


def _write_sorted(
    table: Table, rows: pa.Table, sort: tuple[list[pa.Array], Words], files: list[BuiltFile]
) -> list[BuiltFile]:
    """Sort once, and write each file that has this order."""
    ordered = rows.take(order_of(*sort))
    for file in files:
        if copies(table)[file.copy].lookup is None:
            with open_rows(file.path, ordered.schema, table, compression=_QUICK) as parquet:
                parquet.write_table(ordered, ROW_GROUP)
        else:
            with pa.ipc.new_file(file.path, ordered.schema) as arrow:
                arrow.write_table(ordered.combine_chunks())
    return files
