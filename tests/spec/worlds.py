"""Makes what a case gives into a snapshot: Parquet files, or a home where history counts."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence import identity, lake
from ringfence.engines.snapshot import Batch, Snapshot, TableFiles
from ringfence.lake.withdrawal import reinstate, withdraw
from ringfence.records import TABLES
from ringfence.sources import import_file, read_text

from .chapters import Act, Case, Given
from .local_times import in_full, read_moment

FILLED = {
    ("case", "disease"): "covid-19",
    ("case", "classification"): "confirmed",
    ("event", "kind"): "payment",
    ("test", "result"): "positive",
    ("vaccination", "disease"): "covid-19",
    ("fix", "basis"): "Letter 17 of 2022",
}
"""What a table of a chapter may leave out; every other column that it leaves out is empty."""

_REASON = "as the chapter says"
_OF_PERSONS = {"merge": identity.merge, "split": identity.split}
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_END_OF_TIME = datetime(2023, 6, 1, tzinfo=UTC)


def delivered_text(given: Given, zone: str) -> str:
    """The table as a CSV file that any channel could deliver."""
    columns = [
        column.name
        for column in TABLES[given.table].columns
        if column.required or column.name in given.rows.columns
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in given.rows.rows:
        full = {name: in_full(cell, zone) for name, cell in row.items()}
        writer.writerow({n: full.get(n, FILLED.get((given.table, n), "")) for n in columns})
    return text.getvalue()


def written_snapshot(case: Case, folder: Path, as_of: datetime) -> Snapshot:
    """All that is given, known at `as_of`, as the fresh files of a lake."""
    batches: dict[str, Batch] = {}
    paths: dict[str, list[Path]] = {}
    sources: dict[str, list[str]] = {}
    for sequence, given in enumerate(case.given, 1):
        source = given.source or given.table
        batch = hashlib.sha256(f"{sequence} {given.table} {source}".encode()).hexdigest()
        rows, rejects = read_text(
            given.table, delivered_text(given, case.home.zone), case.home.zone, as_of
        )
        assert not rejects, f"line {given.line}, {given.table}: {rejects}"
        count = rows.num_rows
        rows = rows.append_column("source", pa.array([source] * count, pa.string()))
        rows = rows.append_column("batch", pa.array([batch] * count, pa.string()))
        path = folder / f"{sequence}-{given.table}.parquet"
        pq.write_table(rows.select(TABLES[given.table].schema.names), path)
        batches[batch] = Batch(batch, sequence, given.table, source, path.name, as_of)
        paths.setdefault(given.table, []).append(path)
        sources.setdefault(given.table, []).append(source)
    tables = {
        name: TableFiles(
            name, fresh=tuple(found), replacing=len(set(sources[name])) < len(sources[name])
        )
        for name, found in paths.items()
    }
    return Snapshot(
        sequence=len(batches),
        as_of=as_of,
        zone=case.home.zone,
        jurisdiction=case.home.jurisdiction,
        synthetic=True,
        tables=tables,
        batches=batches,
    )


def lived_home(case: Case, folder: Path) -> lake.Home:
    """A home in which the deliveries came, and were withdrawn, each at its time."""
    zone = case.home.zone
    home = lake.create_home(
        folder / "home",
        synthetic=True,
        jurisdiction=case.home.jurisdiction,
        zone=zone,
        now=_LONG_AGO,
    )
    batches: dict[str, str] = {}
    for number, step in enumerate(_in_time(case.steps, zone)):
        if isinstance(step, Given):
            path = folder / f"{number}-{step.table}.csv"
            path.write_text(delivered_text(step, zone), encoding="utf-8")
            receipt = import_file(
                home, path, table=step.table, source=step.source, now=_time(step, zone)
            )
            assert not receipt.quarantined, f"line {step.line}, {step.table}: a row was refused"
            batches[step.name or f"{number}"] = receipt.batch
        elif step.word in _OF_PERSONS:
            _OF_PERSONS[step.word](
                home, step.about, reason=_REASON, by="the manual", now=_time(step, zone)
            )
        else:
            change = withdraw if step.word == "withdraw" else reinstate
            change(home, batches[step.about[0]], reason=_REASON, now=_time(step, zone))
    return home


def home_snapshot(home: lake.Home, as_of: datetime) -> Snapshot:
    return identity.snapshot(home, now=_END_OF_TIME, as_of=as_of)


def _in_time(steps: Sequence[Given | Act], zone: str) -> list[Given | Act]:
    return sorted(steps, key=lambda step: _time(step, zone))


def _time(step: Given | Act, zone: str) -> datetime:
    text = step.at if isinstance(step, Act) else step.received
    moment = read_moment(text or "", zone)
    assert moment is not None, f"line {step.line}: the time of receipt is missing or not a time"
    return moment
