"""Positions of telephones: kept of cases only, by their letter, and told under their case alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from .small_home import SmallHome

LATER = "2022-07-16T09:00:00+08:00"
HEAD = "case,basis,at,lat,lon,accuracy_m\n"
LETTER = "卫函2022年17号"
PLACE = "place,kind,name,lat,lon\nK,ktv,Blue Karaoke,31.54,120.30\n"
C1 = ("trajectory", "C1", "--protocol", "covid-cn-9")


MAPPING = """\
mapping: network
version: 1
title: {en: Positions of cases, zh: 病例定位}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  case: {column: 病例编号, as: key}
  letter: {column: 文号, as: text}
  at: {column: 时间, as: datetime}
  lat: {column: 纬度, as: number}
  lon: {column: 经度, as: number}
  radius: {column: 精度, as: number}
records:
  - table: fix
    datum: gcj-02
    columns:
      case: {field: case}
      basis: {field: letter}
      at: {field: at}
      lat: {field: lat}
      lon: {field: lon}
      accuracy_m: {field: radius}
"""


def fix(case: str, at: str, spot: str = "31.5410,120.3010", accuracy: str = "200") -> str:
    return f"{case},{LETTER},2022-07-04T{at}:00+08:00,{spot},{accuracy}\n"


def kept(home: SmallHome) -> list[str]:
    parts = [pq.read_table(path) for path in sorted(home.folder.rglob("deliveries/fix/*"))]
    return [row["case"] for part in parts for row in part.to_pylist() if "case" in row]


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    assert made.deliver("place", PLACE, clock=LATER).code == 0
    return made


def test_of_nobody_but_cases_that_stand_is_a_position_kept(home: SmallHome) -> None:
    """C2 was discarded, nobody knows C9, and p2 is a contact."""
    rows = "".join(fix(case, "21:00") for case in ("C1", "C2", "C9", "p2", "C3"))
    said = home.deliver("fix", HEAD + rows, clock=LATER).json()
    assert (said["created"], said["quarantined"]) == (2, 3)
    assert [(one["row"], one["field"]) for one in said["rejects"]] == [
        (3, "case"),
        (4, "case"),
        (5, "case"),
    ]
    assert all("positions are kept of cases only" in one["reason"] for one in said["rejects"])
    assert sorted(kept(home)) == ["C1", "C3"]


def test_of_a_case_that_was_withdrawn_none_is_kept_from_then_on(home: SmallHome) -> None:
    assert home.deliver("fix", HEAD + fix("C1", "21:00"), clock=LATER).json()["created"] == 1
    gone = "case,kind,at\nC1,withdrawn,2022-07-15\n"
    assert home.deliver("case_event", gone, clock=LATER).code == 0
    said = home.deliver("fix", HEAD + fix("C1", "21:30"), clock=LATER).json()
    assert (said["created"], said["quarantined"]) == (0, 1)
    assert home.run(*C1, clock=LATER).code == 12


def test_what_came_before_its_case_is_brought_again_after_it(
    home: SmallHome, tmp_path: Path
) -> None:
    said = home.deliver("fix", HEAD + fix("C4", "21:00"), clock=LATER).json()
    assert (said["created"], said["quarantined"]) == (0, 1)
    mended, batch = tmp_path / "mended.csv", said["batch"]
    assert home.run("quarantine", "export", batch, str(mended), clock=LATER).code == 0
    told = home.run("quarantine", "replay", batch, str(mended), "--json", clock=LATER)
    assert not told.err
    again = told.json()
    assert (again["accepted"], again["quarantined"]) == (0, 1), "there is no such case yet"
    case = "case,subject,disease,classification,symptomatic\nC4,p4,covid-19,suspected,yes\n"
    assert home.deliver("case", case, clock=LATER).code == 0
    last = tmp_path / "last.csv"
    assert home.run("quarantine", "export", again["batch"], str(last), clock=LATER).code == 0
    told = home.run("quarantine", "replay", again["batch"], str(last), "--json", clock=LATER)
    assert not told.err
    assert told.json()["accepted"] == 1
    assert kept(home) == ["C4"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (fix("C1", "21:00", "31.5410,"), "lon"),
        (fix("C1", "21:00", "120.3010,31.5410"), "lat"),
        (fix("C1", "21:00", "31.5410,120.3010", ""), "accuracy_m"),
        (fix("C1", "21:00", "31.5410,120.3010", "0"), "accuracy_m"),
        (fix("C1", "21:00", "31.5410,120.3010", "1e9"), "accuracy_m"),
        (fix("C1", "21:00", "nan,inf"), "lat"),
        (fix("C1", "21:00").replace(LETTER, ""), "basis"),
        (fix("C1", "21:00").replace(LETTER, "=1+1"), "basis"),
        (fix("C1", "21:00").replace("+08:00", ""), "at"),
        (fix("C1", "21:00").replace("2022", "2031"), "at"),
    ],
)
def test_a_position_that_is_none_is_set_aside(home: SmallHome, row: str, field: str) -> None:
    said = home.deliver("fix", HEAD + row, clock=LATER).json()
    assert [one["field"] for one in said["rejects"]] == [field]
    assert not kept(home)


def test_a_mapping_keeps_no_more_than_a_canonical_file(home: SmallHome, tmp_path: Path) -> None:
    path = home.folder / "mappings" / "network" / "v1" / "mapping.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(MAPPING, encoding="utf-8")
    file = tmp_path / "network.csv"
    file.write_text(
        "病例编号,文号,时间,纬度,经度,精度\n"
        "C1,17号,2022-07-04 21:00:00,31.5390,120.3055,200\n"
        "C9,17号,2022-07-04 21:00:00,31.5390,120.3055,200\n",
        encoding="utf-8",
    )
    words = ("import", str(file), "--mapping", "network", "--json")
    said = home.run(*words, clock=LATER).json()
    assert (said["accepted"], said["quarantined"]) == (1, 1)
    assert [(one["row"], one["field"]) for one in said["rejects"]] == [(3, "病例编号")]
    assert kept(home) == ["C1"]


def test_they_are_told_under_their_case_and_not_under_an_order(home: SmallHome) -> None:
    order = "subject,kind,start,end\np1,home,2022-07-06,2022-07-20\n"
    assert home.deliver("measure", order, clock=LATER).code == 0
    assert home.deliver("fix", HEAD + fix("C1", "21:00"), clock=LATER).code == 0
    of_case = home.run(*C1, "--json", clock=LATER).json()
    of_contact = home.run("trajectory", "--contact", "p1", "--json", clock=LATER).json()
    (night,) = (one for one in of_case["timeline"] if one["where"]["key"] == "K")
    assert [row["table"] for row in night["records"]] == ["presence", "fix"]
    assert "fix" in of_case["sources"]
    assert "fix" not in of_contact["sources"]


def test_a_position_apart_is_shown_on_the_map_and_never_released(
    home: SmallHome, tmp_path: Path
) -> None:
    rows = fix("C1", "15:00", "31.4300,120.2500", "900")
    assert home.deliver("fix", HEAD + rows, clock=LATER).code == 0
    told = home.run(*C1, "--json", clock=LATER).json()
    (apart,) = (one for one in told["timeline"] if one["where"]["sphere"] == "position")
    assert apart["where"]["key"] == "31.4300, 120.2500 ±900 m"
    assert (apart["where"]["radius_m"], apart["confidence"]) == (900, "weak")
    assert apart["where"]["called"] == apart["where"]["key"]
    page, release = tmp_path / "page.html", tmp_path / "release.html"
    words = (*C1, "--html", str(page), "--report", str(tmp_path / "r.docx"))
    assert home.run(*words, "--release", str(release), clock=LATER).code == 0
    assert 'class="around"' in page.read_text(encoding="utf-8")
    assert "31.43" not in release.read_text(encoding="utf-8")


def test_a_position_is_called_after_the_place_that_lies_within(home: SmallHome) -> None:
    rows = fix("C1", "15:00", "31.5420,120.3010", "900")
    assert home.deliver("fix", HEAD + rows, clock=LATER).code == 0
    told = home.run(*C1, "--json", clock=LATER).json()
    (apart,) = (one for one in told["timeline"] if one["where"]["sphere"] == "position")
    assert apart["where"]["called"] == "31.5420, 120.3010 ±900 m ≈ Blue Karaoke"


def test_they_stand_apart_by_place_and_time_and_are_compacted(home: SmallHome) -> None:
    """Two cells in one second are two positions; the same one again is one."""
    rows = [fix("C1", "21:00"), fix("C1", "21:00", "-0.0,120.3010"), fix("C3", "21:00")]
    assert home.deliver("fix", HEAD + "".join(rows), clock=LATER).json()["created"] == 3
    assert home.run("lake", "compact", clock=LATER).code == 0
    again = [rows[0].replace("200\n", "150\n"), rows[1].replace("-0.0", "0"), rows[2]]
    said = home.deliver("fix", HEAD + "".join(again), clock=LATER).json()
    assert (said["created"], said["updated"], said["unchanged"]) == (0, 1, 2)
    assert home.run("lake", "compact", clock=LATER).code == 0
    told = home.run(*C1, "--json", clock=LATER).json()
    positions = [row for one in told["timeline"] for row in one["records"] if row["table"] == "fix"]
    positions += [row for one in told["set_aside"] for row in one["records"]]
    assert sorted(row["place"] for row in positions) == [
        "0.0000, 120.3010 ±200 m",
        "31.5410, 120.3010 ±150 m",
    ]


def test_they_are_gone_after_their_time_and_the_answer_says_so(home: SmallHome) -> None:
    assert home.deliver("fix", HEAD + fix("C1", "21:00"), clock=LATER).code == 0
    autumn = "2022-09-01T09:00:00+08:00"
    purged = home.run("lake", "purge", "--json", clock=autumn).json()
    assert {t["table"]: t["rows"] for t in purged["tables"]}["fix"] == 1
    assert not kept(home)
    told = home.run(*C1, "--json", clock=autumn).json()
    assert any("evidence purged: fix" in one for one in told["warnings"])
    assert "fix" not in told["sources"]
