"""Which rows are past their retention, judged by natural key over all versions and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from ringfence.lake import catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.home import Home
from ringfence.lake.integrity import naming_damage
from ringfence.lake.layout import start_day
from ringfence.lake.tombstones import digest_sql
from ringfence.lake.workbench import (
    Workbench,
    literal,
    paths_of,
    quoted,
    scan,
    shares_start,
    workbench,
)
from ringfence.records import Table


@dataclass(frozen=True)
class Hold:
    """What stays whatever its age: single rows (batch, source_row), all rows of some subjects.

    `cases` are those whose evidence is held whole by these rows and subjects; their numbers are
    kept with the purge, so that later traces know what they can rely on. `unsettled` are open cases
    for which more is held than for others, because a date or a protocol is missing.
    """

    rows: frozenset[tuple[str, int]] = frozenset()
    subjects: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    unsettled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expired:
    """Rows of a table that are past their time and not held, and the files that hold them.

    `first` and `until` span the times of these rows, `starts` their start column (first, last,
    whether any has none), in microseconds since 1970; `days` are their start days.
    """

    table: Table
    cutoff: datetime
    rows: int
    keys: int
    held_rows: int
    files: tuple[tuple[Delivery, pa.ChunkedArray], ...]
    digests: pa.ChunkedArray
    first: int
    until: int
    starts: tuple[int | None, int | None, bool]
    days: tuple[int | None, ...]


def find_expired(
    home: Home, folder: Path, table: Table, cutoff: datetime, hold: Hold
) -> Expired | None:
    """None where the table holds no row that could be past its time."""
    with catalog.reading(home.catalog) as connection:
        every = catalog.deliveries(connection, catalog.last_sequence(connection), table.name)
    limit = catalog.micros(cutoff)
    near = [d for d in every if d.path is not None and _may_hold(table, d, limit)]
    if not near:
        return None
    with naming_damage(home, near), workbench(home, folder) as bench:
        _load_old(bench, table, near, limit)
        _judge(bench, table, hold, limit)
        return _expired(bench, table, near, cutoff)


def _may_hold(table: Table, delivery: Delivery, limit: int) -> bool:
    if not shares_start(table) or delivery.undated:
        return True
    return delivery.first_start is not None and delivery.first_start < limit


def _load_old(bench: Workbench, table: Table, near: Sequence[Delivery], limit: int) -> None:
    """Table `past`: every version of every key that begins before the cutoff, with its last moment.

    Versions of a key share their start, so that no version of a key is missed. A version that its
    source has replaced since is not known to have gone on.
    """
    keys = quoted(table.key)
    start = f'epoch_us("{table.starts}")' if table.starts else "NULL::BIGINT"
    end = f'epoch_us("{table.ends}")' if table.ends else "NULL::BIGINT"
    over = "true" if table.starts and not table.ends else "replaced"
    batches = ", ".join(f"({literal(d.batch)}, {d.received_at}, {d.sequence})" for d in near)
    subjects = [c.name for c in table.columns if c.subject_key]
    columns = quoted(dict.fromkeys([*table.key, *subjects]))
    where = f"coalesce({start} < {limit}, true)" if shares_start(table) else "true"
    bench.run(
        f"CREATE TEMP TABLE old AS SELECT {columns}, batch, source_row,"
        f" {start} AS first_moment, {end} AS end_moment, received_at,"
        f" {start_day(table)} AS start_day,"
        " lead(true) OVER (PARTITION BY"
        f" {keys}, source ORDER BY sequence, source_row) IS NOT NULL AS replaced"
        f" FROM {bench.scan(near)} JOIN (VALUES {batches})"
        f" AS known (batch, received_at, sequence) USING (batch) WHERE {where}"
    )
    bench.run(
        "CREATE TEMP TABLE past AS SELECT *, coalesce(end_moment,"
        f" CASE WHEN {over} THEN first_moment END, greatest(received_at, first_moment))"
        " AS last_moment FROM old"
    )
    bench.run("DROP TABLE old")


def _judge(bench: Workbench, table: Table, hold: Hold, limit: int) -> None:
    """Table `doomed`: rows past their time, and whether their key is held."""
    held = pa.table(
        {
            "batch": pa.array([batch for batch, _ in hold.rows], pa.string()),
            "source_row": pa.array([row for _, row in hold.rows], pa.int64()),
        }
    )
    subjects = pa.table({"subject": pa.array(sorted(hold.subjects), pa.string())})
    bench.connection.register("held_row", held)
    bench.connection.register("held_subject", subjects)
    tests = ["(batch, source_row) IN (SELECT (batch, source_row) FROM held_row)"]
    tests += [
        f'"{column.name}" IN (SELECT subject FROM held_subject)'
        for column in table.columns
        if column.subject_key
    ]
    bench.run(
        f"CREATE TEMP TABLE judged AS SELECT *, max(last_moment) OVER key < {limit} AS is_past,"
        f" bool_or(coalesce({' OR '.join(tests)}, false)) OVER key AS held FROM past"
        f" WINDOW key AS (PARTITION BY {quoted(table.key)})"
    )
    bench.run("DROP TABLE past")
    bench.run("CREATE TEMP TABLE doomed AS SELECT * FROM judged WHERE is_past")
    bench.run("DROP TABLE judged")


def _expired(bench: Workbench, table: Table, near: Sequence[Delivery], cutoff: datetime) -> Expired:
    (held_rows,) = bench.row("SELECT count(*) FROM doomed WHERE held")
    bench.run("DELETE FROM doomed WHERE held")
    rows, first, until, first_start, last_start, undated = bench.row(
        "SELECT count(*), min(coalesce(first_moment, last_moment)), max(last_moment),"
        " min(first_moment), max(first_moment), count(*) > count(first_moment) FROM doomed"
    )
    digests = bench.arrow(
        f"SELECT DISTINCT {digest_sql(bench.home, table)} AS digest FROM doomed ORDER BY digest"
    )["digest"]
    files = []
    for delivery in near:
        gone = bench.arrow(
            f"SELECT source_row FROM doomed WHERE batch = {literal(delivery.batch)}"
        )["source_row"]
        if len(gone):
            files.append((delivery, gone))
    days = bench.rows("SELECT DISTINCT start_day FROM doomed")
    return Expired(
        table=table,
        cutoff=cutoff,
        rows=rows,
        keys=len(digests),
        held_rows=held_rows,
        files=tuple(files),
        digests=digests,
        first=first or 0,
        until=(until or 0) + 1,
        starts=(first_start, last_start, bool(undated)),
        days=tuple(day for (day,) in days),
    )


def remaining(home: Home, folder: Path, found: Expired) -> int:
    """How many purged keys are still found in any file that the catalog names."""
    if not found.rows:
        return 0
    with catalog.reading(home.catalog) as connection:
        last = catalog.last_sequence(connection)
        files = paths_of(home, catalog.deliveries(connection, last, found.table.name))
        files += [home.root / f.path for f in catalog.derived_files(connection, found.table.name)]
    limit = f"make_timestamptz({catalog.micros(found.cutoff)})"
    old = "true"
    if shares_start(found.table):
        old = f'coalesce("{found.table.starts}" < {limit}, true)'
    with workbench(home, folder) as bench:
        bench.connection.register("grave", pa.table({"digest": found.digests}))
        bench.run("CREATE TEMP TABLE again (digest BLOB)")
        for path in files:
            bench.run(
                f"INSERT INTO again SELECT DISTINCT {digest_sql(home, found.table)} AS digest"
                f" FROM {_relation(bench, path)} WHERE {old}"
                " AND digest IN (SELECT digest FROM grave)"
            )
        (count,) = bench.row("SELECT count(DISTINCT digest) FROM again")
    return int(count)


def _relation(bench: Workbench, path: Path) -> str:
    if path.suffix == ".parquet":
        return scan([path])
    with pa.memory_map(str(path)) as file:
        bench.connection.register("lookup", pa.ipc.open_file(file).read_all())
    return "lookup"
