"""Each day is asked about, none is passed over, and a person releases, by the rule, on the day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from tests.server.cases.town import DAY, Town
from tests.server.follow_ups.listing import (
    TODAY,
    approves,
    listed,
    lives,
    released_after,
    reports,
    settles,
    tasks,
)
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of
from tests.server.tasks.test_nobody_falls_out import case_of

from ringfence.errors import DataError, NotFound, UsageError, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.actions import reclassify, withdraw
from ringfence_server.cases.models import Case
from ringfence_server.follow_ups import actions
from ringfence_server.follow_ups.models import Moved, Watch
from ringfence_server.follow_ups.releasing import due
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.assigning import add, last_state
from ringfence_server.tasks.escalating import escalate
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tasks.queries import free, lost
from ringfence_server.tasks.refusals import Overtaken
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
def case(home: Home, town: Town, chief: Acting) -> Case:
    """a is followed: exposed two days ago."""
    made = case_of("C1", town)
    approves(home, listed(made, {"a": LAST}, chief), chief)
    return made


def releases(home: Home, person: str, by: Acting, at: object, seen: int | None = None) -> Watch:
    one = FollowUp.objects.get(person=person)
    (task,) = tasks(person, "release")[-1:]
    return actions.release(
        home=home,
        follow_up=one.pk,
        seen=last_state(task) if seen is None else seen,
        by=by,
        at=at,  # type: ignore[arg-type]
    )


def test_an_approved_list_begins_it(home: Home, case: Case) -> None:
    watch = Watch.objects.get()
    assert (watch.since, watch.release_date) == (TODAY, RELEASE)
    assert "covid-cn-9@1" in watch.rule["en"] and "7 d" in watch.rule["en"]
    (task,) = tasks("a", "release")
    assert (task.state, task.next_at) == ("dispatched", task.due_at)
    assert task.due_at.date() == RELEASE  # the end of that day, local, in UTC
    assert actions.make_days(home, at=NOON) == len(tasks("a", "follow")) + len(tasks("a", "sample"))
    assert [one.day for one in tasks("a", "follow")] == [TODAY]
    assert actions.make_days(home, at=NOON) == 0


def test_days_are_lived_and_then_somebody_releases(
    home: Home, case: Case, worker: Acting, chief: Acting
) -> None:
    days = (RELEASE - TODAY).days
    at = lives(home, worker, chief, NOON, days)
    actions.make_days(home, at=at)
    assert FollowUp.objects.get().end == ""
    (last,) = tasks("a", "sample", "dispatched")
    assert last.day == RELEASE  # the protocol samples on the third day at home, too
    with pytest.raises(DataError, match="not done"):
        releases(home, "a", chief, at)
    settles(home, last, "taken", worker=worker, chief=chief, at=at)
    assert [one.day for one in tasks("a", "follow", "closed")] == [
        TODAY + timedelta(days=n) for n in range(days)
    ]
    told = {date.fromisoformat(day) for day in Watch.objects.get().samples}
    assert {one.day for one in tasks("a", "sample", "closed")} == {
        day for day in told if day >= TODAY
    }
    (one,) = due(home, chief, at)
    assert (one.missing, one.missed) == ((), 0)
    assert due(home, chief, at - DAY) == []
    with pytest.raises(DataError, match="nobody is released before"):
        releases(home, "a", chief, at - DAY)
    for _ in range(2):
        assert releases(home, "a", chief, at).released_by == chief.user
    person = FollowUp.objects.get()
    assert (person.end, person.ended_at) == ("released", at)
    (row,) = AuditRow.objects.filter(act="follow_up.released")
    assert row.about["release_date"] == RELEASE.isoformat()
    assert "covid-cn-9" in row.about["rule"]
    assert actions.make_days(home, at=at + DAY) == 0
    assert list(lost()) == []
    approves(home, listed(case, {"a": LAST}, chief), chief, at + DAY)
    assert FollowUp.objects.get().end == "released"


def test_a_missed_day_stands_in_the_way(
    home: Home, case: Case, worker: Acting, chief: Acting, town: Town
) -> None:
    days = (RELEASE - TODAY).days
    at = lives(home, worker, chief, NOON, days - 1)
    actions.make_days(home, at=at)
    actions.make_days(home, at=at + DAY)
    for sample in tasks("a", "sample", "dispatched"):
        settles(home, sample, "taken", worker=worker, chief=chief, at=at)
    (one,) = due(home, chief, at + DAY)
    (missed,) = one.missing
    assert missed.day == RELEASE - timedelta(days=1)
    assert escalate(at=at + DAY).told == 1
    with pytest.raises(DataError, match="not done"):
        releases(home, "a", chief, at + DAY)

    def gives_up(reason: str, when: object, by: Acting = chief) -> Task:
        return actions.give_up(
            home=home,
            task=missed.pk,
            seen=last_state(missed),
            reason=reason,
            by=by,
            at=when,  # type: ignore[arg-type]
        )

    with pytest.raises(DataError, match="not over"):
        gives_up("forgotten", at)
    for reason in ("", "call 13800138000"):
        with pytest.raises(UserError):
            gives_up(reason, at + DAY)
    with pytest.raises(NotFound):
        gives_up("forgotten", at + DAY, town.neighbour)
    for _ in range(2):
        assert gives_up("nobody was on duty", at + DAY).outcome == "missed"
    (one,) = due(home, chief, at + DAY)
    assert (one.missing, one.missed) == ((), 1)
    assert "<dd>given up</dd>" in client_of(chief).get(f"/tasks/{missed.pk}/").content.decode()
    releases(home, "a", chief, at + DAY)
    assert AuditRow.objects.get(act="follow_up.released").about["missed"] == "1"


def test_days_without_the_server_are_not_passed_over(home: Home, case: Case, chief: Acting) -> None:
    at = NOON + ((RELEASE - TODAY).days + 1) * DAY
    Task.objects.exclude(kind="release").update(state="closed", account=chief.user)
    with pytest.raises(DataError, match="not done"):
        releases(home, "a", chief, at)
    assert actions.make_days(home, at=at) >= (RELEASE - TODAY).days
    assert len(due(home, chief, at)[0].missing) >= (RELEASE - TODAY).days


def test_symptoms_are_looked_at_and_well_is_closed_at_once(
    home: Home, case: Case, worker: Acting
) -> None:
    actions.make_days(home, at=NOON)
    actions.make_days(home, at=NOON + DAY)
    first, second = tasks("a", "follow")
    assert reports(home, first, "unwell", worker, NOON, symptoms=["fever"]).state == "feedback"
    assert reports(home, second, "well", worker, NOON + DAY).state == "closed"
    assert FollowUp.objects.get().end == ""


def test_a_later_exposure_moves_the_date_and_an_earlier_one_back(
    home: Home, case: Case, chief: Acting
) -> None:
    approves(home, listed(case, {"a": LAST + DAY}, chief), chief, NOON + DAY)
    (task,) = tasks("a", "release")
    assert Watch.objects.get().release_date == RELEASE + timedelta(days=1)
    assert task.due_at.date() == RELEASE + timedelta(days=1)
    (moved,) = Moved.objects.all()
    assert (moved.was, moved.now, moved.by) == (RELEASE, RELEASE + timedelta(days=1), chief.user)
    (row,) = AuditRow.objects.filter(act="follow_up.moved")
    assert (row.about["was"], row.about["now"]) == (moved.was.isoformat(), str(moved.now))
    approves(home, listed(case, {"a": LAST}, chief), chief, NOON + DAY)
    assert Watch.objects.get().release_date == RELEASE
    assert Moved.objects.count() == 2


def test_the_latest_of_two_cases_counts_until_it_is_gone(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    other = case_of("C2", town)
    approves(home, listed(other, {"a": LAST + 2 * DAY}, chief), chief)
    assert Watch.objects.get().release_date == RELEASE + timedelta(days=2)
    withdraw(home=home, number="C2", reason="mixed up", by=chief, at=NOON)
    assert Watch.objects.get().release_date == RELEASE
    withdraw(home=home, number="C1", reason="mixed up", by=chief, at=NOON)
    assert FollowUp.objects.get().end == "dropped"
    assert not Task.objects.filter(state="dispatched").exists()
    assert actions.make_days(home, at=NOON + DAY) == 0


def test_who_has_no_date_is_not_watched(home: Home, town: Town, chief: Acting) -> None:
    case = case_of("C1", town)
    approves(home, listed(case, {"b": LAST}, chief, outcome="general"), chief)
    assert not Watch.objects.exists()
    approves(home, listed(case, {"b": LAST}, chief, provisional=True), chief)
    assert not Watch.objects.exists()
    approves(home, listed(case, {"b": LAST}, chief), chief)
    assert Watch.objects.count() == 1
    approves(home, listed(case, {"b": LAST}, chief, outcome="general"), chief)
    assert tasks("b", "release")[0].state == "withdrawn"
    assert list(lost()) == []


def test_a_contact_who_is_a_case_is_followed_as_a_case(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    actions.make_days(home, at=NOON)
    own = case_of("C9", town)
    Case.objects.filter(pk=own.pk).update(subject="a", classification="probable", state="entered")
    given = {"number": "C9", "by": chief, "at": NOON, "reason": "positive"}
    done = reclassify(home=home, classification="confirmed", **given)  # type: ignore[arg-type]
    assert any("as a contact" in text.en for text in done.notices)
    assert FollowUp.objects.get().end == "case"
    assert not Task.objects.filter(state="dispatched").exists()
    approves(home, listed(case, {"a": LAST}, chief), chief, NOON)
    assert FollowUp.objects.get().end == "case"
    assert list(lost()) == []
    reclassify(home=home, classification="discarded", **given)  # type: ignore[arg-type]
    assert FollowUp.objects.get().end == "closed"
    again = Run.objects.filter(case=case, state="waiting")
    assert again.count() == 1
    again.update(state="failed")
    approves(home, listed(case, {"a": LAST}, chief), chief, NOON)
    assert FollowUp.objects.get().end == ""
    assert {one.kind for one in Task.objects.filter(state="dispatched")} == {
        "notify",
        "bring",
        "release",
    }


def test_nobody_adds_a_day_or_a_release_by_hand(
    home: Home, case: Case, chief: Acting, worker: Acting
) -> None:
    (one,) = tasks("a", "release")
    assert one not in free(worker)
    with pytest.raises(NotFound):
        step(number=one.pk, to="accepted", by=worker, at=NOON)
    for kind in ("follow", "release"):
        with pytest.raises(UsageError):
            add(home=home, number=one.pk, kind=kind, by=chief, at=NOON)
    with pytest.raises(Overtaken):
        releases(home, "a", chief, NOON + 30 * DAY, seen=0)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_each_day_once_and_release_once(
    home: Home, case: Case, worker: Acting, chief: Acting
) -> None:
    at = NOON + DAY

    def makes(_: int) -> int:
        try:
            return actions.make_days(home, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = sum(pool.map(makes, range(4)))
    assert made == len(tasks("a", "follow")) + len(tasks("a", "sample"))
    assert len({one.day for one in tasks("a", "follow")}) == len(tasks("a", "follow")) == 2
    at = lives(home, worker, chief, at, (RELEASE - TODAY).days)

    def lets_go(_: int) -> bool:
        try:
            return bool(releases(home, "a", chief, at))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lets_go, range(4)))
    assert AuditRow.objects.filter(act="follow_up.released").count() == 1


@pytest.mark.parametrize("wrong", [-48, 48])
def test_a_wrong_clock_doubles_and_drops_nothing(
    home: Home, case: Case, worker: Acting, chief: Acting, wrong: int
) -> None:
    actions.make_days(home, at=NOON)
    actions.make_days(home, at=NOON + timedelta(hours=wrong))
    actions.make_days(home, at=NOON)
    days = [one.day for one in tasks("a", "follow")]
    assert len(set(days)) == len(days) and TODAY in days


def test_two_contacts_who_are_one_person_are_followed_as_one(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    """They were merged since: the next list names one of them, with the records of both."""
    approves(home, listed(case, {"a": LAST, "b": LAST + DAY}, chief), chief)
    actions.make_days(home, at=NOON)
    merged = listed(case, {"a": LAST + DAY}, chief)
    merged.contacts.update(subjects=["a", "b"])
    approves(home, merged, chief, NOON + timedelta(hours=1))
    actions.make_days(home, at=NOON + timedelta(hours=1))
    one, other = FollowUp.objects.order_by("person")
    assert (one.subjects, one.end, other.end) == (["a", "b"], "", "dropped")
    assert Watch.objects.get(follow_up=one).release_date == released_after(LAST + DAY)
    open_ones = Task.objects.filter(state="dispatched")
    assert set(open_ones.values_list("follow_up", flat=True)) == {one.pk}
    told = list(open_ones.values_list("kind", "day"))
    assert len(set(told)) == len(told)
    assert list(lost()) == []
