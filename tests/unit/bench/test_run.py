"""The whole benchmark on its smallest size: it runs, agrees with the plain self-join, and tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.__main__ import main


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("bench")
    assert main(["--quick", "--keep", str(work)]) == 0
    return work


def test_result_says_where_and_with_what(run: Path) -> None:
    (file,) = (run / "results").iterdir()
    result = json.loads(file.read_text(encoding="utf-8"))
    assert file.name.startswith(result["date"][:10])
    assert file.name.endswith("-100k.json")
    assert result["machine"]["cores"] >= 1
    assert {"python", "duckdb", "pyarrow", "ibis-framework"} <= set(result["versions"])
    assert [trace["cases"] for trace in result["traces"]] == [20, 5]
    assert all(step["peak_memory_bytes"] > 0 for step in (result["import"], result["compaction"]))


def test_program_and_self_join_find_the_same_people(run: Path) -> None:
    (file,) = (run / "results").iterdir()
    join = json.loads(file.read_text(encoding="utf-8"))["self_join"]
    assert join["differing"] == []
    assert join["plain"]["found"]["contacts_2"]["p50"] > 0


def test_page_is_written_from_the_result(run: Path) -> None:
    page = (run / "benchmarks.md").read_text(encoding="utf-8")
    assert "the same people in every case" in page
    assert "not measured" in page
