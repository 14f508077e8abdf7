"""Building a table's generation: its current rows, sorted, one file per copy and UTC start day.

What a file holds depends on the current rows of its day alone, never on how they came there: rows
are in a total order (sort columns, key, lineage) and a file is named after its content. Files of
untouched days are therefore carried over, and a rebuild from nothing gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.lake.catalog import Delivery, DerivedFile
from ringfence.lake.home import Home
from ringfence.lake.layout import DAY, copies, on_days, split_by_day, start_day
from ringfence.lake.ordering import Ranks, last_of_each, order_of
from ringfence.lake.rows import open_rows, with_lineage_names
from ringfence.lake.scattering import START_DAY, grouped, name_lineage, read_rows, scatter
from ringfence.lake.workbench import Workbench, workbench
from ringfence.records import LINEAGE, Table

ROW_GROUP = 1 << 14
_TAKEN_AT_ONCE = ROW_GROUP * 8
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
    with workbench(home, folder) as bench, ThreadPoolExecutor(2) as pool:
        name_lineage(bench, plan.live)
        builder = _Builder(bench, folder, plan, pool)
        built = list(builder.dated_files(days))
        if builder.undated or builder.starts_on(undated, days):
            others = builder.starting_on_other_days(undated, days)
            built += builder.write(None, [*builder.undated, *others])
        else:
            carried += undated
    return Generation(plan.table, tuple(built), carried)


class _Builder:
    def __init__(
        self, bench: Workbench, folder: Path, plan: Plan, pool: ThreadPoolExecutor
    ) -> None:
        self.undated: list[pa.Table] = []
        self._bench = bench
        self._folder = folder
        self._plan = plan
        self._table = plan.table
        self._pool = pool

    def dated_files(self, days: dict[int | None, int]) -> Iterator[BuiltFile]:
        """Write the files of these start days; rows of the file without a day are set aside."""
        plan = self._plan
        files = [self._bench.home.root / d.path for d in plan.sources if d.path]
        if plan.only_added:
            files += self._paths(f for f in plan.kept if f.day is None or f.day in days)
        if not files:
            return
        where = on_days(self._table, days)
        replaces = any(d.replaces for d in plan.sources)
        for rows in scatter(
            self._bench, self._folder, self._table, files, where, groups=grouped(days)
        ):
            yield from self._write_days(self._current(rows) if replaces else rows)

    def _current(self, rows: pa.Table) -> pa.Table:
        """Only the last version of each key and source."""
        sequence_of = {d.batch: d.sequence for d in self._plan.live}
        batches = rows["batch"].combine_chunks()
        named = pa.array([sequence_of[b] for b in batches.dictionary.to_pylist()], pa.int64())
        sequenced = rows.append_column("sequence", named.take(batches.indices))
        ranks = Ranks(sequenced)
        groups = ranks.words([*self._table.key, "source"])
        return rows.take(last_of_each(groups, ranks.words(["sequence", "source_row"])))

    def _write_days(self, rows: pa.Table) -> Iterator[BuiltFile]:
        file_day = self._file_day(rows)
        if file_day.null_count:
            self.undated.append(rows.filter(pc.is_null(file_day)))
        for day in sorted(pc.unique(file_day.drop_null()).to_pylist()):
            yield from self.write(day, [rows.filter(pc.equal(file_day, day))])

    def _file_day(self, rows: pa.Table) -> pa.ChunkedArray:
        """The day of each row's file; null: open-ended, longer than a day, or dateless."""
        table = self._table
        if table.ends is None or table.starts is None or not split_by_day(table):
            return rows[START_DAY]
        start, end = (rows[c].cast(pa.int64()) for c in (table.starts, table.ends))
        short = pc.less_equal(pc.subtract(end, start), DAY)
        return pc.if_else(short, rows[START_DAY], pa.scalar(None, pa.int32()))

    def starts_on(self, files: Iterable[DerivedFile], days: Iterable[int | None]) -> bool:
        """Whether a row of these files starts on one of the days."""
        where = on_days(self._table, list(days))
        return bool(self._read(files, where).num_rows)

    def starting_on_other_days(
        self, files: Iterable[DerivedFile], days: Iterable[int | None]
    ) -> list[pa.Table]:
        rows = self._read(files, f"NOT {on_days(self._table, list(days))}")
        return [rows] if rows.num_rows else []

    def _read(self, files: Iterable[DerivedFile], where: str) -> pa.Table:
        paths = self._paths(files)
        if not paths:
            return pa.table({})
        return read_rows(self._bench, self._table, paths, where)

    def write(self, day: int | None, parts: list[pa.Table]) -> list[BuiltFile]:
        """Write each sorted copy of some rows; no file where there are none."""
        rows = with_lineage_names(pa.concat_tables(parts).drop_columns(START_DAY), self._table)
        ranks = Ranks(rows)
        writing = []
        for name, columns in copies(self._table):
            path = self._folder / f"{self._table.name}-{name}-{day}.parquet"
            words = ranks.words([*columns, *_LINEAGE])
            writing.append(self._pool.submit(_write_sorted, path, self._table, rows, words))
        return [
            BuiltFile(future.result(), copy, day, rows.num_rows)
            for copy, future in enumerate(writing)
        ]

    def _paths(self, files: Iterable[DerivedFile]) -> list[Path]:
        return [self._bench.home.root / f.path for f in files if f.copy == 0]


def _write_sorted(path: Path, table: Table, rows: pa.Table, words: list[pa.Array]) -> Path:
    order = order_of(words)
    with open_rows(path, rows.schema, table) as writer:
        for at in range(0, rows.num_rows, _TAKEN_AT_ONCE):
            writer.write_table(rows.take(order.slice(at, _TAKEN_AT_ONCE)), ROW_GROUP)
    return path
