"""A list from receipt to answer, and the figures of its funnel."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from ringfence import lake
from ringfence.errors import DataError, NotAllowed, NotFound, UsageError
from ringfence.operations import lists

from .homes import BEGIN, deliver, figures, new_home, receive, register_person
from .people import id_number, sheet, wang

DIVISIONS = """code,parent,level,name_zh,name_en
99,,province,青远省,Qingyuan
9901,99,city,东江市,Dongjiang
990101,9901,district,河西区,Hexi
990102,9901,district,河东区,Hedong
"""
HEXI = "青远省东江市河西区长街1号"
LATER = BEGIN + timedelta(hours=3)


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return new_home(tmp_path)


def test_every_row_is_valid_or_refused_and_duplicates_are_counted(home: lake.Home) -> None:
    rows = [wang(1), wang(1), wang(2, phone="15400000002"), "李四,123456789012345678,,,"]
    rows += ["王三,,15400000002,,", "赵五,,,,", "钱六,,,河西区长街1号,", "孙七,,15,,r7"]
    done = receive(home, sheet(*rows))
    assert not done.replayed
    assert figures(home) == {
        "received": 8,
        "refused": 3,
        "valid": 5,
        "duplicates": 2,
        "persons": 3,
    }
    refused = lists.refused_rows(home, done.list)
    assert [(reject.row, reject.field) for reject in refused] == [
        (5, "id_number"),
        (7, ""),
        (9, "phone"),
    ]


def test_a_wrong_telephone_is_left_out_where_a_number_finds_the_person(home: lake.Home) -> None:
    receive(home, sheet(wang(1, phone="12")))
    (person,) = lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN)
    assert person.identity == {"name": ["王二"], "id_number": [id_number(1)]}


def test_the_same_list_again_changes_nothing(home: lake.Home) -> None:
    first = receive(home, sheet(wang(1)))
    again = receive(home, sheet(wang(1)), now=LATER)
    assert (again.replayed, again.list) == (True, first.list)
    other = receive(home, sheet(wang(1)), agency="ministry")
    assert (other.replayed, other.list.name) == (False, "L2")


def test_persons_of_an_earlier_list_are_told(home: lake.Home) -> None:
    receive(home, sheet(wang(1), wang(2, phone="15400000002"), "赵五,,15400000005,,"))
    receive(
        home,
        sheet(wang(3), wang(2), "赵五,,15400000005,,", "王三,,15400000002,,"),
        agency="ministry",
    )
    told = lists.persons_at(home, "L2", "earlier", by="officer", now=BEGIN)
    assert [person.rows for person in told] == [(3,), (4,), (5,)]
    lists.withdraw(home, "L1", "wrong file", by="officer", now=LATER)
    assert lists.persons_at(home, "L2", "earlier", by="officer", now=BEGIN) == ()


def test_two_numbers_with_one_telephone_are_two_persons_across_lists(home: lake.Home) -> None:
    same = {"name": "王一", "phone": "15400000001"}
    for serial, agency in ((1, "carrier"), (2, "ministry")):
        row = f"{same['name']},{id_number(serial)},{same['phone']},,"
        receive(home, sheet(row), agency=agency)
    assert lists.persons_at(home, "L2", "earlier", by="officer", now=BEGIN) == ()


def test_known_persons_are_found_by_number_or_by_telephone_and_name(
    home: lake.Home, tmp_path: Path
) -> None:
    register_person(home, "p1", {"id_number": id_number(1), "name": "王某"})
    register_person(home, "p2", {"name": "赵五", "phone": "+8615400000005"})
    receive(home, sheet(wang(1), "赵五,,15400000005,,", "钱六,,15400000005,,", wang(4)))
    assert lists.check_list(home, "L1", by="officer", now=BEGIN).as_json()["known"] == 2
    told = lists.persons_at(home, "L1", "known", by="officer", now=BEGIN)
    assert [(person.person, person.known) for person in told] == [(1, ("p1",)), (2, ("p2",))]
    register_person(home, "p4", {"id_number": id_number(4)})
    assert lists.check_list(home, "L1", by="officer", now=LATER).as_json()["known"] == 3


def test_a_passport_is_known_only_with_its_name(home: lake.Home) -> None:
    passport = {"id_number": "E12345678", "id_kind": "passport"}
    register_person(home, "p1", {**passport, "name": "李丽"})
    header = "name,id_kind,id_number"
    receive(home, sheet("李丽,护照,E12345678", "王五,护照,E12345678", header=header))
    lists.check_list(home, "L1", by="officer", now=BEGIN)
    told = lists.persons_at(home, "L1", by="officer", now=BEGIN)
    assert [person.known for person in told] == [("p1",), ()]


def test_located_by_the_list_by_the_vault_or_not_at_all(home: lake.Home, tmp_path: Path) -> None:
    deliver(home, tmp_path, "jurisdiction", DIVISIONS)
    register_person(home, "p2", {"id_number": id_number(2), "address": HEXI})
    register_person(home, "p3", {"id_number": id_number(3), "address": HEXI})
    register_person(home, "p3", {"id_number": id_number(3), "address": "青远省东江市河东区长街1号"})
    receive(home, sheet(wang(1, address=HEXI), wang(2), wang(3), wang(4)))
    lists.check_list(home, "L1", by="officer", now=BEGIN)
    told = lists.persons_at(home, "L1", by="officer", now=BEGIN)
    assert [person.division for person in told] == ["990101", "990101", None, None]


def test_sent_on_by_division_or_by_hand_and_answered(home: lake.Home, tmp_path: Path) -> None:
    deliver(home, tmp_path, "jurisdiction", DIVISIONS)
    receive(home, sheet(wang(1, address=HEXI), wang(2), wang(3)))
    lists.check_list(home, "L1", by="officer", now=BEGIN)
    with pytest.raises(DataError, match="not located"):
        lists.send(home, "L1", "hexi-cdc", persons=[2], by="officer", now=BEGIN)
    with pytest.raises(NotFound):
        lists.send(home, "L1", "hexi-cdc", division="77", by="officer", now=BEGIN)
    by_division = lists.send(home, "L1", "hexi-cdc", division="9901", by="officer", now=BEGIN)
    assert by_division.persons == (1,)
    by_hand = lists.send(
        home, "L1", "hedong-cdc", division="990102", persons=[1, 2], by="officer", now=LATER
    )
    assert (by_hand.persons, by_hand.before) == ((2,), (1,))
    with pytest.raises(DataError, match="no unit"):
        lists.record(home, "L1", {3: "not_found"}, by="officer", now=LATER)
    with pytest.raises(NotFound):
        lists.record(home, "L1", {9: "not_found"}, by="officer", now=LATER)
    with pytest.raises(UsageError):
        lists.record(home, "L1", {1: "vanished"}, by="officer", now=LATER)
    done = lists.record(home, "L1", {1: "tested_positive", 2: "elsewhere"}, by="officer", now=LATER)
    assert done.persons == (1, 2)
    assert lists.record(home, "L1", {1: "tested_positive"}, by="officer", now=LATER).persons == ()
    assert figures(home) == {
        "received": 3,
        "valid": 3,
        "persons": 3,
        "located": 2,
        "sent": 2,
        "answered": 2,
        "positive": 1,
    }
    lists.record(home, "L1", {1: "quarantined"}, by="officer", now=LATER)
    assert figures(home)["positive"] == 1
    lists.record(home, "L1", {1: "tested_negative"}, by="officer", now=LATER)
    assert "positive" not in figures(home)


def test_who_was_elsewhere_can_be_sent_on_again_and_is_then_pending(home: lake.Home) -> None:
    receive(home, sheet(wang(1)))
    lists.send(home, "L1", "one", division="a", persons=[1], by="officer", now=BEGIN)
    lists.record(home, "L1", {1: "elsewhere"}, by="officer", now=BEGIN)
    assert lists.sign_off(home, "L1", by="officer", now=BEGIN) == 0
    assert lists.send(home, "L1", "two", persons=[1], by="officer", now=BEGIN).persons == (1,)
    with pytest.raises(DataError, match="1 persons"):
        lists.sign_off(home, "L1", by="officer", now=BEGIN)


def test_the_answer_is_what_was_signed_off_with_formulas_made_harmless(
    home: lake.Home, tmp_path: Path
) -> None:
    rows = [
        f"王一,{id_number(1)},,,",
        wang(2, reference="r-2"),
        wang(2, phone="1", reference="r-3"),
        "李,1,,,",
    ]
    receive(home, sheet(*rows), name="=list.csv")
    lists.send(home, "L1", "u", division="a", persons=[1, 2], by="officer", now=BEGIN)
    lists.record(home, "L1", {1: "tested_negative"}, by="officer", now=BEGIN)
    answer = tmp_path / "answer.csv"

    def write() -> lists.ReceivedList:
        return lists.write_answer(home, "L1", answer, language="en", by="officer", now=LATER)

    with pytest.raises(NotAllowed, match="not signed"):
        write()
    with pytest.raises(DataError, match="interim"):
        lists.sign_off(home, "L1", by="officer", now=LATER)
    assert lists.sign_off(home, "L1", interim=True, by="officer", now=LATER) == 1
    lists.record(home, "L1", {2: "tested_positive"}, by="officer", now=LATER)
    with pytest.raises(NotAllowed, match="not signed"):
        write()
    lists.sign_off(home, "L1", by="officer", now=LATER)
    assert write().state == "answered"
    told = list(csv.DictReader(answer.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["row"], row["reference"], row["person"], row["result"]) for row in told] == [
        ("2", "", "1", "tested negative"),
        ("3", "r-2", "2", "tested positive"),
        ("4", "r-3", "2", "tested positive"),
        ("5", "", "", "not valid"),
    ]
    assert all(row["file"] == "'=list.csv" for row in told)
    assert [row["reason"] for row in told[:3]] == ["", "", "wrong, and left out: phone"]
    assert "id_number" in told[3]["reason"]
    assert id_number(1) not in answer.read_text(encoding="utf-8-sig")
    assert answer.stat().st_mode & 0o777 == 0o600


def test_a_sheet_goes_out_and_comes_back_filled_in(home: lake.Home, tmp_path: Path) -> None:
    receive(home, sheet(wang(1, phone="15400000001"), wang(2)))
    lists.send(home, "L1", "u", division="a", persons=[1, 2], by="officer", now=BEGIN)
    file = tmp_path / "sheet.csv"
    file.write_text("an old file that all may read" * 100, encoding="utf-8")
    file.chmod(0o644)
    count = lists.write_sheet(home, "L1", "u", file, purpose="visit", by="officer", now=BEGIN)
    assert count == 2
    text = file.read_text(encoding="utf-8-sig")
    assert f"1,a,王二,,{id_number(1)},'+8615400000001," in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert "an old file" not in text
    assert [path.name for path in tmp_path.glob(".*")] == []
    lines = text.splitlines()
    file.write_text("\n".join([lines[0], lines[1] + "检测阳性", lines[2]]), encoding="utf-8")
    assert lists.read_outcomes(home, file) == {1: "tested_positive"}
    lists.record(home, "L1", lists.read_outcomes(home, file), by="officer", now=LATER)
    with pytest.raises(NotFound):
        lists.write_sheet(home, "L1", "v", file, purpose="visit", by="officer", now=BEGIN)


@pytest.mark.parametrize(
    "text",
    [
        "person\n1\n",
        "person,outcome\nfirst,not_found\n",
        "person,outcome\n1,vanished\n",
        "person,outcome\n1,not_found\n1,elsewhere\n",
        "person,outcome\n=1+1,not_found\n",
        "person,outcome\n99999999999999999999,not_found\n",
        "",
    ],
)
def test_a_sheet_with_a_fault_is_refused_whole(home: lake.Home, tmp_path: Path, text: str) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        lists.read_outcomes(home, file)
