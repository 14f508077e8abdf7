"""Steps that fill a home with what a city delivered, and compact it."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.deliveries import deliveries, new_home, take
from ringfence.lake import compact, open_home


def import_step(home: str, city: str) -> dict[str, Any]:
    """Every file in the order of its receipt; each is durable when the next one begins."""
    given = deliveries(Path(city))
    made = new_home(Path(home), given)
    rows: defaultdict[str, int] = defaultdict(int)
    seconds: defaultdict[str, float] = defaultdict(float)
    taken = 0
    for delivery in given:
        begun = time.perf_counter()
        taken += delivery.rows - take(made, delivery).quarantined
        rows[delivery.table] += delivery.rows
        seconds[delivery.table] += time.perf_counter() - begun
    all_rows, all_seconds = sum(rows.values()), sum(seconds.values())
    return {
        "files": len(given),
        "rows": all_rows,
        "quarantined": all_rows - taken,
        "seconds": all_seconds,
        "rows_per_second": all_rows / all_seconds,
        "presence": {
            "rows": rows["presence"],
            "seconds": seconds["presence"],
            "rows_per_second": rows["presence"] / seconds["presence"],
        },
    }


def compaction_step(home: str) -> dict[str, Any]:
    """All tables into sorted files; rows of every table count."""
    opened = open_home(Path(home))
    begun = time.perf_counter()
    report = compact(opened)
    seconds = time.perf_counter() - begun
    rows = sum(table.rows for table in report.tables)
    return {
        "rows": rows,
        "seconds": seconds,
        "rows_per_second": rows / seconds,
        "files": sum(table.files_written for table in report.tables),
    }
