"""Compaction: fresh deliveries become sorted files, and readers never notice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ringfence.lake import catalog
from ringfence.lake.catalog import DerivedFile
from ringfence.lake.durable import discard, move_durably, sha256, storage_faults, sync_file
from ringfence.lake.generation import BuiltFile, Generation, Plan, build, touched_days
from ringfence.lake.home import Home
from ringfence.lake.integrity import refuse_damaged
from ringfence.lake.layout import copies, usable
from ringfence.lake.leases import compactor, sweep, workplace, writer
from ringfence.lake.snapshot import changed_since
from ringfence.records import TABLES, Table


@dataclass(frozen=True)
class TableCompaction:
    """How many rows a table has now, and how many of its files were written or carried over."""

    table: str
    rows: int
    files_written: int
    files_carried: int


@dataclass(frozen=True)
class CompactionReport:
    """All deliveries up to `sequence` are in sorted files now."""

    sequence: int
    tables: tuple[TableCompaction, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def compact(home: Home, tables: Iterable[str] | None = None) -> CompactionReport:
    """Bring the sorted files of all tables (or some) up to date. Imports go on meanwhile."""
    with storage_faults(), compactor(home), workplace(home) as folder:
        with catalog.reading(home.catalog) as connection:
            sequence = catalog.last_sequence(connection)
            plans = [
                plan_generation(home, connection, name, sequence)
                for name in (TABLES if tables is None else tables)
            ]
        made = [build_generation(home, folder, plan) for plan in plans if plan.live or plan.kept]
        with writer(home):
            placed = [place_files(home, generation) for generation in made]
            with catalog.writing(home.catalog) as connection:
                for generation, files in zip(made, placed, strict=True):
                    catalog.replace_generation(connection, generation.table.name, sequence, files)
            sweep(home)
    reports = (_reported(g, files) for g, files in zip(made, placed, strict=True))
    return CompactionReport(sequence, tuple(reports))


def plan_generation(
    home: Home,
    connection: sqlite3.Connection,
    name: str,
    sequence: int,
) -> Plan:
    """What must be rewritten for a table's generation to say what is known at `sequence`."""
    delivered = catalog.deliveries(connection, sequence, name)
    gone = catalog.withdrawn(connection, sequence)
    live = tuple(d for d in delivered if d.batch not in gone)
    base = catalog.generations(connection).get(name)
    kept = tuple(catalog.derived_files(connection, name))
    if base is None or not usable(home.root, name, kept):
        return Plan(TABLES[name], live, (), live, only_added=False)
    changed = tuple(changed_since(connection, delivered, base, gone))
    fresh = tuple(d for d in live if d.sequence > base)
    return Plan(TABLES[name], live, kept, changed + fresh, only_added=not changed)


def build_generation(
    home: Home, folder: Path, plan: Plan, also: Iterable[int | None] = ()
) -> Generation:
    """Build what a plan asks for; `also` names further start days to rewrite."""
    refuse_damaged(home, plan.touched)
    days = dict.fromkeys(also, 0) | touched_days(home, folder, plan)
    read = [f for f in plan.kept if f.copy == 0 and (f.day is None or f.day in days)]
    if days and not _unharmed(home, read):
        plan = Plan(plan.table, plan.live, (), plan.live, only_added=False)
        days = touched_days(home, folder, plan)
    if days:
        refuse_damaged(home, (d for d in plan.sources if d not in plan.touched))
    return build(home, folder, plan, days)


def _unharmed(home: Home, files: Iterable[DerivedFile]) -> bool:
    return all(sha256(home.root / file.path) == file.sha256 for file in files)


def place_files(home: Home, generation: Generation) -> list[DerivedFile]:
    """Move new files into the home. Same content, same name: then there is nothing to move."""
    placed = list(generation.carried)
    for built in generation.built:
        file = _named(home, generation.table, built)
        if (home.root / file.path).is_file():
            discard(built.path)
        else:
            move_durably(built.path, home.root / file.path)
        placed.append(file)
    return placed


def _named(home: Home, table: Table, built: BuiltFile) -> DerivedFile:
    """A new file, synced, under the name that its content gives it."""
    sync_file(built.path)
    digest = sha256(built.path)
    day = "undated" if built.day is None else catalog.utc_day(built.day).isoformat()
    copy = copies(table)[built.copy]
    folder = f"{home.derived.name}/{table.name}/{copy.name}"
    return DerivedFile(
        path=f"{folder}/{day}.{digest[:16]}.{copy.suffix}",
        table_name=table.name,
        copy=built.copy,
        day=built.day,
        rows=built.rows,
        bytes=built.path.stat().st_size,
        sha256=digest,
    )


def _reported(generation: Generation, files: Sequence[DerivedFile]) -> TableCompaction:
    return TableCompaction(
        generation.table.name,
        sum(file.rows for file in files if file.copy == 0),
        len(generation.built),
        len(generation.carried),
    )
