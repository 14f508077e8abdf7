"""The step that imports one canonical CSV file of stays."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import duckdb

from bench.deliveries import deliveries, next_morning, presences
from bench.homes import empty_home
from ringfence.sources import import_file

_FORM = "%Y-%m-%dT%H:%M:%S+08:00"


def csv_step(home: str, city: str, rows: int) -> dict[str, Any]:
    """At most so many of the city's stays as one file, durable at the end."""
    given = deliveries(Path(city))
    made = empty_home(Path(home))
    file = Path(home) / "presence.csv"
    stored = _written(file, [str(one.path) for one in presences(given)], rows)
    now = next_morning(given)
    begun = time.perf_counter()
    receipt = import_file(made, file, table="presence", source="venue-scans", now=now)
    seconds = time.perf_counter() - begun
    if receipt.quarantined:
        raise ValueError(f"{receipt.quarantined} rows were refused")
    return {
        "rows": stored,
        "seconds": seconds,
        "rows_per_second": stored / seconds,
        "bytes": file.stat().st_size,
    }


def _written(file: Path, presence: list[str], rows: int) -> int:
    """Times as text with an offset, as the manual asks for; the number of rows."""
    with duckdb.connect() as db:
        db.execute("SET memory_limit = '1GB'")
        db.execute("SET TimeZone = 'Asia/Shanghai'")
        given = f"read_parquet({presence}, union_by_name = true)"
        told = db.execute(f"DESCRIBE FROM {given}").fetchall()
        times = [name for name, kind, *_ in told if kind.startswith("TIMESTAMP")]
        texts = ", ".join(f'strftime("{name}", \'{_FORM}\') AS "{name}"' for name in times)
        columns = f"* REPLACE ({texts})" if texts else "*"
        (count,) = db.execute(
            f"COPY (SELECT {columns} FROM {given} LIMIT {rows}) TO '{file}' (HEADER)"
        ).fetchone() or (0,)
    return int(count)
