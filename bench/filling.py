"""Steps that fill a home: registers first, then the stays, then compaction."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.city import AS_OF, JURISDICTION, ZONE
from bench.population import REGISTERS
from ringfence.lake import Home, Receipt, compact, create_home, open_home
from ringfence.sources.importing import import_file


def registers_step(home: str, population: str) -> dict[str, Any]:
    """A new home that knows places, subjects, households and cases."""
    made = create_home(Path(home), synthetic=True, jurisdiction=JURISDICTION, zone=ZONE, now=AS_OF)
    begun = time.perf_counter()
    rows = {table: _imported(made, Path(population), table, "parquet") for table in REGISTERS}
    return {"rows": rows, "seconds": time.perf_counter() - begun}


def import_step(home: str, population: str, form: str) -> dict[str, Any]:
    """The stays from one file; on return they are durable."""
    opened = open_home(Path(home))
    begun = time.perf_counter()
    rows = _imported(opened, Path(population), "presence", form)
    seconds = time.perf_counter() - begun
    return {"rows": rows, "seconds": seconds, "rows_per_second": rows / seconds}


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


def _imported(home: Home, population: Path, table: str, form: str) -> int:
    receipt = import_file(home, population / f"{table}.{form}", table=table, now=AS_OF)
    _all_new(receipt)
    return receipt.rows_in


def _all_new(receipt: Receipt) -> None:
    """Only a home that took every row gives figures that mean anything."""
    if receipt.created != receipt.rows_in or receipt.replayed:
        raise ValueError(f"not every row of {receipt.table} was taken as new: {receipt.as_json()}")
