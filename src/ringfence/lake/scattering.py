"""Reading rows once and handing them out in groups of start days that fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.lake.catalog import Delivery
from ringfence.lake.layout import start_day
from ringfence.lake.workbench import Workbench, literal, scan
from ringfence.records import Table

START_DAY = "start_day"

_ROWS_AT_ONCE = 1 << 20
_MOST_GROUPS = 64
_READ_AT_ONCE = 122_880


def name_lineage(bench: Workbench, deliveries: Iterable[Delivery]) -> None:
    """Sources and batches as enumerations: a batch is 64 characters, on every row."""
    known = list(deliveries)
    for name, values in (
        ("source", {d.source for d in known}),
        ("batch", {d.batch for d in known}),
    ):
        words = ", ".join(literal(value) for value in sorted(values))
        bench.run(f"CREATE TYPE {name}_name AS ENUM ({words})")


def grouped(days: dict[int | None, int]) -> list[list[int | None]]:
    """Neighbouring days together, so that a group is worth its file and fits in memory."""
    most = max(_ROWS_AT_ONCE, sum(days.values()) // (_MOST_GROUPS // 2))
    groups: list[list[int | None]] = [[]]
    rows = 0
    for day in sorted(days, key=lambda day: (day is None, day)):
        if groups[-1] and rows + days[day] > most:
            groups.append([])
            rows = 0
        groups[-1].append(day)
        rows += days[day]
    return groups


def read_rows(bench: Workbench, table: Table, files: Iterable[Path], where: str) -> pa.Table:
    """All rows that meet a condition, with their start day beside."""
    return bench.arrow(_query(table, files, where))


def scatter(
    bench: Workbench,
    folder: Path,
    table: Table,
    files: Sequence[Path],
    where: str,
    *,
    groups: Sequence[Sequence[int | None]],
) -> Iterator[pa.Table]:
    """The rows of each group of days in turn. Rows wait in the folder, not in memory."""
    if len(groups) == 1:
        yield read_rows(bench, table, files, where)
        return
    reader = bench.connection.execute(_query(table, files, where)).to_arrow_reader(_READ_AT_ONCE)
    days = pa.array([day for group in groups for day in group], pa.int32())
    group_of = pa.array([n for n, group in enumerate(groups) for _ in group], pa.int64())
    paths = [folder / f"group-{number}.arrows" for number in range(len(groups))]
    with ExitStack() as stack:
        writers = [stack.enter_context(pa.ipc.new_stream(path, reader.schema)) for path in paths]
        for batch in reader:
            group = group_of.take(pc.index_in(batch[START_DAY], value_set=days))
            order = pc.sort_indices(group)
            rows = batch.take(order)
            at = 0
            for entry in pc.value_counts(group.take(order)).to_pylist():
                writers[entry["values"]].write_batch(rows.slice(at, entry["counts"]))
                at += entry["counts"]
    for path in paths:
        with pa.OSFile(str(path)) as file:
            rows = pa.ipc.open_stream(file).read_all()
        path.unlink()
        yield rows


def _query(table: Table, files: Iterable[Path], where: str) -> str:
    lineage = "source::source_name AS source, batch::batch_name AS batch"
    return (
        f"SELECT * REPLACE ({lineage}), {start_day(table)} AS {START_DAY}"
        f" FROM {scan(files)} WHERE {where}"
    )
