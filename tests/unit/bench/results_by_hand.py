"""A recorded result with figures that a test chooses."""

from __future__ import annotations

from typing import Any


def times(p95: float) -> dict[str, float]:
    return {"p50": p95 / 2, "p95": p95, "max": p95 * 2}


def result(size: str, *, rate: float, p95: float, peak: int = 10**9) -> dict[str, Any]:
    step = {
        "rows": 1_000_000,
        "seconds": 1.0,
        "rows_per_second": rate,
        "peak_memory_bytes": peak,
    }
    ring = {"ms": times(p95), "total_seconds": 1.0, "peak_memory_bytes": peak}
    people = ("contacts_1", "contacts_2", "evidence_rows", "venues", "in_review")
    found = {name: times(10) for name in people}
    trace = {
        "protocol": "covid-cn-9",
        "cases": 200,
        "first_ms": 900.0,
        "ring_1_ms": times(p95),
        "ring_1_cpu_ms": times(p95),
        "rings_1_and_2_ms": times(p95),
        "rings_1_and_2_cpu_ms": times(p95),
        "found": found,
        "peak_memory_bytes": peak,
    }
    hub = {"protocol": "covid-cn-9", "orders": 2, "place": "mall-1", "stays_a_day": 9_000}
    answered = {**ring, "cases": 20, "load_seconds": 1.5, "bytes": 10**6, "found": found}
    return {
        "format": 2,
        "size": size,
        "date": "2026-01-01T00:00:00+00:00",
        "commit": "abc",
        "dirty": False,
        "seed": 1,
        "machine": {
            "cpu": "a processor",
            "cores": 2,
            "memory_bytes": 2**34,
            "kernel": "6",
            "system": "Linux",
            "load_before": 0.1,
        },
        "versions": {"duckdb": "1.5.5"},
        "city": {
            "people": 50_000,
            "presences": 1_000_000,
            "delivered_rows": 1_500_000,
            "delivered_files": 150,
            "delivered_bytes": 10**7,
            "make_seconds": 12.0,
            "make_peak_memory_bytes": peak,
        },
        "import": {**step, "presence": step, "files": 150},
        "csv": step,
        "mapped": {**step, "persons": 50_000},
        "compaction": step,
        "disk": {"deliveries_bytes": 10**7, "derived_bytes": 10**7, "catalog_bytes": 10**4},
        "traces": [trace],
        "hub": [
            {**hub, "cases": 5, "ms": times(p95), "found": found},
            {**hub, "protocol": "shared-quarter-hour", "orders": 1, "cases": 0},
        ],
        "compared": {
            "cases": 20,
            "program": ring,
            "peers": {
                "self_join": {**answered, "differing": []},
                "postgres": {"skipped": "no PostgreSQL server"},
            },
        },
    }
