"""The whole benchmark and the whole truth report, as small as can be: they run, agree, and tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.__main__ import main
from bench.truth import __main__ as truth


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("bench")
    assert main(["--quick", "--keep", str(work)]) == 0
    return work


def test_result_says_where_and_with_what(run: Path) -> None:
    (file,) = (run / "results").iterdir()
    result = json.loads(file.read_text(encoding="utf-8"))
    assert file.name.startswith(result["date"][:10])
    assert file.name.endswith("-20k.json")
    assert result["machine"]["cores"] >= 1
    assert {"python", "duckdb", "pyarrow", "ibis-framework"} <= set(result["versions"])
    assert [trace["cases"] for trace in result["traces"]] == [6, 3]
    assert all(step["peak_memory_bytes"] > 0 for step in (result["import"], result["compaction"]))


def test_size_is_counted_in_delivered_presences(run: Path) -> None:
    (file,) = (run / "results").iterdir()
    result = json.loads(file.read_text(encoding="utf-8"))
    assert result["city"]["presences"] == result["import"]["presence"]["rows"]
    assert 15_000 < result["city"]["presences"] < 25_000


def test_program_and_peers_find_the_same_people(run: Path) -> None:
    (file,) = (run / "results").iterdir()
    peers = json.loads(file.read_text(encoding="utf-8"))["compared"]["peers"]
    assert {name: peer["differing"] for name, peer in peers.items() if "skipped" not in peer}
    assert not any(peer.get("differing") for peer in peers.values())
    assert peers["self_join"]["found"]["contacts_2"]["p50"] > 0


def test_page_is_written_from_the_result(run: Path) -> None:
    page = (run / "benchmarks.md").read_text(encoding="utf-8")
    assert "the same people in every case" in page
    assert "not measured" in page
    assert (run / "charts" / "peers.svg").read_text(encoding="utf-8").startswith("<svg")


def test_truth_report_is_exact_where_everything_is_known(tmp_path: Path) -> None:
    result, page = tmp_path / "truth.json", tmp_path / "truth.md"
    assert truth.main(["--quick", "--result", str(result), "--page", str(page)]) == 0
    told = json.loads(result.read_text(encoding="utf-8"))
    known = told["everything"][0]["known"]["whole"]
    assert known["true"] > 0
    assert known["listed"] == known["right"] == known["reached"] == known["true"]
    assert told["plan"]["seeds"] == [1]
    text = page.read_text(encoding="utf-8")
    for chart in ("coverage", "noise", "channels", "early"):
        assert f"charts/truth-{chart}.svg" in text
        assert (tmp_path / "charts" / f"truth-{chart}.svg").exists()
