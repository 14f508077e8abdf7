"""`ringfence trajectory`: of whom it may be asked, its forms, and what the public may know."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ringfence.cli.main import main
from ringfence.engines.sql import SqlEngine
from ringfence.errors import NotAllowed
from ringfence.lake.home import open_home
from ringfence.operations.moving.asking import TrajectoryAsked, trajectory_asked
from ringfence.operations.moving.release import released

from .small_home import Answer, SmallHome

LATER = "2022-07-16T09:00:00+08:00"
PLACE = (
    "place,kind,name,lat,lon\n"
    "home,home,Willow Court,31.57,120.29\nshop,supermarket,Big & Shop,31.56,120.31\n"
    "ktv,ktv,夜航KTV,31.54,120.30\nward,hospital,Fifth Hospital,31.51,120.24\n"
    "quarter,restaurant,柳园小区食堂,31.57,120.29\n"
)
PRESENCE = (
    "subject,place,start,end,certainty\n"
    "p1,home,2022-07-04T19:00:00+08:00,2022-07-05T08:00:00+08:00,declared\n"
    "p1,ktv,2022-07-05T20:10:00+08:00,2022-07-05T22:40:00+08:00,recorded\n"
    "p1,quarter,2022-07-05T12:00:00+08:00,2022-07-05T12:30:00+08:00,recorded\n"
    "p1,ward,2022-07-06T09:00:00+08:00,,recorded\n"
)
EVENT = (
    "subject,place,at,kind\n"
    "p1,shop,2022-07-05T10:20:00+08:00,payment\np1,ktv,2022-07-05T21:00:00+08:00,scan\n"
)
C1 = ("trajectory", "C1", "--protocol", "covid-cn-9")


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    for table, text in {"place": PLACE, "presence": PRESENCE, "event": EVENT}.items():
        assert made.deliver(table, text, clock=LATER).code == 0
    return made


def asked(home: SmallHome, *words: str, clock: str = LATER) -> Answer:
    return home.run(*words, clock=clock)


def test_the_terminal_tells_day_by_day_what_is_known(home: SmallHome) -> None:
    told = asked(home, *C1).out
    assert re.search(r"2022-07-05\s*\n", told)
    assert re.search(r"20:10–22:40\s+夜航KTV\s+karaoke\s+certain\s+event, presence", told)
    assert "To ask next" in told


def test_the_terminal_speaks_chinese(home: SmallHome, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*C1, "--home", str(home.folder), "--clock", LATER, "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "病例 C1" in told
    assert "下一步核实" in told
    assert not re.search(r"\b(karaoke|certain|gaps)\b", told)


def test_the_document_shows_every_row_back_to_file_and_line(home: SmallHome) -> None:
    told = asked(home, *C1, "--json").json()
    assert told["case"] == "C1"
    assert told["sources"] == ["event", "presence"]
    assert told["rows"] == 7, "the stay at the karaoke of the home's first files too"
    night = next(one for one in told["timeline"] if one["where"]["key"] == "ktv")
    assert night["confidence"] == "certain"
    assert [(row["file"], row["row"]) for row in night["records"]] == [
        ("presence.csv", 3),
        ("event.csv", 3),
    ]
    assert told["infectious"]["start"] == "2022-07-03T00:00:00+08:00"


def test_days_from_and_to_are_local_and_both_included(home: SmallHome) -> None:
    told = asked(home, *C1, "--json", "--from", "2022-07-05", "--to", "2022-07-05").json()
    assert (told["from"], told["to"]) == ("2022-07-05T00:00:00+08:00", "2022-07-06T00:00:00+08:00")
    assert {one["where"]["key"] for one in told["timeline"]} == {"home", "shop", "ktv", "quarter"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("trajectory", "C9"), 11, "no case C9"),
        (("trajectory", "C2"), 12, "discarded"),
        (("trajectory",), 2, "name a case, or a contact"),
        (("trajectory", "C1", "--contact", "p3"), 2, "name a case, or a contact"),
        (("trajectory", "C1", "--from", "2022-02-29"), 2, "--from"),
        (("trajectory", "C1", "--from", "2022-07-06", "--to", "2022-07-05"), 2, "before the last"),
        (("trajectory", "--contact", "p3"), 12, "no order on this person is open"),
        (("trajectory", "C1", "--html", "/"), 2, "--html names a file"),
    ],
)
def test_what_may_not_be_asked(
    home: SmallHome, words: tuple[str, ...], code: int, says: str
) -> None:
    answer = asked(home, *words)
    assert (answer.code, says in answer.err) == (code, True), answer.err
    assert answer.out == ""


def test_a_contact_is_told_of_while_an_order_is_open_and_no_longer(home: SmallHome) -> None:
    order = "subject,kind,start,end\np2,home,2022-07-06,2022-07-16\n"
    assert home.deliver("measure", order, clock=LATER).code == 0
    told = asked(home, "trajectory", "--contact", "p2", "--json")
    assert told.code == 0, told.err
    assert told.json()["contact"] == "p2"
    assert [one["where"]["key"] for one in told.json()["timeline"]] == ["K"]
    over = asked(home, "trajectory", "--contact", "p2", clock="2022-07-17T00:00:00+08:00")
    assert over.code == 12


def test_an_order_to_be_tested_is_none_of_a_contact(home: SmallHome) -> None:
    """Whole quarters are tested."""
    order = "subject,kind,start,end\np2,testing,2022-07-06,2022-07-30\n"
    assert home.deliver("measure", order, clock=LATER).code == 0
    answer = asked(home, "trajectory", "--contact", "p2")
    assert (answer.code, "no order on this person is open" in answer.err) == (12, True)


def test_the_page_needs_no_script_and_no_network(home: SmallHome, tmp_path: Path) -> None:
    page = tmp_path / "movements.html"
    assert asked(home, *C1, "--html", str(page)).code == 0
    text = page.read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    assert "<script" not in text
    assert "http:" not in text and "https:" not in text
    assert "Big &amp; Shop" in text
    assert text.count("<svg") == 2


def test_the_report_is_a_document_in_either_language(home: SmallHome, tmp_path: Path) -> None:
    for language, says in (("en", "Case investigation report: C1"), ("zh", "流行病学调查报告")):
        file = tmp_path / f"{language}.docx"
        words = [*C1, "--home", str(home.folder), "--clock", LATER, "--lang", language]
        assert main([*words, "--report", str(file)]) == 0
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as opened:
            text = opened.read("word/document.xml").decode()
        assert says in text
        assert "夜航KTV" in text


def test_the_release_names_public_places_by_name_and_nothing_that_identifies(
    home: SmallHome, tmp_path: Path
) -> None:
    file = tmp_path / "release.html"
    answer = asked(home, *C1, "--release", str(file))
    assert answer.code == 0, answer.err
    text = file.read_text(encoding="utf-8")
    assert text.index("Big &amp; Shop") < text.index("夜航KTV")
    assert "20:00–23:00" in text
    assert "2022-07-19" in text, "taken down 14 days after the last day"
    for kept in ("Willow", "小区", "Hospital", "C1", "p1", "20:10"):
        assert kept not in text
    assert "withheld: Willow Court: not a public place" in answer.err
    assert "withheld: 柳园小区食堂: its name tells a quarter" in answer.err


def test_two_visits_of_a_day_are_two_lines_and_nothing_after_isolation_is_told(
    home: SmallHome, tmp_path: Path
) -> None:
    more = (
        "subject,place,at,kind\np1,shop,2022-07-05T18:20:00+08:00,payment\n"
        "p1,K2,2022-07-05T23:40:00+08:00,payment\np1,K2,2022-07-06T01:10:00+08:00,payment\n"
    )
    place = "place,kind,name\nK2,bar,Night Bar\n"
    assert home.deliver("place", place, clock=LATER).code == 0
    assert home.deliver("event", more, clock=LATER).code == 0
    file = tmp_path / "release.html"
    assert asked(home, *C1, "--release", str(file)).code == 0
    text = file.read_text(encoding="utf-8")
    cells = re.findall(r"<tr><td>(.*?)</td><td>.*?</td><td>(.*?)</td><td>(.*?)</td></tr>", text)
    assert [cell[1:] for cell in cells if cell[0] == "Big &amp; Shop"] == [
        ("2022-07-05", "10:00–11:00"),
        ("2022-07-05", "18:00–19:00"),
    ]
    assert [cell[1:] for cell in cells if cell[0] == "Night Bar"] == [
        ("2022-07-05", "23:00–24:00"),
    ]


def test_a_place_all_of_whose_contacts_are_known_is_not_released(
    home: SmallHome, tmp_path: Path
) -> None:
    file = tmp_path / "release.html"
    assert asked(home, *C1, "--release", str(file), "--settled", "ktv").code == 0
    assert "夜航KTV" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "clock", "says"),
    [
        (
            ("--settled", "ktv", "--settled", "Big & Shop", "--settled", "K"),
            LATER,
            "nothing can be",
        ),
        ((), "2022-08-01T09:00:00+08:00", "nothing can be released"),
    ],
)
def test_a_release_of_nothing_is_refused(
    home: SmallHome, tmp_path: Path, words: tuple[str, ...], clock: str, says: str
) -> None:
    file = tmp_path / "release.html"
    answer = asked(home, *C1, "--release", str(file), *words, clock=clock)
    assert (answer.code, says in answer.err) == (12, True), answer.err
    assert not file.exists()


def test_a_draft_releases_nothing_but_in_exercises(home: SmallHome) -> None:
    now = datetime.fromisoformat(LATER)
    told = trajectory_asked(
        open_home(home.folder),
        TrajectoryAsked("C1", protocol="covid-cn-9"),
        make_engine=SqlEngine,
        now=now,
    )
    assert released(told).places
    real = replace(told, known=replace(told.known, synthetic=False))
    with pytest.raises(NotAllowed, match="a draft protocol releases nothing"):
        released(real)


def test_without_a_protocol_gaps_are_ranked_without_a_window_and_nothing_is_released(
    home: SmallHome, tmp_path: Path
) -> None:
    words = ("trajectory", "C3")
    assert "ranked without an infectious window" in asked(home, *words).out
    answer = asked(home, *words, "--release", str(tmp_path / "r.html"))
    assert (answer.code, "--protocol" in answer.err) == (12, True)


def test_a_purge_is_told_and_never_a_shorter_timeline_without_a_word(home: SmallHome) -> None:
    later = "2022-09-30T09:00:00+08:00"
    other = "p5,ktv,2022-06-25T10:00:00+08:00,2022-06-25T11:00:00+08:00\n"
    text = "subject,place,start,end\n" + other
    assert home.deliver("presence", text, clock=LATER).code == 0
    assert asked(home, "lake", "purge", clock=later).code == 0
    answer = asked(home, "trajectory", "C3", "--json", clock=later)
    assert answer.code == 0, answer.err
    assert any("purge" in warning for warning in answer.json()["warnings"])
    order = "subject,kind,start,end\np5,home,2022-06-28,2022-12-30\n"
    assert home.deliver("measure", order, clock=later).code == 0
    contact = asked(home, "trajectory", "--contact", "p5", "--json", clock=later)
    assert any("purge" in warning for warning in contact.json()["warnings"])
