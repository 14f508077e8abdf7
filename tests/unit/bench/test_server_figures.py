"""What is told of a measured server: percentiles, limits kept and missed, the page's section."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench import compare
from bench.server.aims import judged
from bench.server.figures import spread
from bench.server.recorded import FORMAT, record
from bench.server.rows.people import People, met, sizes
from bench.server.section import section
from bench.server.signing_in import code_of


def result(p95: float = 100.0, contacts: int = 1_200, lost: int = 0) -> dict[str, Any]:
    tally = {"lost": lost, "doubled": 0, "records_lost": 0, "records_doubled": 0}
    page = {
        "page": "inbox",
        "role": "supervisor",
        "level": "district",
        "account": "supervisor.district",
        "requests": 60,
        "first_ms": 90.0,
        **{"p50": 40.0, "p95": p95, "p99": p95, "max": p95},
    }
    counted = ("cases", "runs", "contacts", "longest_list", "follow_ups", "tasks", "open_tasks")
    return {
        "scale": "full",
        "date": "2026-01-01T00:00:00+00:00",
        "commit": "abc",
        "dirty": False,
        "seconds": 700,
        "machine": {
            "cpu": "a processor",
            "cores": 2,
            "memory_bytes": 2**34,
            "system": "Linux",
            "kernel": "6",
            "load": {"before": 0.3, "pages": 1.2},
        },
        "city": {"counts": {"people": 1_000_000}, "rows": 20_000_000},
        "rows": {**dict.fromkeys((*counted, "states"), 5), "units": {"grid": 3}},
        "pages": [page, {**page, "page": "case"}],
        "chains": [
            {
                "contacts": contacts,
                "entered_seconds": 0.5,
                "traced_seconds": 4.0,
                "list_ready_seconds": 25.0,
                "sent_seconds": 2.0,
            }
        ],
        "reports": [
            {
                "workers": 50,
                "killed": False,
                "reports": 450,
                "sent_twice": 150,
                "in_two_hands": 50,
                "seconds": 9.0,
                "ms": {"p50": 200.0, "p95": 600.0},
                "errors": [],
                "delivered_seconds": 12.0,
                "traced_again_seconds": 40.0,
                "traces_waiting": 30,
                "chain_meanwhile": {"list_ready_seconds": 3.0},
                "tally": tally,
            }
        ],
        "sound": {"lost": 0, "invalid": 0, "ended_with_open_tasks": 0, "failed_jobs": 0},
    }


def verdicts(told: dict[str, Any]) -> dict[str, bool | None]:
    return {aim.partition(":")[0]: reached for aim, _, reached in judged(told)}


def test_percentiles_are_values_that_were_measured() -> None:
    assert spread(list(range(1, 101))) == {"p50": 50, "p95": 95, "p99": 99, "max": 100}
    assert spread([7.0]) == {"p50": 7.0, "p95": 7.0, "p99": 7.0, "max": 7.0}


def test_a_missed_limit_is_told_and_what_was_not_measured_is_neither() -> None:
    assert verdicts(result())["inbox"] is True
    told = verdicts(result(p95=301.0))
    assert (told["inbox"], told["page of a case"], told["task list"]) == (False, True, None)
    assert told["positive test to a list ready for approval"] is False
    assert told["approval to tasks sent"] is True
    short = verdicts(result(contacts=999))
    assert short["positive test to a list ready for approval"] is None


def test_a_lost_report_misses_its_limit() -> None:
    words = "50 workers reporting at once, undisturbed"
    assert verdicts(result())[words] is True
    assert verdicts(result(lost=1))[words] is False


def test_the_page_tells_misses_with_machine_date_commit_and_load() -> None:
    text = section({"full": result(p95=301.0)})
    for told in ("**no**", "a processor", "2026-01-01", "abc", "pages 1.2", "1,000,000"):
        assert told in text
    assert section({}) == ""


def test_codes_are_those_of_the_standard() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B, cut to six figures
    assert code_of(secret, 59) == "287082"
    assert code_of(secret, 1_111_111_109) == "081804"


def test_lists_name_everybody_once_and_as_many_as_were_asked_for() -> None:
    chance = np.random.default_rng(1)
    people = People([f"p{n:03d}" for n in range(200)], ["g"] * 200)
    assert sorted(met(people, 7, 200, chance)) == list(range(200))
    long = sizes([1.0, 0.5, 0.25], 1_000, chance)
    assert sum(long) >= 1_000
    assert min(long) >= 1
    assert people.without({"p003"}).subjects[3] == "p004"


def test_runs_are_compared_by_their_slowest_level(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = result(p95=100.0), result(p95=200.0)
    for told, date in ((first, "2026-01-01"), (second, "2026-01-02")):
        record({**told, "format": FORMAT, "date": f"{date}T00:00:00+00:00"}, tmp_path)
    assert compare.main(["--results", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("inbox" in one and one.endswith("REGRESSION") for one in lines)
    assert compare.main(["--results", str(tmp_path), "--strict"]) == 1
