"""The page of benchmarks: newest results, and honest marks."""

from __future__ import annotations

from pathlib import Path

from bench.page import rendered
from bench.results import newest, record
from tests.unit.bench.results_by_hand import result


def test_aims_that_are_reached_and_not() -> None:
    page = rendered(
        {
            "1M": result("1M", rate=600_000, p95=50),
            "10M": result("10M", rate=400_000, p95=140, peak=3 * 10**9),
        }
    )
    aims = [line for line in page.splitlines() if line.startswith("| ") and "at " in line]
    assert any("600,000 rows/s | yes" in line for line in aims)
    assert any("400,000 rows/s | **no**" in line for line in aims)
    assert any("140.0 ms | yes" in line for line in aims)
    assert any("2.80 times | **no**" in line for line in aims)
    assert any("3.00 GB" in line and "**no**" in line for line in aims)


def test_one_file_is_judged_by_speed_memory_and_growth() -> None:
    results = {
        "1M": result("1M", rate=600_000, p95=50, peak=1_600_000_000),
        "10M": result("10M", rate=400_000, p95=140),
    }
    aims = [line for line in rendered(results).splitlines() if "canonical stays as one CSV" in line]
    assert [line.split(" | ", 1)[1] for line in aims] == [
        "600,000 rows/s | yes |",
        "1.60 GB | **no** |",
        "400,000 rows/s | **no** |",
        "1.00 GB | yes |",
        "1.50 times | **no** |",
    ]


def test_what_was_not_measured_is_said() -> None:
    page = rendered({"1M": result("1M", rate=600_000, p95=50)})
    assert page.count("not measured") == 2


def test_a_slow_vault_is_said_and_none_is_left_out() -> None:
    told = result("1M", rate=600_000, p95=50)
    assert "## Vault" not in rendered({"1M": told})
    told["vault"] = {
        "subjects": 1_000_000,
        "seconds": 61.0,
        "subjects_per_second": 16_393.0,
        "find_by_id_ms": {"p50": 0.4, "p95": 1.25, "max": 9.0},
        "statements_ms": {"p50": 0.4, "p95": 0.9, "max": 9.0},
        "groups_seconds": 2.0,
        "bytes": 10**8,
        "peak_memory_bytes": 10**9,
    }
    page = rendered({"1M": told})
    assert "at most 60 s | 61.0 s | **no** |" in page
    assert "at most 5 ms | 1.25 ms | yes |" in page


def test_different_people_are_said_loudly() -> None:
    told = result("1M", rate=600_000, p95=50)
    told["compared"]["peers"]["self_join"]["differing"] = ["c001"]
    assert "**DIFFERENT PEOPLE: DuckDB, plain self-join in 1 cases" in rendered({"1M": told})


def test_a_peer_that_was_not_asked_says_why() -> None:
    page = rendered({"1M": result("1M", rate=600_000, p95=50)})
    assert "skipped: no PostgreSQL server" in page
    assert "the same people in every case" in page


def test_newest_result_of_a_size_counts(tmp_path: Path) -> None:
    old = result("1M", rate=1, p95=50)
    new = {**result("1M", rate=2, p95=50), "date": "2026-02-01T00:00:00+00:00", "commit": "def"}
    larger = result("10M", rate=3, p95=50)
    for told in (new, old, larger):
        record(told, tmp_path)
    found = newest(tmp_path)
    assert list(found) == ["1M", "10M"]
    assert found["1M"]["commit"] == "def"


def test_nothing_measured_yet(tmp_path: Path) -> None:
    assert "Nothing has been measured yet." in rendered(newest(tmp_path))
