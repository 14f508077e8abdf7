"""Cases of other channels become cases of the server: each once, and no further than they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import DAY, Town, day, deliver, enter, token
from tests.server.homes import NOON

from ringfence.errors import NotFound
from ringfence.lake import Home, withdraw
from ringfence.sources import import_file
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Taken
from ringfence_server.cases.models import Case, CaseChange

pytestmark = pytest.mark.django_db
CASES = (
    "case,subject,disease,classification,symptomatic,jurisdiction\n"
    "G1,p1,covid-19,confirmed,yes,000101\n"
    "G2,p2,covid-19,suspected,unknown,\n"
    "G3,p3,covid-19,confirmed,no,999999\n"
    "G4,p4,plague,discarded,yes,000102\n"
)
EVENTS = "case,kind,at\nG1,onset,2022-07-04\nG1,report,2022-07-06\nG1,isolated,2022-07-06\n"
TESTS = "subject,sampled,result\np1,2022-07-05,positive\np2,2022-07-05,negative\n"
SUBJECTS = "subject,grid\np2,000101001001001\n"


def bring(home: Home, table: str, text: str, source: str = "godata") -> str:
    file = Path(home.root.parent, f"{table}.csv")
    file.write_text(text, encoding="utf-8")
    return import_file(home, file, table=table, source=source, now=NOON).batch


def brought(home: Home) -> None:
    for table, text in (
        ("case", CASES),
        ("case_event", EVENTS),
        ("test", TESTS),
        ("subject", SUBJECTS),
    ):
        bring(home, table, text)


def take(home: Home) -> Taken:
    return actions.take_from_lake(home, by=None, at=NOON)


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def test_each_once_in_its_unit(home: Home, town: Town) -> None:
    brought(home)
    assert take(home) == Taken(4, 0)
    assert take(home) == Taken(0, 0)
    told = {one.number: (one.unit_id, one.place_unknown, one.state) for one in Case.objects.all()}
    assert told == {
        "G1": ("000101", False, "traceable"),
        "G2": ("000101001001001", False, "entered"),
        "G3": ("CN", True, "entered"),
        "G4": ("000102", False, "discarded"),
    }
    first = case("G1")
    assert (first.onset_at, first.sampled_at) == (day(4).at, day(5).at)
    assert (first.reported_at, first.listed_at, first.isolated_at) == (day(6).at,) * 3
    assert first.results.get().result == "positive"
    assert case("G2").grid == "000101001001001"


def test_without_units_it_says_so(home: Home, db: None) -> None:
    brought(home)
    with pytest.raises(NotFound, match="jurisdictions"):
        take(home)


def test_what_came_since(home: Home, town: Town) -> None:
    brought(home)
    take(home)
    bring(home, "test", "subject,sampled,result\np3,2022-07-06,positive\n", "laboratory")
    assert take(home) == Taken(0, 1)
    assert case("G3").state == "traceable"
    bring(home, "case_event", "case,kind,at\nG2,onset,2022-07-03\n", "clinic")
    assert take(home) == Taken(0, 1)
    assert case("G2").onset_at == day(3).at
    assert CaseChange.objects.filter(case=case("G2")).count() == 2


def test_a_withdrawn_batch_takes_its_cases_along(home: Home, town: Town) -> None:
    batch = bring(home, "case", CASES)
    take(home)
    withdraw(home, batch, "wrong file", NOON)
    assert take(home) == Taken(0, 3)
    assert {one.state for one in Case.objects.all()} == {"withdrawn", "discarded"}


def test_a_withdrawn_test_takes_the_confirmation_along(home: Home, town: Town) -> None:
    bring(home, "case", CASES)
    batch = bring(home, "test", TESTS)
    take(home)
    assert case("G1").state == "traceable"
    withdraw(home, batch, "mixed up samples", NOON)
    take(home)
    assert case("G1").state == "entered"
    assert not case("G1").results.exists()


def test_what_was_entered_here_does_not_come_back_as_another(home: Home, town: Town) -> None:
    mine = enter(home, town)
    deliver(home)
    assert take(home) == Taken(0, 0)
    assert Case.objects.get() == mine


def test_a_laboratory_confirms_what_was_entered_here(home: Home, town: Town) -> None:
    mine = enter(home, town)
    deliver(home)
    bring(home, "test", f"subject,sampled,result\n{mine.subject},2022-07-05,positive\n", "lab")
    assert take(home) == Taken(0, 1)
    now = Case.objects.get()
    assert (now.state, now.classification, now.sampled_at) == (
        "traceable",
        "confirmed",
        day(5).at,
    )
    deliver(home)
    assert take(home) == Taken(0, 0)


def test_what_a_person_decided_stands(home: Home, town: Town) -> None:
    brought(home)
    take(home)
    chief = town.chief
    actions.withdraw(home=home, number="G1", reason="mixed up", by=chief, at=NOON)
    bring(home, "case_event", "case,kind,at\nG1,onset,2022-07-03\n", "clinic")
    take(home)
    assert (case("G1").state, case("G1").onset_at) == ("withdrawn", day(3).at)


def test_the_same_person_from_two_channels_is_pointed_at(home: Home, town: Town) -> None:
    bring(home, "case", CASES)
    take(home)
    bring(home, "case", CASES.replace("G1", "L1"), "laboratory")
    take(home)
    assert not case("G1").twin
    assert case("L1").twin


def test_signatures_of_a_case_of_another_channel_stand_beside_its_news(
    home: Home, town: Town
) -> None:
    brought(home)
    take(home)
    chief, doctor = town.chief, town.staff("doctor", "clinician", "000101")
    actions.assign(number="G2", account=doctor.user, by=chief, at=NOON)
    for by in (chief, doctor):
        actions.sign(number="G2", by=by, at=NOON)
    bring(home, "case_event", "case,kind,at\nG2,onset,2022-07-03\n", "clinic")
    take(home)
    assert case("G2").state == "provisional"
    assert case("G2").provisional_until == NOON + 2 * DAY
    assert token()
