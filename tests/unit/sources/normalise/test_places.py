"""Names of places: sure, new, or for a person to decide; and decisions that are kept."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.cli.main import main
from ringfence.errors import DataError, NotFound
from ringfence.lake import Home, create_home
from ringfence.sources import import_file
from ringfence.sources.normalise.place_review import (
    Decided,
    decisions,
    keep_decisions,
    place_book,
    read_decisions,
    review_list,
)
from ringfence.sources.normalise.places import KnownPlace, PlaceBook, fold_place, match_places

NOW = datetime(2022, 10, 1, 4, tzinfo=UTC)
PLACES = "place,kind,name\nshop-7,shop,全家便利店（中山路店）\nhotel-1,hotel,平安旅馆\n"
NEAR = "全家便利店中山路二店"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
    )
    path = tmp_path / "place.csv"
    path.write_text(PLACES, encoding="utf-8")
    import_file(made, path, table="place", now=NOW)
    return made


@given(names=st.lists(st.text(max_size=20), max_size=5), known=st.lists(st.text(max_size=20)))
def test_likeness_alone_never_chooses(names: list[str], known: list[str]) -> None:
    book = PlaceBook(tuple(KnownPlace(f"p{n}", (name,)) for n, name in enumerate(known)))
    for match in match_places(names, book):
        bearers = [p.key for p in book.places if fold_place(p.names[0]) == fold_place(match.name)]
        if match.key is not None:
            assert bearers == [match.key]
            assert fold_place(match.name)
            assert not match.review


def test_a_decision_makes_a_name_sure(home: Home, tmp_path: Path) -> None:
    (match,) = match_places([NEAR], place_book(home, NOW))
    assert match.key is None
    listed = tmp_path / "review.csv"
    listed.write_text(review_list([match]).replace(",\n", ",same\n"), encoding="utf-8")
    keep_decisions(home, read_decisions(listed, place_book(home, NOW)))
    (match,) = match_places([NEAR], place_book(home, NOW))
    assert match.key == "shop-7"


def test_a_name_said_to_be_new_is_not_asked_again(home: Home) -> None:
    keep_decisions(home, Decided({}, frozenset([NEAR])))
    (match,) = match_places([NEAR], place_book(home, NOW))
    assert (match.key, match.review) == (None, ())


def test_decisions_that_are_kept_at_once_are_all_kept(home: Home) -> None:
    names = [f"a place of number {number}" for number in range(16)]
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda name: keep_decisions(home, Decided({}, frozenset([name]))), names))
    assert decisions(home) == Decided({}, frozenset(names))


def test_the_newer_word_counts(home: Home) -> None:
    keep_decisions(home, Decided({NEAR: "shop-7"}, frozenset()))
    keep_decisions(home, Decided({}, frozenset([NEAR])))
    assert decisions(home) == Decided({}, frozenset([NEAR]))
    keep_decisions(home, Decided({NEAR: "hotel-1"}, frozenset()))
    assert decisions(home) == Decided({NEAR: "hotel-1"}, frozenset())


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("甲,shop-7,x,80,maybe", "row 2"),
        ("甲,shop-99,x,80,same", "not known"),
        ("甲,shop-7,x,80,same\n甲,hotel-1,x,80,same", "row 3"),
        ("甲,shop-7,x,80,same\n甲,hotel-1,x,80,new", "both"),
        (",shop-7,x,80,same", "row 2"),
    ],
)
def test_a_wrong_decision_is_refused_whole(
    home: Home, tmp_path: Path, lines: str, says: str
) -> None:
    path = tmp_path / "review.csv"
    path.write_text(f"name,place,place_name,alike,decision\n{lines}\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_decisions(path, place_book(home, NOW))
    assert says in refused.value.text.en
    assert decisions(home) == Decided({}, frozenset())


def test_a_list_that_is_none(home: Home, tmp_path: Path) -> None:
    book = place_book(home, NOW)
    with pytest.raises(NotFound):
        read_decisions(tmp_path / "none.csv", book)
    for content in (b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"\x00" * 50):
        path = tmp_path / "review.csv"
        path.write_bytes(content)
        with pytest.raises(DataError):
            read_decisions(path, book)


@pytest.mark.parametrize("formula", ["=cmd|'/c calc'!A0平安旅馆", "'=cmd calc A0平安旅馆"])
def test_no_name_becomes_a_formula_of_a_spreadsheet(
    home: Home, tmp_path: Path, formula: str
) -> None:
    book = PlaceBook((KnownPlace("hotel-1", ("平安旅馆", "@cmd calc A0平安旅馆")),))
    listed = review_list(match_places([formula], book))
    row = next(csv.DictReader(io.StringIO(listed)))
    assert row["name"] == f"'{formula}"
    assert row["place_name"][0] == "'"
    path = tmp_path / "review.csv"
    path.write_text(listed.replace(",\n", ",same\n"), encoding="utf-8")
    assert read_decisions(path, book).aliases == {formula: "hotel-1"}


def test_review_and_decide_by_the_command_line(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(home.root)]
    scans = tmp_path / "scans.csv"
    scans.write_text(f"场所名称\n{NEAR}\n平安旅馆有限公司\n大剧院\n{NEAR}\n", encoding="gb18030")
    assert main(["places", "review", str(scans), "--column", "场所名称", *at, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["names"], told["known"], told["new"]) == (3, 1, 1)
    assert told["unsure"][0]["may_be"][0]["place"] == "shop-7"
    listed = tmp_path / "review.csv"
    out = ["--out", str(listed)]
    assert main(["places", "review", str(scans), "--column", "场所名称", *out, *at]) == 0
    filled = listed.read_text(encoding="utf-8-sig").replace(",\n", ",same\n")
    listed.write_text(filled, encoding="utf-8-sig")
    capsys.readouterr()
    assert main(["places", "decide", str(listed), *at, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"aliases": 1, "new": 0}
    assert main(["places", "review", str(scans), "--column", "名称", *at]) == 2
    assert "场所名称" in capsys.readouterr().err
