"""What a worker is given to tell at a door: the class, the measures with their days, the dates."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.server.cases.town import DAY, Town
from tests.server.follow_ups.listing import approves, listed, released_after, tasks
from tests.server.homes import NOON
from tests.server.seen import seen
from tests.server.tasks.loop import client_of
from tests.server.tasks.test_nobody_falls_out import case_of

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.follow_ups.telling import ToTell, told_of
from ringfence_server.tasks.classes import HANDED_OVER, classes_of
from ringfence_server.tasks.handing import take_in
from ringfence_server.tasks.keeping import alone
from ringfence_server.tasks.models import FollowUp, Link
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
LAST = NOON - 2 * DAY
RELEASE = released_after(LAST)


@pytest.fixture
def chief(town: Town) -> Acting:
    return town.chief


@pytest.fixture
def worker(town: Town) -> Acting:
    return town.staff("worker", "grid_worker", "0001")


@pytest.fixture
def case(home: Home, town: Town) -> Case:
    return case_of("C1", town)


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence_server.follow_ups.telling.now", lambda: NOON)


def to_tell(home: Home, person: str = "a", at: datetime = NOON) -> ToTell:
    told = told_of(home, FollowUp.objects.get(person=person), at)
    assert told is not None
    return told


def test_class_measures_tests_and_the_last_day(home: Home, case: Case, chief: Acting) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    told = to_tell(home)
    site = f"集中隔离7天至{RELEASE - timedelta(days=3)}"
    assert told.text.zh == "密接"
    assert [one.zh for one in told.steps] == [site, f"居家隔离3天至{RELEASE}"]
    assert told.release_date == RELEASE
    assert told.tests and max(told.tests) == RELEASE
    assert not (told.provisional or told.draft or told.elsewhere or told.over)


def test_tests_that_are_past_are_told_no_more_and_the_end_is_said(
    home: Home, case: Case, chief: Acting
) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    every = to_tell(home, at=LAST).tests
    later = to_tell(home, at=NOON + 3 * DAY)
    assert 0 < len(later.tests) < len(every)
    assert later.tests == every[-len(later.tests) :]
    assert not to_tell(home, at=NOON + 7 * DAY).over
    assert to_tell(home, at=NOON + 8 * DAY).over


def test_of_two_lists_every_measure_is_told(
    home: Home, case: Case, town: Town, chief: Acting
) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    once = to_tell(home).steps
    approves(home, listed(case_of("C2", town), {"a": LAST + DAY}, chief), chief)
    told = to_tell(home)
    assert (told.steps[: len(once)], len(told.steps)) == (once, 2 * len(once))
    assert told.release_date == RELEASE + timedelta(days=1)
    Run.objects.filter(case=case).update(draft=True)
    assert to_tell(home).draft


def test_a_provisional_list_binds_nobody(home: Home, case: Case, town: Town, chief: Acting) -> None:
    approves(home, listed(case, {"a": LAST}, chief, provisional=True), chief)
    told = to_tell(home)
    assert told.provisional
    assert (told.steps, told.tests, told.release_date) == ((), (), None)
    other = case_of("C2", town)
    approves(home, listed(other, {"a": LAST}, chief), chief)
    told = to_tell(home)
    assert (told.provisional, told.release_date) == (False, RELEASE)


def test_whom_somebody_named_is_only_asked(home: Home, case: Case, chief: Acting) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    Link.objects.update(outcome="named", run=None)
    told = to_tell(home)
    assert (told.listed, told.elsewhere, told.steps) == (False, False, ())


def test_who_was_handed_over_is_a_contact_whose_measures_another_city_knows(
    home: Home, case: Case, town: Town, chief: Acting, worker: Acting
) -> None:
    with transaction.atomic():
        alone()
        unit, disease = town.unit("0001"), case.disease
        person = take_in("a", disease=disease, unit=unit, received="4403-1", by=chief, at=NOON)
    told = to_tell(home)
    assert (told.text, told.listed, told.elsewhere) == (HANDED_OVER, False, True)
    assert classes_of([person.pk]) == {person.pk: HANDED_OVER}
    (one,) = tasks("a", "verify")
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    page = client_of(worker).get(f"/my-tasks/{one.pk}/").content.decode()
    assert "Another city handed this person over" in page
    assert "No measure" not in page
    approves(home, listed(case, {"a": LAST}, chief), chief)
    told = to_tell(home)
    assert (told.text.en, told.elsewhere, told.release_date) == ("close contact", True, RELEASE)


def test_a_draft_says_that_it_is_one(home: Home, case: Case, chief: Acting) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    Run.objects.update(draft=True)
    assert to_tell(home).draft


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Tell them", "close contact", "quarantine in a facility", "an exercise"]),
        ("zh-hans", ["请告知", "密接", "集中隔离7天", "居家隔离3天", "核酸检测", "仅供演练"]),
    ],
)
@pytest.mark.usefixtures("at_noon")
def test_it_stands_on_the_page_once_the_task_is_accepted(
    home: Home, case: Case, town: Town, language: str, words: list[str]
) -> None:
    chief, worker = town.chief, town.staff("worker", "grid_worker", "0001")
    approves(home, listed(case, {"a": LAST}, chief), chief)
    Run.objects.update(draft=True)
    (one,) = tasks("a", "notify")
    client = client_of(worker, language)
    client.cookies["language"] = language
    page = client.get(f"/my-tasks/{one.pk}/").content.decode()
    assert "to-tell" not in page
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    page = seen(client.get(f"/my-tasks/{one.pk}/"))
    assert [word for word in (*words, str(RELEASE)) if word not in page] == []
    assert case.number not in page
