"""Every opening waits for somebody else, who is told in time and finds what was looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.server.cases.town import Town
from tests.server.glass.test_opening import END, HOUR, later, opens
from tests.server.homes import NOON, told_of

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.glass import actions
from ringfence_server.glass.models import Opening, Review
from ringfence_server.glass.queries import waiting
from ringfence_server.glass.refusals import Reviewed
from ringfence_server.glass.waiting import work
from ringfence_server.outbox import auditing

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening(town: Town, case: Case) -> Opening:
    """By a clinician of the other district."""
    made = opens(town.staff("doctor-102", "clinician", "000102")).opening
    assert made is not None
    return made


def found(opening: Opening, by: Acting, *, justified: bool = True, at: datetime = END) -> Review:
    reason = "asked the ward"
    return actions.review(opening=opening.pk, justified=justified, reason=reason, by=by, at=at)


def told(by: Acting, at: datetime) -> tuple[int, int]:
    """How many the inbox counts, and how many of them late."""
    lines = [(one.count, one.urgent) for one in work(by, at)]
    return lines[0] if lines else (0, 0)


def test_who_is_told_and_when(town: Town, opening: Opening) -> None:
    """The unit of the case and the auditor at once, each level above a day later."""
    owner = town.staff("chief-101", "supervisor", "000101")
    auditor = town.staff("auditor", "auditor", "0001")
    city, province = town.chief, town.staff("province", "supervisor", "00")
    elsewhere = town.neighbour
    street = town.staff("street", "supervisor", "000101001")
    day = timedelta(days=1)
    for at, expected in (
        (NOON, {owner: (1, 0), auditor: (1, 0), city: (0, 0), province: (0, 0)}),
        (NOON + day - HOUR, {owner: (1, 0), auditor: (1, 0), city: (0, 0)}),
        (NOON + day, {owner: (1, 1), auditor: (1, 1), city: (1, 1), province: (0, 0)}),
        (NOON + 2 * day, {city: (1, 1), province: (1, 1)}),
    ):
        for by, counts in expected.items():
            assert told(by, at) == counts, (by.user.username, at)
        for by in (elsewhere, street):
            assert told(by, at) == (0, 0)
    found(opening, owner)
    assert told(city, NOON + 2 * day) == (0, 0)


def test_by_whom_it_is_reviewed(town: Town, opening: Opening) -> None:
    opener = town.staff("doctor-102", "clinician", "000102")
    same_unit = town.neighbour
    for by in (opener, same_unit, town.staff("street", "supervisor", "000101001")):
        with pytest.raises(NotFound):
            found(opening, by)
    for by in (town.detective, town.staff("analyst", "data_analyst", "0001")):
        with pytest.raises(NotFound):
            found(opening, by)
    assert found(opening, town.staff("auditor", "auditor", "0001")).justified


def test_never_by_who_opened_it_nor_by_the_same_unit(town: Town, case: Case) -> None:
    """Also where their role reaches the case's unit."""
    made = opens(town.detective).opening
    assert made is not None
    with pytest.raises(NotAllowed):
        found(made, town.staff("chief-101", "supervisor", "000101"))
    both = town.staff("detective", "supervisor", "00")
    with pytest.raises(NotAllowed):
        found(made, both)
    assert waiting(town.staff("chief-101", "supervisor", "000101"), NOON).exists(), "but is told"
    assert waiting(town.chief, NOON).exists(), "and the level above reviews at once"
    found(made, town.chief)


def test_a_reason_is_needed_and_names_nobody(town: Town, opening: Opening) -> None:
    for reason in ("", "13800138000"):
        with pytest.raises((UsageError, DataError)):
            actions.review(opening=opening.pk, justified=True, reason=reason, by=town.chief, at=END)


def test_a_review_is_one_and_ends_what_is_open(home: Home, town: Town, opening: Opening) -> None:
    doctor = town.staff("doctor-102", "clinician", "000102")
    assert visible(later(doctor, NOON + HOUR)).exists()
    found(opening, town.chief, at=NOON + HOUR)
    assert not visible(later(doctor, NOON + HOUR)).exists()
    with pytest.raises(Reviewed):
        found(opening, town.staff("auditor", "auditor", "0001"), justified=False)
    auditing.drain(home)
    (row,) = told_of(home, "glass.reviewed")
    assert (row.about["found"], row.about["opening"]) == ("justified", str(opening.pk))
    assert told_of(home, "glass.ended")


def test_the_unit_of_the_case_may_stop_it(town: Town, opening: Opening) -> None:
    doctor = town.staff("doctor-102", "clinician", "000102")
    with pytest.raises(NotFound):
        actions.stop(opening=opening.pk, by=town.neighbour, at=NOON + HOUR)
    for at in (NOON + HOUR, NOON + 2 * HOUR):
        actions.stop(opening=opening.pk, by=town.staff("chief-101", "supervisor", "000101"), at=at)
    assert Opening.objects.get().until == NOON + HOUR
    assert not visible(later(doctor, NOON + HOUR)).exists()


def test_two_that_were_not_justified_are_the_last(town: Town, case: Case) -> None:
    by, auditor = town.neighbour, town.staff("auditor", "auditor", "0001")
    for day in range(2):
        made = opens(by, at=NOON + timedelta(days=day)).opening
        assert made is not None
        found(made, auditor, justified=False, at=NOON + timedelta(days=day))
    with pytest.raises(NotAllowed, match="not justified"):
        opens(by, at=NOON + timedelta(days=3))
    assert opens(by, at=NOON + timedelta(days=91)).opening is not None
