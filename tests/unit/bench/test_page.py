"""The page of benchmarks: newest results, and honest marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.page import rendered
from bench.results import newest, record


def _times(p95: float) -> dict[str, float]:
    return {"p50": p95 / 2, "p95": p95, "max": p95 * 2}


def _result(size: str, *, rate: float, p95: float, peak: int = 10**9) -> dict[str, Any]:
    step = {
        "rows": 1_000_000,
        "seconds": 1.0,
        "rows_per_second": rate,
        "peak_memory_bytes": peak,
    }
    ring = {"ms": _times(p95), "total_seconds": 1.0, "peak_memory_bytes": peak}
    people = ("contacts_1", "contacts_2", "evidence_rows", "venues", "in_review")
    found = {name: _times(10) for name in people}
    trace = {
        "protocol": "covid-cn-9",
        "cases": 200,
        "first_ms": 900.0,
        "ring_1_ms": _times(p95),
        "ring_1_cpu_ms": _times(p95),
        "rings_1_and_2_ms": _times(p95),
        "rings_1_and_2_cpu_ms": _times(p95),
        "found": found,
        "peak_memory_bytes": peak,
    }
    return {
        "format": 1,
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
        "population": {"rows": {"presence": 1_000_000}, "presence_bytes": 10**7},
        "import": step,
        "compaction": step,
        "disk": {"deliveries_bytes": 10**7, "derived_bytes": 10**7, "catalog_bytes": 10**4},
        "traces": [trace],
        "self_join": {
            "cases": 20,
            "program": ring,
            "plain": {**ring, "found": found},
            "ratio_p50": 2.0,
            "ratio_total": 2.0,
            "differing": [],
        },
    }


def test_aims_that_are_reached_and_not() -> None:
    page = rendered(
        {
            "1M": _result("1M", rate=600_000, p95=50),
            "10M": _result("10M", rate=400_000, p95=140, peak=3 * 10**9),
        }
    )
    aims = [line for line in page.splitlines() if line.startswith("| ") and "at " in line]
    assert any("600,000 rows/s | yes" in line for line in aims)
    assert any("400,000 rows/s | **no**" in line for line in aims)
    assert any("140.0 ms | yes" in line for line in aims)
    assert any("2.80 times | **no**" in line for line in aims)
    assert any("3.00 GB" in line and "**no**" in line for line in aims)


def test_what_was_not_measured_is_said() -> None:
    page = rendered({"1M": _result("1M", rate=600_000, p95=50)})
    assert page.count("not measured") == 2


def test_different_people_are_said_loudly() -> None:
    result = _result("1M", rate=600_000, p95=50)
    result["self_join"]["differing"] = ["c001"]
    assert "**DIFFERENT PEOPLE in 1 cases" in rendered({"1M": result})


def test_newest_result_of_a_size_counts(tmp_path: Path) -> None:
    old = _result("1M", rate=1, p95=50)
    new = {**_result("1M", rate=2, p95=50), "date": "2026-02-01T00:00:00+00:00", "commit": "def"}
    larger = _result("10M", rate=3, p95=50)
    for result in (new, old, larger):
        record(result, tmp_path)
    found = newest(tmp_path)
    assert list(found) == ["1M", "10M"]
    assert found["1M"]["commit"] == "def"


def test_nothing_measured_yet(tmp_path: Path) -> None:
    assert "Nothing has been measured yet." in rendered(newest(tmp_path))
