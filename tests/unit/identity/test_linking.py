"""Exact links on checked numbers: who is linked, who is left to people, and what ends a link."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from tests.unit.identity.homes import BY, at, identity_number, people, told

from ringfence import audit, lake
from ringfence.errors import StorageError
from ringfence.identity import merge, split, undo
from ringfence.identity.linking import conflicts, link
from ringfence.identity.planning import Conflict
from ringfence.lake import Home

NUMBER = identity_number()
OTHER = identity_number("19910101", 2)


def linked(home: Home, hours: float = 10) -> tuple[Conflict, ...]:
    return link(home, by=BY, now=at(hours)).conflicts


def test_who_bears_one_checked_number_is_one_person(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": OTHER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}, "r2": {"name": "王小明"}}, source="rail")
    assert linked(home) == ()
    assert people(home) == {"h1": ("h1", "r1")}
    assert people(home, 9) == {}


def test_linking_again_changes_nothing(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    first, second = (link(home, by=BY, now=at(hours)) for hours in (10, 11))
    assert (first.act, first.begun, second.act, second.begun) == (1, 1, None, 0)


def test_a_home_without_identities_has_nothing_to_link(home: Home) -> None:
    assert link(home, by=BY, now=at(1)).act is None
    assert conflicts(home, by=BY, now=at(1)) == ()
    assert people(home) == {}


def test_a_third_subject_joins(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    told(home, "clinic", {"c1": {"id_number": NUMBER}}, source="clinic", hours=11)
    linked(home, 12)
    assert people(home) == {"c1": ("c1", "h1", "r1")}
    assert people(home, 11) == {"h1": ("h1", "r1")}


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        ({"birth_date": "1990-03-07"}, {"birth_date": "1990-03-08"}, ("birth_date",)),
        ({}, {"birth_date": "1990-03-08"}, ("birth_date",)),
        ({"sex": "male"}, {"sex": "female"}, ("sex",)),
        ({}, {"sex": "female"}, ("sex",)),
        ({"name": "王小明"}, {"name": "李雷"}, ("name",)),
        ({"name": "王小明"}, {"name": "Li Lei"}, ("name",)),
        ({"name": "王小明"}, {"name": "王晓明"}, ()),
        ({"name": "王小明"}, {"name": "王小朋"}, ()),
        ({"name": "单雄信"}, {"name": "Shan Xiongxin"}, ()),
        ({"name": "王小明"}, {"name": "Xiaoming Wang"}, ()),
        ({"name": "Anna Maria Schmidt"}, {"name": "anna schmidt"}, ()),
        ({"name": "王五", "sex": "male"}, {"name": "王五", "birth_date": "1990-03-07"}, ()),
        ({"sex": "other"}, {"sex": "male"}, ()),
    ],
)
def test_what_contradicts_is_left_to_people(
    home: Home, one: dict[str, str], other: dict[str, str], kinds: tuple[str, ...]
) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER, **one}})
    told(home, "rail", {"r1": {"id_number": NUMBER, **other}}, source="rail")
    expected = (Conflict(kinds, ("h1", "r1"), linked=False),) if kinds else ()
    assert linked(home) == expected
    assert conflicts(home, by=BY, now=at(11)) == expected
    assert people(home) == ({} if kinds else {"h1": ("h1", "r1")})


def test_a_number_without_a_check_character_needs_a_name(home: Home) -> None:
    passport = {"id_kind": "passport", "id_number": "E12345678"}
    told(home, "hotel", {"h1": {**passport, "name": "李雷"}, "h2": passport})
    told(home, "rail", {"r1": {**passport, "name": "Li Lei"}}, source="rail")
    assert linked(home) == (Conflict(("unchecked",), ("h1", "h2", "r1"), linked=False),)
    told(home, "mended", {"h2": {**passport, "name": "李蕾"}}, hours=11)
    assert linked(home, 12) == ()
    assert people(home) == {"h1": ("h1", "h2", "r1")}


def test_who_bears_two_checked_numbers_is_left_to_people(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "x": {"id_number": NUMBER}})
    told(home, "rail", {"x": {"id_number": OTHER}, "r1": {"id_number": OTHER}}, source="rail")
    found = linked(home)
    assert {conflict.subjects for conflict in found} == {("h1", "x"), ("r1", "x")}
    assert all("numbers" in conflict.kinds for conflict in found)
    assert people(home) == {}


def test_a_withdrawn_batch_no_longer_links(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    rail = told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    told(home, "clinic", {"c1": {"id_number": NUMBER}}, source="clinic")
    linked(home)
    lake.withdraw(home, rail, "wrong file", at(20))
    assert people(home) == {"c1": ("c1", "h1")}
    assert people(home, 19) == {"c1": ("c1", "h1", "r1")}
    linked(home, 21)
    assert people(home) == {"c1": ("c1", "h1")}
    lake.reinstate(home, rail, "right after all", at(22))
    assert people(home) == {"c1": ("c1", "h1", "r1")}


def test_one_of_two_batches_is_enough(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    first = told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    told(home, "rail again", {"r1": {"id_number": NUMBER}}, source="rail", hours=2)
    linked(home)
    lake.withdraw(home, first, "wrong file", at(20))
    assert people(home) == {"h1": ("h1", "r1")}


def test_a_batch_that_came_later_keeps_the_link(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    first = told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    told(home, "rail again", {"r1": {"id_number": NUMBER}}, source="rail", hours=11)
    lake.withdraw(home, first, "wrong file", at(20))
    assert people(home) == {}
    linked(home, 21)
    assert people(home) == {"h1": ("h1", "r1")}


def test_a_corrected_number_ends_the_link(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    told(home, "rail mended", {"r1": {"id_number": OTHER}}, source="rail", hours=11)
    assert link(home, by=BY, now=at(12)).ended == 1
    assert people(home) == {}
    assert people(home, 11) == {"h1": ("h1", "r1")}


def test_what_is_known_no_more_ends_no_link(home: Home) -> None:
    from ringfence.vault import open_vault

    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    with open_vault(home) as vault:
        vault.shred(f"{at(1):%Y-%m}")
    assert link(home, by=BY, now=at(12)).ended == 0
    assert people(home) == {"h1": ("h1", "r1")}


def test_links_never_join_again_what_was_split(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    split(home, ["r1"], reason="borrowed card", by=BY, now=at(11))
    assert linked(home, 12) == ()
    assert people(home) == {"h1": ("h1", "h2")}
    told(home, "clinic", {"c1": {"id_number": NUMBER}}, source="clinic", hours=13)
    assert linked(home, 14) == (Conflict(("apart",), ("c1", "h1", "h2", "r1"), linked=False),)
    assert people(home) == {"h1": ("h1", "h2")}
    merge(home, ["c1", "h2"], reason="asked him", by=BY, now=at(15))
    assert people(home) == {"c1": ("c1", "h1", "h2")}


def test_a_third_number_does_not_join_what_was_split(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    linked(home)
    split(home, ["h2"], reason="brother", by=BY, now=at(11))
    passport = {"id_kind": "passport", "id_number": "E12345678", "name": "李雷"}
    told(home, "rail", {"h1": passport, "r1": passport}, source="rail", hours=12)
    told(home, "clinic", {"h2": passport}, source="clinic", hours=12)
    assert [conflict.kinds for conflict in linked(home, 13)] == [("apart",)]
    assert people(home) == {}


def test_a_link_that_is_in_doubt_now_stays_until_somebody_looks(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER, "name": "王小明"}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    told(home, "rail more", {"r1": {"name": "李雷"}}, source="rail", hours=11)
    assert linked(home, 12) == (Conflict(("name",), ("h1", "r1"), linked=True),)
    assert people(home) == {"h1": ("h1", "r1")}


def test_a_link_can_be_taken_back(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    linked(home)
    undo(home, 1, reason="looked wrong", by=BY, now=at(11))
    assert people(home) == {}


def test_linking_is_audited_by_figures_only(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    linked(home)
    rows = [(row.act, row.state, dict(row.about)) for row in audit.entries(home)]
    assert rows == [
        ("identity.link", "intended", {"grade": "exact"}),
        ("identity.link", "done", {"begun": "1", "ended": "0", "conflicts": "0"}),
    ]
    stored = b"".join(path.read_bytes() for path in home.identity.rglob("*") if path.is_file())
    assert NUMBER.encode() not in stored


def test_each_subject_of_whom_sources_say_otherwise_is_listed(home: Home) -> None:
    told(home, "hotel", {"a": {"id_number": NUMBER, "sex": "female"}, "b": {"name": "王小明"}})
    told(home, "rail", {"b": {"name": "李雷"}, "c": {"sex": "male"}}, source="rail")
    told(home, "clinic", {"c": {"sex": "female"}, "d": {"name": "王五"}}, source="clinic")
    told(home, "more", {"d": {"name": "赵六"}, "e": {"name": "王晓明"}}, source="clinic", hours=2)
    told(home, "tax", {"e": {"name": "王小明"}, "a": {"birth_date": "1990-03-07"}}, source="tax")
    found = conflicts(home, by=BY, now=at(3), each=True)
    assert {conflict.subjects: conflict.kinds for conflict in found} == {
        ("a",): ("sex",),
        ("b",): ("name",),
        ("c",): ("sex",),
    }
    assert conflicts(home, by=BY, now=at(3)) == ()


def damaged(home: Home, subject: str) -> None:
    """What is sealed of a subject cannot be opened any more."""
    with closing(sqlite3.connect(home.vault / f"cohort-{at(1):%Y-%m}.sqlite")) as file, file:
        file.execute("UPDATE statement SET sealed = x'00' WHERE subject = ?", (subject,))


def test_what_did_not_change_is_not_read_again(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": OTHER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    linked(home)
    damaged(home, "h1")
    told(home, "clinic", {"c2": {"id_number": OTHER}}, source="clinic", hours=11)
    done = link(home, by=BY, now=at(12))
    assert (done.numbers, done.begun) == (2, 1)
    assert people(home) == {"c2": ("c2", "h2"), "h1": ("h1", "r1")}
    told(home, "again", {"r1": {"id_number": NUMBER, "sex": "male"}}, source="rail", hours=13)
    with pytest.raises(StorageError):
        link(home, by=BY, now=at(14))


def test_what_was_found_before_says_nothing_of_those_in_doubt(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER, "name": "王小明"}})
    told(home, "rail", {"r1": {"id_number": NUMBER, "name": "李雷"}}, source="rail")
    linked(home)
    kept = (home.identity / "kept" / "numbers.shared").read_bytes()
    assert b"h1" in kept and b"name" not in kept
    assert [conflict.kinds for conflict in linked(home, 11)] == [("name",)]


@pytest.mark.parametrize("content", [b"", b"ARROW1\0\0nothing"])
def test_a_damaged_memory_of_links_is_made_anew(home: Home, content: bytes) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    linked(home)
    (home.identity / "kept" / "numbers.shared").write_bytes(content)
    assert link(home, by=BY, now=at(11)).numbers == 1
