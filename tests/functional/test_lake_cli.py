"""`ringfence lake`, `protocols` and `doctor`, as a user calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ringfence.trace import tracing
from ringfence.trace.tracing import Gathered

from .small_home import TABLES, SmallHome

LATER = "2022-08-20T12:00:00+08:00"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def batch_of(home: SmallHome, table: str) -> str:
    batches = home.run("lake", "status", "--json").json()["batches"]
    return str(next(b["batch"] for b in batches if b["table"] == table))


def people(home: SmallHome, *words: str, clock: str = LATER) -> list[str]:
    told = home.run("trace", "C1", "--json", *words, clock=clock).json()
    return [contact["person"] for contact in told["contacts"]]


def test_a_withdrawn_batch_takes_its_contacts_along(home: SmallHome) -> None:
    batch = batch_of(home, "presence")
    told = home.run("lake", "withdraw", batch[:8], "--reason", "wrong file", "--json").json()
    assert [(c["case"], c["person"], c["change"]) for c in told["contacts"]] == [
        ("C1", "p2", "dropped")
    ]
    again = home.deliver("presence", TABLES["presence"])
    assert again.code == 10
    assert "lake reinstate" in again.err
    told = home.run("lake", "reinstate", batch, "--reason", "right after all", "--json").json()
    assert [(c["person"], c["change"]) for c in told["contacts"]] == [("p2", "new")]
    assert home.deliver("presence", TABLES["presence"]).json()["replayed"] is True


def test_an_unknown_batch_is_refused_before_anything_is_traced(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.engines.sql.SqlEngine", None)
    for act in ("withdraw", "reinstate"):
        answer = home.run("lake", act, "0" * 12, "--reason", "wrong file")
        assert (answer.code, "no batch begins with" in answer.err) == (11, True)


def test_only_what_a_batch_can_touch_is_traced(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.deliver(
        "case", "case,subject,disease,classification,symptomatic\nC4,p9,covid-19,confirmed,\n"
    )
    home.deliver("case_event", "case,kind,at\nC4,onset,2022-07-05\n")
    far = home.deliver("place", "place,kind,name\nR,bar,Lotus\n").json()["batch"]
    near = home.deliver("vaccination", "subject,disease,date\np2,covid-19,2022-01-01\n").json()[
        "batch"
    ]
    traced: list[str] = []
    plain = tracing.gather

    def gather(*given: Any, **options: Any) -> Gathered:
        traced.extend(given[3])
        return plain(*given, **options)

    monkeypatch.setattr(tracing, "gather", gather)
    for batch, cases in ((far, []), (near, ["C1", "C1"])):
        assert home.run("lake", "withdraw", batch, "--reason", "wrong").code == 0
        assert traced == cases


def test_a_purge_holds_the_evidence_of_open_cases(home: SmallHome) -> None:
    before = people(home)
    told = home.run("lake", "purge", "--json", clock=LATER).json()
    assert {t["table"]: (t["rows"], t["found_again"]) for t in told["tables"] if t["rows"]} == {
        "presence": (1, 0)
    }
    assert people(home) == before == ["p3", "p2"]
    assert home.run("trace", "C1", clock=LATER).out.count("evidence purged") == 0


def test_as_of_across_a_purge_says_so(home: SmallHome) -> None:
    home.deliver("case_event", "case,kind,at\nC1,released,2022-07-20\n", clock=LATER)
    home.run("lake", "purge", clock=LATER)
    answer = home.run("trace", "C1", "--as-of", "2022-07-07T13:00:00+08:00")
    assert (answer.code, "evidence purged" in answer.err) == (11, True)
    assert "evidence purged" in home.run("trace", "C1", clock=LATER).out


def test_compaction_changes_no_answer_and_files_hold_each_row_once(home: SmallHome) -> None:
    before = people(home)
    assert home.run("lake", "compact").code == 0
    assert people(home) == before
    files = home.run("lake", "files", "--table", "presence").out.split()
    assert sum(pq.read_metadata(file).num_rows for file in files) == 3


def test_damage_is_named_and_repaired(home: SmallHome) -> None:
    home.run("lake", "compact")
    assert home.run("lake", "verify").code == 0
    file = next(home.folder.glob("derived/presence/by_place/2022-07*.arrow"))
    file.write_bytes(b"\0" * file.stat().st_size)
    traced = home.run("trace", "C1")
    assert (traced.code, "lake verify --repair" in traced.err) == (13, True)
    found = home.run("lake", "verify")
    assert (found.code, file.name in found.out) == (13, True)
    assert home.run("doctor").code == 13
    assert home.run("lake", "verify", "--repair").code == 0
    assert home.run("doctor").code == 0
    assert people(home) == ["p3", "p2"]


def test_protocols_are_listed_shown_and_checked(home: SmallHome, tmp_path: Path) -> None:
    listed = home.run("protocols", "list", "--json").json()
    assert [p["id"] for p in listed if p["disease"] == "measles"] == ["measles"]
    shown = home.run("protocols", "show", "measles").out
    assert "residual" in shown or "lag:" in shown
    assert home.run("protocols", "check", "measles").code == 0
    broken = tmp_path / "broken.yaml"
    broken.write_text(shown.replace("lag: 2h", "lag: 1h"), encoding="utf-8")
    failed = home.run("protocols", "check", str(broken))
    assert failed.code == 10
    assert "[sql]" in failed.out
    assert "[reference]" in failed.out
