"""Three ways to keep the lake's tables, measured alike: `python -m bench.table_formats [ROWS]`.

own: Parquet with the SQLite catalog of ringfence.lake; ducklake: DuckLake with an SQLite catalog;
delta: deltalake. Each takes the same presence rows in ten deliveries, then fifty deliveries of one
row. Fsyncs are counted by strace over a run of their own. Figures go to standard output as JSON.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from bench.machine import ROOT, commit, load, machine, versions
from ringfence import lake
from ringfence.records import TABLES

DELIVERIES = 10
SMALL_DELIVERIES = 50
READS = 40
NOW = datetime(2022, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Format:
    """How to make a lake in a folder, append rows, open what is known, and read one subject."""

    make: Callable[[Path], Any]
    append: Callable[[Any, pa.Table, int], None]
    settle: Callable[[Any], None]
    open: Callable[[Any], Any]
    read: Callable[[Any, str], int]


def rows_of(first: int, count: int) -> pa.Table:
    """Presence rows over 14 days; a tenth as many subjects, a hundredth as many places."""
    numbers = pa.array(range(first, first + count), pa.int64())
    mixed = pc.bit_wise_and(pc.multiply(numbers, 2_654_435_761), (1 << 31) - 1)
    day = timedelta(days=14) // timedelta(seconds=1)
    seconds = pc.subtract(mixed, pc.multiply(pc.divide(mixed, day), day))
    begin = int((NOW - timedelta(days=20)).timestamp())
    start = pc.multiply(pc.add(seconds, begin), 1_000_000)
    columns: dict[str, pa.Array] = {
        "subject": pc.binary_join_element_wise("s", pc.divide(mixed, 20_000).cast("string"), ""),
        "place": pc.binary_join_element_wise("p", pc.divide(mixed, 200_000).cast("string"), ""),
        "start": start.cast(pa.timestamp("us", "UTC")),
        "end": pc.add(start, 3_600_000_000).cast(pa.timestamp("us", "UTC")),
        "source_row": numbers,
    }
    schema = pa.schema([f for f in TABLES["presence"].schema if f.name not in ("source", "batch")])
    return pa.Table.from_arrays(
        [columns.get(f.name, pa.nulls(count, f.type)).cast(f.type) for f in schema], schema=schema
    )


def _own() -> Format:
    def make(folder: Path) -> lake.Home:
        return lake.create_home(
            folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
        )

    def append(home: lake.Home, rows: pa.Table, number: int) -> None:
        batch = sha256(str(number).encode()).hexdigest()
        with lake.stage(
            home, table="presence", source="bench", batch=batch, file_name=str(number)
        ) as staging:
            staging.write(rows)
            staging.commit(NOW, rows.num_rows)

    def read(snapshot: Any, subject: str) -> int:
        files = snapshot.files("presence")
        paths = [str(f.path) for f in files.first] + [str(path) for path in files.fresh]
        return _count(f"read_parquet({paths!r})", subject)

    return Format(make, append, lambda h: _nothing(lake.compact(h)), _snapshot, read)


def _snapshot(home: lake.Home) -> Any:
    return lake.snapshot(home, NOW)


def _ducklake() -> Format:
    def attached(folder: Path) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        for name in ("sqlite_scanner", "ducklake"):
            package = find_spec(f"duckdb_extension_{name}")
            if package is None or package.origin is None:
                raise SystemExit(f"duckdb-extension-{name.replace('_', '-')} is not installed")
            (file,) = Path(package.origin).parent.rglob(f"{name}.duckdb_extension")
            connection.execute(f"LOAD '{file}'")
        connection.execute(
            f"ATTACH 'ducklake:sqlite:{folder}/catalog.sqlite' AS kept (DATA_PATH '{folder}/data/')"
        )
        return connection

    def make(folder: Path) -> tuple[duckdb.DuckDBPyConnection, Path]:
        connection = attached(folder)
        rows = rows_of(0, 1)
        connection.register("given", rows)
        connection.execute("CREATE TABLE kept.presence AS SELECT * FROM given LIMIT 0")
        return connection, folder

    def append(made: tuple[duckdb.DuckDBPyConnection, Path], rows: pa.Table, _: int) -> None:
        made[0].register("given", rows)
        made[0].execute("INSERT INTO kept.presence SELECT * FROM given")

    def settle(made: tuple[duckdb.DuckDBPyConnection, Path]) -> None:
        made[0].execute("CALL ducklake_merge_adjacent_files('kept')")

    def read(connection: duckdb.DuckDBPyConnection, subject: str) -> int:
        return _count("kept.presence", subject, connection)

    return Format(make, append, settle, lambda made: attached(made[1]), read)


def _delta() -> Format:
    from deltalake import DeltaTable, write_deltalake

    def append(folder: Path, rows: pa.Table, _: int) -> None:
        write_deltalake(folder, rows, mode="append")

    def settle(folder: Path) -> None:
        DeltaTable(folder).optimize.z_order(["subject"])

    def read(table: DeltaTable, subject: str) -> int:
        return _count(f"read_parquet({table.file_uris()!r})", subject)

    return Format(lambda folder: folder / "table", append, settle, DeltaTable, read)


FORMATS = {"own": _own, "ducklake": _ducklake, "delta": _delta}


def _count(relation: str, subject: str, connection: duckdb.DuckDBPyConnection | None = None) -> int:
    row = (connection or duckdb).execute(
        f"SELECT count(*), max(source_row) FROM {relation} WHERE subject = ?", [subject]
    )
    found = row.fetchone()
    assert found is not None
    return int(found[0])


def _nothing(_: object) -> None:
    return None


def measure(name: str, folder: Path, rows: int) -> dict[str, float]:
    form = FORMATS[name]()
    made = form.make(folder)
    deliveries = [rows_of(n * rows // DELIVERIES, rows // DELIVERIES) for n in range(DELIVERIES)]
    began = time.perf_counter()
    for number, delivery in enumerate(deliveries):
        form.append(made, delivery, number)
    written = time.perf_counter() - began
    small = [
        _seconds(partial(form.append, made, rows_of(rows + n, 1), 1000 + n))
        for n in range(SMALL_DELIVERIES)
    ]
    settling = _seconds(partial(form.settle, made))
    opening = [_seconds(partial(form.open, made)) for _ in range(READS)]
    known = form.open(made)
    subjects = sorted(set(deliveries[0]["subject"].to_pylist()[:READS]))
    reading = [_seconds(partial(form.read, known, subject)) for subject in subjects]
    return {
        "write_rows_per_second": round(rows / written),
        "one_row_ms_p50": _milliseconds(small),
        "settle_s": round(settling, 2),
        "open_ms_p50": _milliseconds(opening),
        "read_one_subject_ms_p50": _milliseconds(reading),
    }


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _milliseconds(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 2)


def deliver_thrice(name: str, folder: Path) -> None:
    form = FORMATS[name]()
    made = form.make(folder)
    for number in range(3):
        form.append(made, rows_of(number * 1000, 1000), number)


def count_fsyncs(name: str) -> int | None:
    """Fsyncs per delivery; None where strace may not trace."""
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "bench.table_formats", "deliver", name, folder]
        calls = "trace=fsync,fdatasync,sync_file_range"
        done = subprocess.run(
            ["strace", "-f", "-qq", "-e", calls, "-o", str(log), *command], cwd=ROOT, check=False
        )
        if done.returncode:
            return None
        return sum("sync" in line for line in log.read_text(encoding="utf-8").splitlines())


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["deliver"]:
        made = Path(arguments[2]) / "lake"
        made.mkdir()
        deliver_thrice(arguments[1], made)
        return
    rows = int(arguments[0]) if arguments else 1_000_000
    found = {}
    for name in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "lake"
            made.mkdir()
            found[name] = {**measure(name, made, rows), "fsyncs_of_3": count_fsyncs(name)}
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows,
        "machine": machine(),
        "versions": versions(),
        "load": load(),
        **commit(),
        "formats": found,
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
