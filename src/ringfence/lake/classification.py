"""What becomes of each delivered row, against what is known and against the rows before it.

Almost all rows of a delivery are new, and a 64-bit hash of the key tells so cheaply; only rows
whose hash is met twice, or is known already, are compared in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ringfence.lake.catalog import Delivery
from ringfence.lake.workbench import Workbench, between, literal, quoted, scan, shares_start
from ringfence.records import LINEAGE, TABLES, Column, Table

_LINEAGE = tuple(name for name, _ in LINEAGE)
_AFTER_ALL = 1 << 62


@dataclass(frozen=True)
class Staged:
    """The rows of a delivery that are to be stored, not yet acknowledged.

    `first` and `last` start are microseconds since 1970; `undated` counts rows without a start.
    """

    table: Table
    source: str
    path: Path
    rows: int
    first: int | None
    last: int | None
    undated: int


@dataclass(frozen=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0


def staged_rows(bench: Workbench, table: Table, source: str, path: Path) -> Staged:
    starts = "NULL, NULL, 0"
    if table.starts is not None:
        start = f'"{table.starts}"'
        starts = f"epoch_us(min({start})), epoch_us(max({start})), count(*) - count({start})"
    rows, first, last, undated = bench.row(f"SELECT count(*), {starts} FROM {scan([path])}")
    return Staged(table, source, path, rows, first, last, undated)


def classify(bench: Workbench, staged: Staged, live: Sequence[Delivery]) -> Counts:
    """Compare staged rows with the live deliveries of their table, oldest first."""
    near = [d for d in live if d.path is not None and _may_meet(staged, d)]
    if not _find_candidates(bench, staged, near):
        return Counts(created=staged.rows)
    updated, unchanged, merged = bench.row(_comparison(bench, staged, near))
    return Counts(staged.rows - updated - unchanged - merged, updated, unchanged, merged)


def _may_meet(staged: Staged, delivery: Delivery) -> bool:
    """Whether both may hold rows of one natural key, judged by their starts."""
    if not shares_start(staged.table):
        return True
    if staged.undated and delivery.undated:
        return True
    if staged.first is None or staged.last is None:
        return False
    if delivery.first_start is None or delivery.last_start is None:
        return False
    return delivery.first_start <= staged.last and delivery.last_start >= staged.first


def _find_candidates(bench: Workbench, staged: Staged, near: Sequence[Delivery]) -> bool:
    """Fill table `candidate` with the key hashes that are met twice or known; are there any?"""
    key_hash = f"hash({quoted(staged.table.key)})"
    bench.run(f"CREATE TEMP TABLE staged_hash AS SELECT {key_hash} AS h FROM {scan([staged.path])}")
    bench.run(
        "CREATE OR REPLACE TEMP TABLE candidate AS"
        " SELECT h FROM staged_hash GROUP BY h HAVING count(*) > 1"
    )
    if near:
        within = "true"
        if shares_start(staged.table):
            within = between(staged.table, staged.first, staged.last, staged.undated > 0)
        bench.run(
            "INSERT INTO candidate SELECT DISTINCT h FROM staged_hash WHERE h IN"
            f" (SELECT {key_hash} FROM {bench.scan(near)} WHERE {within})"
        )
    bench.run("DROP TABLE staged_hash")
    (met,) = bench.row("SELECT count(*) FROM candidate")
    return bool(met)


def _comparison(bench: Workbench, staged: Staged, near: Sequence[Delivery]) -> str:
    """One row: how many staged rows are updated, unchanged, merged.

    A row is compared with the row of its key and source before it: an earlier row of the same
    file, else the row of the last batch.
    """
    table = staged.table
    keys = quoted(table.key)
    columns = f'{keys}, {_packed(table)} AS packed, "source_row"'
    met = f"hash({keys}) IN (SELECT h FROM candidate)"
    rows = (
        f"SELECT {columns}, true AS mine, {_AFTER_ALL} AS sequence FROM {scan([staged.path])}"
        f" WHERE {met}"
    )
    if near:
        batches = ", ".join(f"({literal(d.batch)}, {d.sequence})" for d in near)
        rows += (
            f" UNION ALL SELECT {columns}, source = {literal(staged.source)}, known.sequence"
            f" FROM {bench.scan(near)} JOIN (VALUES {batches}) AS known (batch, sequence)"
            f" USING (batch) WHERE {met}"
        )
    return (
        f"WITH met AS ({rows}), compared AS (SELECT sequence, packed,"
        " lag(packed) OVER version AS packed_before,"
        " coalesce(lag(true) OVER version, false) AS before,"
        f" bool_or(NOT mine) OVER (PARTITION BY {keys}) AS elsewhere FROM met"
        f' WINDOW version AS (PARTITION BY {keys}, mine ORDER BY sequence, "source_row"))'
        " SELECT count(*) FILTER (before AND packed IS DISTINCT FROM packed_before),"
        " count(*) FILTER (before AND packed IS NOT DISTINCT FROM packed_before),"
        " count(*) FILTER (NOT before AND elsewhere)"
        f" FROM compared WHERE sequence = {_AFTER_ALL}"
    )


def _packed(table: Table) -> str:
    """All that a row says beyond its key, as one value."""
    values = [n for n in table.schema.names if n not in table.key and n not in _LINEAGE]
    if not values:
        return "0"
    fields = ", ".join(f'"{name}" := "{name}"' for name in values)
    return f"struct_pack({fields})"


def unresolved(
    bench: Workbench, staged: Sequence[Staged], registers: Mapping[str, Sequence[Path]]
) -> tuple[int, int]:
    """How many distinct subjects and places of the staged rows no file has described.

    Who stands in several tables counts once. `registers`: the files that describe subjects and
    places, those of this delivery included.
    """
    subjects, places = [], []
    for item in staged:
        for column in item.table.lake_columns:
            if column.subject_key and item.table.name != "subject":
                subjects.append(_keys(item, column))
            if column.place_key and item.table.name != "place":
                places.append(_keys(item, column))
    return (
        _undescribed(bench, subjects, "subject", registers["subject"]),
        _undescribed(bench, places, "place", registers["place"]),
    )


def _keys(staged: Staged, column: Column) -> str:
    rows, name = scan([staged.path]), f'"{column.name}"'
    return f"SELECT DISTINCT {name} AS key FROM {rows} WHERE {name} IS NOT NULL"


def _undescribed(
    bench: Workbench, keys: Sequence[str], register: str, described: Sequence[Path]
) -> int:
    if not keys:
        return 0
    (key,) = TABLES[register].key
    known = "0"
    if described:
        # Few are named and many described: a join holds the few, NOT IN all that are described.
        known = (
            f'(SELECT count(DISTINCT "{key}") FROM {scan(described)} AS described'
            f' SEMI JOIN named ON described."{key}" = named.key)'
        )
    named = " UNION ".join(keys)
    (count,) = bench.row(
        f"WITH named AS MATERIALIZED ({named}) SELECT (SELECT count(*) FROM named) - {known}"
    )
    return int(count)
