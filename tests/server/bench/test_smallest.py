"""The benchmark of a server, as small as can be: it runs to its end, and nothing is lost in it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.server.__main__ import main


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the database's user may enter; processes of its own have settings of their own."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    with tempfile.TemporaryDirectory(prefix="rf-bench-", dir="/var/tmp") as folder:
        yield Path(folder)


def test_the_whole_of_it_runs_and_tells(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scale", "smallest", "--keep", str(work)]) == 0
    (file,) = (work / "results").glob("*-server-smallest.json")
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["sound"] == {
        **told["sound"],
        "lost": 0,
        "invalid": 0,
        "ended_with_open_tasks": 0,
        "failed_jobs": 0,
    }
    levels = {one["level"] for one in told["pages"] if one["page"] == "case list"}
    assert levels == {"country", "province", "city", "district", "street", "community", "grid"}
    assert {one["page"] for one in told["pages"]} >= {"inbox", "case", "contact list", "task list"}
    assert all(one["contacts"] > 0 for one in told["chains"])
    assert [one["killed"] for one in told["reports"]] == [False, True]
    for one in told["reports"]:
        assert one["errors"] == []
        assert one["in_two_hands"] > 0
        assert one["reports"] == one["tally"]["reported"] > 0
        wrong = ("lost", "doubled", "records_lost", "records_doubled", "unasked")
        assert not any(one["tally"][name] for name in wrong)
    assert "## Server" in (work / "benchmarks.md").read_text(encoding="utf-8")
    assert "limits" in capsys.readouterr().out
