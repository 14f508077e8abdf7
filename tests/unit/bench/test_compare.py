"""The newest result beside the one before: ratios, regressions, and why they may differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.compare import changes, differences, main
from bench.results import record
from tests.unit.bench.results_by_hand import result


def _ratio(name: str, before: float, now: float) -> float:
    one, two = result("1M", p95=before, rate=before), result("1M", p95=now, rate=now)
    return next(change.ratio for change in changes(one, two) if change.figure.name == name)


def test_less_time_is_better_and_fewer_rows_are_worse() -> None:
    assert _ratio("covid-cn-9: rings 1+2, p95", 200, 100) == 2
    assert _ratio("import", 200, 100) == 0.5


def test_a_regression_is_marked_and_noise_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(result("1M", p95=100, rate=100), tmp_path)
    record({**result("1M", p95=150, rate=95), "date": "2026-02-01", "commit": "def"}, tmp_path)
    assert main(["--results", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert any("rings 1+2, p95" in line and line.endswith("REGRESSION") for line in told)
    assert not any("import " in line and "REGRESSION" in line for line in told)
    assert main(["--results", str(tmp_path), "--strict"]) == 1


def test_figures_of_other_cases_are_shown_and_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """More cases, or a peer that was too slow for all: the median is of something else."""
    few = {**result("1M", p95=150, rate=100), "date": "2026-02-01", "commit": "def"}
    few["traces"][0]["cases"] = 20
    few["compared"]["peers"]["self_join"]["cases"] = 3
    record(result("1M", p95=100, rate=100), tmp_path)
    record(few, tmp_path)
    assert main(["--results", str(tmp_path)]) == 0
    told = {line[:48].strip(): line for line in capsys.readouterr().out.splitlines()}
    both = told["covid-cn-9: rings 1+2, p95"]
    assert both.endswith("not compared: 200 and 20 cases")
    assert "100.0" in both
    assert "150.0" in both
    assert told["no crowd limit: self_join, p50"].endswith("not compared: 20 and 3 cases")
    assert told["no crowd limit: program, p50"].endswith("REGRESSION")
    assert "1 case" not in told["covid-cn-9: at the hub, p50"]
    assert told["import"].endswith("1.00")


def test_first_result_has_nothing_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--results", str(tmp_path)]) == 0
    record(result("1M", p95=100, rate=100), tmp_path)
    assert main(["--results", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "Nothing has been measured yet." in told
    assert "nothing before it" in told


def test_results_of_an_earlier_format_are_kept_and_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record({**result("1M", p95=1, rate=1), "format": 1, "commit": "old"}, tmp_path)
    record(result("1M", p95=100, rate=100), tmp_path)
    assert main(["--results", str(tmp_path)]) == 0
    assert "nothing before it" in capsys.readouterr().out


def test_another_machine_or_city_is_said() -> None:
    one, two = result("1M", p95=1, rate=1), result("1M", p95=1, rate=1)
    two["machine"]["cores"] = 64
    two["city"]["people"] = 7
    assert differences(one, two) == ["another cores", "people 50,000 and 7"]
