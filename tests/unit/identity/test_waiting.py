"""Who would be linked if somebody linked: told of a batch, and of the subjects of a case."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from tests.unit.identity.homes import BY, at, identity_number, people, told

from ringfence import audit, lake
from ringfence.errors import StorageError
from ringfence.identity import merge, split
from ringfence.identity.linking import link
from ringfence.identity.waiting import Waiting, waiting_in_batch, waiting_of
from ringfence.lake import Home
from ringfence.vault import open_vault

NUMBER = identity_number()
OTHER = identity_number("19910101", 2)
PASSPORT = {"id_kind": "passport", "id_number": "E12345678"}


def of_case(home: Home, *subjects: str) -> dict[str, tuple[str, ...]]:
    """Whom a link would join."""
    waiting = waiting_of(home, {"C1": subjects}, by=BY, now=at(50))
    return {case: one.joined for case, one in waiting.items() if one.joined}


def test_the_subjects_of_a_batch_that_share_a_number_are_counted(home: Home) -> None:
    first = told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": OTHER}})
    assert waiting_in_batch(home, first) == 0
    rail = told(home, "rail", {"r1": {"id_number": NUMBER}, "r2": {"name": "李雷"}}, source="rail")
    assert (waiting_in_batch(home, rail), waiting_in_batch(home, first)) == (1, 1)
    assert people(home) == {}
    link(home, by=BY, now=at(10))
    assert (waiting_in_batch(home, rail), waiting_in_batch(home, first)) == (0, 0)


def test_two_of_one_batch_wait_for_each_other(home: Home) -> None:
    batch = told(home, "hotel", {"h1": PASSPORT, "h2": PASSPORT, "h3": {"id_number": NUMBER}})
    assert waiting_in_batch(home, batch) == 2


def test_counting_opens_no_record_of_others_and_leaves_no_audit_row(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    rail = told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail", hours=2)
    with closing(sqlite3.connect(home.vault / f"cohort-{at(1):%Y-%m}.sqlite")) as file, file:
        file.execute("UPDATE statement SET sealed = x'00' WHERE subject = 'h1'")
    with pytest.raises(StorageError):
        link(home, by=BY, now=at(3))
    before = len(list(audit.entries(home)))
    assert waiting_in_batch(home, rail) == 1
    assert len(list(audit.entries(home))) == before


def test_what_does_not_count_is_not_waited_for(home: Home) -> None:
    hotel = told(home, "hotel", {"h1": {"id_number": NUMBER}})
    rail = told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    lake.withdraw(home, hotel, "wrong file", at(20))
    assert (waiting_in_batch(home, rail), waiting_in_batch(home, hotel)) == (0, 0)
    assert of_case(home, "r1") == {}
    lake.reinstate(home, hotel, "right after all", at(21))
    assert waiting_in_batch(home, rail) == 1
    assert waiting_in_batch(home, "0" * 64) == 0


def test_who_was_told_apart_by_hand_is_not_waited_for(home: Home) -> None:
    hotel = told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    link(home, by=BY, now=at(10))
    split(home, ["h2"], reason="brother", by=BY, now=at(11))
    assert waiting_in_batch(home, hotel) == 0
    assert of_case(home, "h1") == {}


def test_a_link_that_lost_its_batch_waits_again(home: Home) -> None:
    hotel = told(home, "hotel", {"h1": {"id_number": NUMBER}})
    first = told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    link(home, by=BY, now=at(10))
    told(home, "rail again", {"r1": {"id_number": NUMBER}}, source="rail", hours=11)
    lake.withdraw(home, first, "wrong file", at(20))
    assert waiting_in_batch(home, hotel) == 1
    assert of_case(home, "h1") == {"C1": ("r1",)}


def test_a_case_is_told_of_those_that_a_link_would_join(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER, "name": "王小明"}, "x": PASSPORT})
    told(home, "rail", {"r1": {"id_number": NUMBER}, "r2": {"id_number": OTHER}}, source="rail")
    told(home, "clinic", {"c1": {"id_number": OTHER}}, source="clinic", hours=1000)
    assert of_case(home, "h1") == {"C1": ("r1",)}
    cases = {"C1": ["r1", "r2"], "C2": ["x"], "C3": ["nobody"], "C4": ["c1"]}
    assert waiting_of(home, cases, by=BY, now=at(1001)) == {
        "C1": Waiting(("c1", "h1")),
        "C4": Waiting(("r2",)),
    }
    link(home, by=BY, now=at(1002))
    assert waiting_of(home, cases | {"C1": ["h1", "r1"]}, by=BY, now=at(1003)) == {}


@pytest.mark.parametrize("against", [{"name": "李雷"}, {"sex": "female"}])
def test_what_speaks_against_a_link_is_not_waited_for(home: Home, against: dict[str, str]) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER, "name": "王小明"}})
    told(home, "rail", {"r1": {"id_number": NUMBER, **against}}, source="rail")
    assert of_case(home, "h1") == {}
    waiting = waiting_of(home, {"C1": ["h1"]}, by=BY, now=at(50))
    assert waiting == {"C1": Waiting((), ("r1",))}
    merge(home, ["h1", "r1"], reason="asked both", by=BY, now=at(51))
    assert waiting_of(home, {"C1": ["h1", "r1"]}, by=BY, now=at(52)) == {}


def test_a_number_that_was_corrected_is_not_waited_for(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    told(home, "rail mended", {"r1": {"id_number": OTHER}}, source="rail", hours=11)
    assert of_case(home, "h1") == {}


def test_reading_what_is_said_of_others_is_audited_by_the_case(home: Home) -> None:
    told(home, "hotel", {"h1": {"id_number": NUMBER}})
    assert of_case(home, "h1") == {}
    assert list(audit.entries(home)) == []
    told(home, "rail", {"r1": {"id_number": NUMBER}}, source="rail")
    of_case(home, "h1")
    rows = [(row.act, row.state, dict(row.about)) for row in audit.entries(home)]
    assert rows == [
        ("identity.waiting", "intended", {"cases": "C1"}),
        ("identity.waiting", "done", {"joined": "1", "disputed": "0"}),
    ]


def test_a_home_without_identities_or_with_shredded_ones_waits_for_nobody(home: Home) -> None:
    assert of_case(home, "h1") == {}
    assert waiting_in_batch(home, "0" * 64) == 0
    batch = told(home, "hotel", {"h1": {"id_number": NUMBER}, "h2": {"id_number": NUMBER}})
    with open_vault(home) as vault:
        vault.shred(f"{at(1):%Y-%m}")
    assert waiting_in_batch(home, batch) == 0
    assert of_case(home, "h1") == {}
