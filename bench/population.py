"""Writes the canonical files of a synthetic population, a day at a time in bounded memory."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from bench import daily_life, outbreak, registers
from bench.city import DAYS, City, macros

ROW_GROUP = 122_880
_MEMORY = "1GB"
_DONE = "population.json"
REGISTERS = ("place", "subject", "link", "case", "case_event", "test")
"""Tables beside `presence`, in the order of their delivery."""


def written_before(folder: Path, city: City) -> dict[str, Any] | None:
    """What was written to the folder, if it is this population, whole."""
    try:
        told: dict[str, Any] = json.loads((folder / _DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if told["city"] == _identity(city) else None


def write(folder: Path, city: City) -> dict[str, Any]:
    """The files `<table>.parquet` and `windows.parquet`; the same city gives the same rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _DONE).unlink(missing_ok=True)
    with _database(folder) as db:
        for statement in (macros(city), daily_life.people(city), outbreak.cases(city)):
            db.execute(statement)
        asked = {
            "place": registers.places(city),
            "subject": registers.subjects(),
            "link": registers.links(),
            "case": outbreak.case_rows(),
            "case_event": outbreak.event_rows(),
            "test": outbreak.test_rows(),
            "windows": outbreak.window_rows(),
        }
        counts = {name: _write(folder, name, [db.execute(sql)]) for name, sql in asked.items()}
        days = (db.execute(daily_life.stays(city, day)) for day in range(DAYS))
        counts["presence"] = _write(folder, "presence", days)
    told = {
        "city": _identity(city),
        "rows": counts,
        "presence_bytes": (folder / "presence.parquet").stat().st_size,
    }
    (folder / _DONE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return told


def write_csv(folder: Path) -> int:
    """`presence.csv` beside `presence.parquet`; its size in bytes."""
    spelled = ", ".join(
        f'strftime("{name}", \'%Y-%m-%dT%H:%M:%SZ\') AS "{name}"' for name in ("start", "end")
    )
    path = folder / "presence.csv"
    with _database(folder) as db:
        db.execute("SET preserve_insertion_order = true")
        db.execute(
            f"COPY (SELECT subject, place, {spelled} FROM"
            f" read_parquet('{folder / 'presence.parquet'}')) TO '{path}' (HEADER)"
        )
    return path.stat().st_size


def write_step(folder: str, rows: int, seed: int) -> dict[str, Any]:
    begun = time.perf_counter()
    told = write(Path(folder), City(rows, seed))
    return {**told, "seconds": time.perf_counter() - begun}


def write_csv_step(folder: str) -> dict[str, Any]:
    return {"bytes": write_csv(Path(folder))}


def _database(folder: Path) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect(":memory:")
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"SET memory_limit = '{_MEMORY}'")
    db.execute("SET temp_directory = ?", [str(folder / "spill")])
    return db


def _write(folder: Path, name: str, results: Any) -> int:
    """One Parquet file from the rows of several results, in row groups."""
    count, writer = 0, None
    try:
        for result in results:
            for batch in result.to_arrow_reader(ROW_GROUP):
                if writer is None:
                    writer = pq.ParquetWriter(
                        folder / f"{name}.parquet", batch.schema, compression="zstd"
                    )
                writer.write_batch(batch)
                count += batch.num_rows
    finally:
        if writer is not None:
            writer.close()
    return count


def _identity(city: City) -> dict[str, Any]:
    return {**asdict(city), "duckdb": duckdb.__version__, "format": 1}
