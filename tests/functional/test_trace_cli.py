"""`ringfence trace` and `explain`, as a user calls them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

from ringfence.trace.views import as_json

from .small_home import NOON, SmallHome


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


@pytest.mark.parametrize("engine", ["sql", "reference"])
def test_json_follows_its_schema_on_each_engine(home: SmallHome, engine: str) -> None:
    told = home.run("trace", "C1", "--json", "--engine", engine).json()
    jsonschema.validate(told, as_json.schema())
    assert [c["person"] for c in told["contacts"]] == ["p3", "p2"]
    assert (told["protocol"], told["draft"], told["engine"]) == ("covid-cn-9", True, engine)
    (evidence,) = told["contacts"][1]["evidence"]
    assert [(r["of"], r["source"], r["row"]) for r in evidence["rows"]] == [
        ("case", "presence", 2),
        ("contact", "presence", 3),
    ]


def test_every_format_tells_of_the_same_people(home: SmallHome, tmp_path: Path) -> None:
    table = home.run("trace", "C1").out
    assert "p2" in table
    assert "p3" in table
    rows = list(csv.DictReader(io.StringIO(home.run("trace", "C1", "--format", "csv").out[1:])))
    assert [row["person"] for row in rows] == ["p3", "p2"]
    for form in ("parquet", "html", "json", "csv", "table"):
        file = tmp_path / f"trace.{form}"
        assert home.run("trace", "C1", "--format", form, "--output", str(file)).code == 0
        assert file.stat().st_size > 0
    assert pq.read_table(tmp_path / "trace.parquet")["person"].to_pylist() == ["p3", "p2"]
    assert "Blue Karaoke" in (tmp_path / "trace.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("trace", "C9"), 11, "no case C9"),
        (("trace", "C2"), 12, "discarded or withdrawn"),
        (("trace", "C3"), 11, "no protocol for this disease"),
        (("trace", "C1", "--protocol", "covid-cn-7"), 11, "there are:"),
        (("trace", "C1", "--as-of", "2022-07-01T00:00:00+08:00"), 11, "no case C1"),
        (("trace", "C1", "--as-of", "99"), 11, "sequence 99"),
        (("trace", "C1", "--as-of", "20220711"), 2, "like 2022-07-11T08:00:00+08:00"),
        (("trace", "C1", "--as-of", "20229999"), 11, "sequence 20229999"),
        (("trace", "C1", "--as-of", "yesterday"), 2, "--as-of"),
        (("trace", "C1", "--format", "xml"), 2, "--format"),
        (("trace", "C1", "--engine", "spark"), 2, "--engine"),
        (("trace", "C1", "--orders", "3"), 2, "--orders"),
        (("trace",), 2, "CASE"),
    ],
)
def test_what_cannot_be_answered(
    home: SmallHome, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = home.run(*words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_no_protocol_in_force_names_the_candidates(home: SmallHome) -> None:
    home.deliver(
        "case_event", "case,kind,at\nC1,report,2023-01-05\n", clock="2023-01-06T12:00:00+08:00"
    )
    answer = home.run("trace", "C1", clock="2023-01-06T12:00:00+08:00")
    assert answer.code == 11
    assert "covid-cn-9@1 (CN, 2022-06-28 – 2022-11-11)" in answer.err


def test_a_real_home_keeps_the_real_clock(home: SmallHome, tmp_path: Path) -> None:
    home.say("init", str(tmp_path / "real"))
    answer = home.say("trace", "C1", "--home", str(tmp_path / "real"), "--clock", NOON)
    assert answer.code == 12


def test_explain_leads_down_to_file_and_row(home: SmallHome) -> None:
    told = home.run("explain", "C1", "p2").out
    assert "Blue Karaoke (K)" in told
    assert "file presence.csv, row 3 (source presence, batch " in told
    assert home.run("explain", "C1", "p2", "--json").json()["is_contact"] is True
    assert "is not a contact" in home.run("explain", "C1", "p9").out
