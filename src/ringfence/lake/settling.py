"""What staged rows come to, judged against all that is live, while nobody else writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ringfence.lake import catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.classification import Counts, Staged, classify, staged_rows, unresolved
from ringfence.lake.durable import move_durably, sha256, sync_file
from ringfence.lake.home import Home
from ringfence.lake.integrity import naming_damage
from ringfence.lake.receipt import Receipt
from ringfence.lake.rows import RowFile, copy_without
from ringfence.lake.tombstones import Burial, burials, buried_rows
from ringfence.lake.workbench import Workbench, paths_of, workbench
from ringfence.records import Table

_REGISTERS = ("subject", "place")


@dataclass(frozen=True)
class Origin:
    """Where the rows of a delivery come from and where they belong."""

    table: Table
    source: str
    batch: str
    file_name: str


@dataclass(frozen=True)
class Settled:
    """What became of the rows of one table; `staged` is None where there are none to store."""

    origin: Origin
    staged: Staged | None
    counts: Counts
    nowhere: tuple[int, int]
    purged: int


@dataclass(frozen=True)
class Outcome:
    """The last sequence, what each table comes to, and what all together name and nobody described:
    who stands in several tables counts once.
    """

    last: int
    tables: list[Settled]
    nowhere: tuple[int, int]


@dataclass(frozen=True)
class _Known:
    """What is live at `sequence`, for the tables of a delivery and the registers.

    `registers`: the files that describe subjects and places, those of the delivery included.
    """

    sequence: int
    live: dict[str, list[Delivery]]
    graves: dict[str, list[Burial]]
    registers: dict[str, list[Path]]


def settle(home: Home, folder: Path, given: Sequence[tuple[Origin, RowFile]]) -> Outcome:
    """What the rows of all tables come to, each and together. Writer only."""
    known = _known(home, given)
    with ExitStack() as opened:
        bench: Workbench | None = None
        if any(rows.count for _, rows in given):
            stored = [delivery for live in known.live.values() for delivery in live]
            opened.enter_context(naming_damage(home, stored))
            bench = opened.enter_context(workbench(home, folder))
        settled = [_settled(bench, folder, origin, rows, known) for origin, rows in given]
        return Outcome(known.sequence, settled, _nowhere(bench, settled, known))


def _known(home: Home, given: Sequence[tuple[Origin, RowFile]]) -> _Known:
    with catalog.reading(home.catalog) as connection:
        last = catalog.last_sequence(connection)
        tables = [origin.table.name for origin, _ in given]
        live = {
            name: catalog.live(connection, last, name)
            for name in dict.fromkeys([*tables, *_REGISTERS])
        }
        graves = {name: burials(connection, name) for name in tables}
    registers = {
        name: [
            *paths_of(home, live[name]),
            *(rows.path for origin, rows in given if origin.table.name == name and rows.count),
        ]
        for name in _REGISTERS
    }
    return _Known(last, live, graves, registers)


def _settled(
    bench: Workbench | None, folder: Path, origin: Origin, rows: RowFile, known: _Known
) -> Settled:
    if bench is None or not rows.count:
        return Settled(origin, None, Counts(), (0, 0), 0)
    name = origin.table.name
    path, purged = _without_buried(bench, folder, origin.table, rows, known.graves[name])
    staged = staged_rows(bench, origin.table, origin.source, path)
    counts = classify(bench, staged, known.live[name])
    return Settled(origin, staged, counts, unresolved(bench, [staged], known.registers), purged)


def _nowhere(bench: Workbench | None, settled: list[Settled], known: _Known) -> tuple[int, int]:
    naming = [item for item in settled if any(item.nowhere)]
    if bench is None or len(naming) < 2:
        return naming[0].nowhere if naming else (0, 0)
    return unresolved(bench, [item.staged for item in naming if item.staged], known.registers)


def _without_buried(
    bench: Workbench, folder: Path, table: Table, rows: RowFile, graves: list[Burial]
) -> tuple[Path, int]:
    if not graves:
        return rows.path, 0
    buried = buried_rows(bench, table, rows.path, graves)
    if not len(buried):
        return rows.path, 0
    kept = folder / f"{table.name}-kept.parquet"
    copy_without(rows.path, kept, table, buried)
    return kept, len(buried)


def stored(home: Home, settled: Settled, receipt: Receipt, rejects: Path | None = None) -> Delivery:
    """Put the files in their place; the catalog's transaction makes them count."""
    origin, staged = settled.origin, settled.staged
    rows = staged.rows if staged else 0
    folder = home.deliveries / origin.table.name
    path = None
    if staged and rows:
        path = place_file(staged.path, folder / f"{origin.batch}.parquet")
    if rejects is not None:
        rejects = place_file(rejects, folder / f"{origin.batch}.rejects.parquet")
    return Delivery(
        sequence=receipt.sequence,
        batch=receipt.batch,
        table_name=receipt.table,
        source=receipt.source,
        file_name=receipt.file,
        received_at=catalog.micros(receipt.received_at),
        path=relative(home, path) if path else None,
        rows=rows,
        bytes=path.stat().st_size if path else 0,
        sha256=sha256(path) if path else None,
        first_start=staged.first if staged else None,
        last_start=staged.last if staged else None,
        undated=staged.undated if staged else 0,
        replaces=receipt.updated + receipt.unchanged > 0,
        rejects_path=relative(home, rejects) if rejects else None,
        rejects_sha256=sha256(rejects) if rejects else None,
        receipt=json.dumps(receipt.as_json(), ensure_ascii=False),
    )


def place_file(staged: Path, target: Path) -> Path:
    sync_file(staged)
    move_durably(staged, target)
    return target


def relative(home: Home, path: Path) -> str:
    return path.relative_to(home.root).as_posix()
