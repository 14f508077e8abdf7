"""What a list asks of whom on the day on which it is approved, and what it lets go."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.server.cases.town import DAY, Town
from tests.server.follow_ups.listing import approves, listed, reports, tasks
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of
from tests.server.tasks.test_nobody_falls_out import case_of

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.actions import withdraw
from ringfence_server.cases.models import Case
from ringfence_server.follow_ups import actions
from ringfence_server.follow_ups.releasing import due
from ringfence_server.follow_ups.shown import work
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tasks.assigning import check
from ringfence_server.tasks.models import Approval, FollowUp, Task, TaskState
from ringfence_server.tasks.queries import late, lost
from ringfence_server.tasks.refusals import Overtaken
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
LAST = NOON - 2 * DAY


@pytest.fixture
def chief(town: Town) -> Acting:
    return town.chief


@pytest.fixture
def worker(town: Town) -> Acting:
    return town.staff("worker", "grid_worker", "0001")


@pytest.fixture
def case(home: Home, town: Town) -> Case:
    return case_of("C1", town)


def test_what_was_reported_is_closed_and_the_rest_withdrawn(
    home: Home, case: Case, chief: Acting, worker: Acting
) -> None:
    """The report itself led to the list that names the person no more."""
    approves(home, listed(case, {"a": LAST, "b": LAST}, chief), chief)
    (told,), (brought,) = tasks("a", "notify"), tasks("b", "bring")
    reports(home, told, "reached", worker, NOON)
    reports(home, brought, "brought", worker, NOON)
    check(number=brought.pk, seen=brought.states.latest("pk").pk, by=chief, at=NOON)
    later = listed(case, {"c": LAST}, chief)
    page = client_of(chief).get(f"/traces/{later.pk}/approval/").content.decode()
    assert "<dt>reported tasks closed</dt><dd>2</dd>" in page
    assert "<dt>tasks withdrawn</dt><dd>4</dd>" in page
    approves(home, later, chief, NOON + DAY)
    made = Approval.objects.get(run=later)
    assert (made.figures["withdrawn"], made.figures["closed"]) == (4, 2)
    for one in (told, brought):
        state = TaskState.objects.filter(task=one).latest("pk")
        assert (state.state, state.reason, state.by) == ("closed", "not_listed", chief.user)
        assert state.account == worker.user
    assert AuditRow.objects.filter(act="task.closed", about__reason="not_listed").count() == 2
    gone = FollowUp.objects.filter(person__in=("a", "b"))
    assert {one.end for one in gone} == {"dropped"}
    assert not Task.objects.filter(follow_up__in=gone, state__in=OPEN).exists()
    assert list(lost()) == []
    page = client_of(worker).get(f"/my-tasks/{told.pk}/").content.decode()
    assert "Withdrawn: there is nothing to do" not in page


def test_a_report_that_comes_between_makes_the_preview_stale(
    home: Home, case: Case, chief: Acting, worker: Acting
) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    later = listed(case, {"c": LAST}, chief)
    digest = preview(home=home, run=later.pk, by=chief, at=NOON).digest
    reports(home, tasks("a", "notify")[0], "reached", worker, NOON)
    with pytest.raises(Overtaken):
        approve(home=home, run=later.pk, digest=digest, by=chief, at=NOON)
    assert tasks("a", "notify")[0].state == "feedback"


def test_a_report_that_settled_nothing_is_closed_and_the_work_made_anew(
    home: Home, case: Case, chief: Acting, worker: Acting
) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    reports(home, tasks("a", "bring")[0], "refused", worker, NOON)
    approves(home, listed(case, {"a": LAST}, chief, outcome="general"), chief)
    assert [one.state for one in tasks("a", "bring")] == ["closed"]
    approves(home, listed(case, {"a": LAST}, chief), chief)
    assert [one.state for one in tasks("a", "bring")] == ["closed", "dispatched"]


def test_a_withdrawn_case_closes_what_was_reported(
    home: Home, case: Case, chief: Acting, worker: Acting
) -> None:
    approves(home, listed(case, {"a": LAST}, chief), chief)
    reports(home, tasks("a", "notify")[0], "reached", worker, NOON)
    done = withdraw(home=home, number="C1", reason="mixed up", by=chief, at=NOON)
    assert "2 tasks were withdrawn, 1 closed as reported" in done.notices[0].en
    assert tasks("a", "notify")[0].state == "closed"
    assert FollowUp.objects.get().end == "dropped"


def test_a_release_whose_day_was_over_is_due_after_it_was_made(
    home: Home, case: Case, chief: Acting
) -> None:
    """Nobody was told before: they have the hours of the kind, and the inbox counts them today."""
    approves(home, listed(case, {"a": NOON - 20 * DAY, "b": NOON - 10 * DAY}, chief), chief)
    for person in ("a", "b"):
        (release,) = tasks(person, "release")
        assert (release.due_at, release.next_at) == (NOON + DAY, NOON + DAY)
    actions.make_days(home, at=NOON + timedelta(hours=1))
    assert tasks("a", "release")[0].due_at == NOON + DAY
    assert not late(Task.objects.all(), NOON + timedelta(hours=1)).exists()
    with timezone.override(home.zone):
        (waits,) = work(chief, NOON + timedelta(hours=1))
    assert (waits.count, waits.urgent) == (2, 0)
    assert len(due(home, chief, NOON)) == 2


def test_the_preview_tells_the_releases_that_are_made(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    """Each time: those anew, none of whom is followed already, and those of general contacts."""
    first = listed(case, {"a": LAST, "b": LAST}, chief)
    seen = preview(home=home, run=first.pk, by=chief, at=NOON)
    assert seen.plan.kinds == {"notify": 2, "bring": 2, "release": 2}
    page = client_of(chief).get(f"/traces/{first.pk}/approval/").content.decode()
    assert "<dt>release</dt><dd>2</dd>" in page
    approves(home, first, chief)
    made = Approval.objects.get(run=first)
    assert (made.figures["made"], made.figures["by_measure"]) == (4, 2)
    page = client_of(chief).get(f"/traces/{first.pk}/approval/").content.decode()
    assert "6 tasks were sent" in page
    for people, outcome in (
        ({"a": LAST, "b": LAST, "c": LAST}, "close"),
        ({"a": LAST + DAY, "d": LAST}, "general"),
        ({"a": LAST + DAY, "b": LAST, "d": LAST}, "close"),
    ):
        run = listed(case, people, chief, outcome=outcome)
        _made_as_told(home, run, chief)
    _made_as_told(home, listed(case_of("C2", town), {"a": LAST, "e": LAST}, chief), chief)


def test_who_is_a_case_already_is_planned_as_no_contact(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    """By any of the person's numbers. The case's end brings the list back for approval."""
    own = case_of("C2", town)
    run = listed(case, {"a": LAST, "b": LAST}, chief)
    run.contacts.filter(person="b").update(subjects=["b", own.subject])
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    assert seen.plan.kinds == {"notify": 1, "bring": 1, "release": 1}
    page = client_of(chief).get(f"/traces/{run.pk}/approval/").content.decode()
    assert "<dt>already cases themselves</dt><dd>1</dd>" in page
    assert "is a case" in page
    _made_as_told(home, run, chief)
    one = FollowUp.objects.get(person="b")
    assert (one.end, one.ended_at, one.tasks.count()) == ("case", NOON, 0)
    assert actions.make_days(home, at=NOON) == len(tasks("a", "follow")) + len(tasks("a", "sample"))
    assert list(lost()) == []
    withdraw(home=home, number="C2", reason="mixed up", by=chief, at=NOON)
    one.refresh_from_db()
    assert (one.end, one.tasks.count()) == ("closed", 0)
    assert Run.objects.filter(case=case, state="waiting").update(state="failed") == 1
    approves(home, listed(case, {"a": LAST, "b": LAST}, chief), chief)
    assert {task.kind for task in one.tasks.all()} == {"notify", "bring", "release"}


def test_a_case_of_another_disease_or_without_a_test_is_a_contact(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    for number, change in (("C2", {"disease": "measles"}), ("C3", {"state": "entered"})):
        Case.objects.filter(pk=case_of(number, town).pk).update(**change)
    run = listed(case, {"s-C2": LAST, "s-C3": LAST}, chief)
    assert preview(home=home, run=run.pk, by=chief, at=NOON).plan.kinds["notify"] == 2


def test_whose_work_is_open_when_the_list_finds_the_case(
    home: Home, case: Case, chief: Acting, town: Town, worker: Acting
) -> None:
    """A merge gave the person the number of a case: what is open goes, with that reason."""
    approves(home, listed(case, {"a": LAST}, chief), chief)
    reports(home, tasks("a", "notify")[0], "reached", worker, NOON)
    own, run = case_of("C2", town), listed(case, {"a": LAST}, chief)
    run.contacts.update(subjects=["a", own.subject])
    approves(home, run, chief)
    assert FollowUp.objects.get().end == "case"
    assert [tasks("a", kind)[0].state for kind in ("notify", "bring", "release")] == [
        "closed",
        "withdrawn",
        "withdrawn",
    ]
    gone = TaskState.objects.filter(state__in=("closed", "withdrawn"))
    assert set(gone.values_list("reason", flat=True)) == {"is_case"}
    page = client_of(chief, "zh").get(f"/traces/{run.pk}/approval/")
    assert page.status_code == 200


def test_nothing_binds_whose_days_at_the_site_are_over(
    home: Home, case: Case, chief: Acting
) -> None:
    """By covid-cn-9, seven days at a site and three at home, as of the day of approval."""
    days = {"at_site": 6, "home_today": 7, "at_home": 9, "over_today": 10, "over": 30}
    run = listed(case, {person: NOON - n * DAY for person, n in days.items()}, chief)
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    assert seen.plan.kinds == {"notify": 5, "bring": 1, "release": 5}
    with pytest.raises(Overtaken):  # the last day at the site went by over night
        approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON + DAY)
    _made_as_told(home, run, chief)
    assert [one.follow_up.person for one in Task.objects.filter(kind="bring")] == ["at_site"]
    approves(home, listed(case, {"at_site": NOON - 6 * DAY}, chief), chief, NOON + DAY)
    (order,) = tasks("at_site", "bring")
    assert (order.state, order.states.latest("pk").reason) == ("withdrawn", "no_measure")
    assert {one.kind for one in Task.objects.filter(follow_up=order.follow_up, state__in=OPEN)} == {
        "notify",
        "release",
    }


def test_nothing_binds_without_days_at_a_site(home: Home, case: Case, chief: Acting) -> None:
    """Home is not a site; of a protocol that is gone, the date that it gave is what is known."""
    for protocol, orders in (("covid-who", 0), ("covid-us-cdc", 0), ("", 1)):
        run = listed(case, {"a": LAST}, chief)
        Run.objects.filter(pk=run.pk).update(protocol=protocol)
        seen = preview(home=home, run=run.pk, by=chief, at=NOON)
        assert seen.plan.kinds.get("bring", 0) == orders
        assert seen.plan.kinds["notify"] == 1
    seen = preview(home=home, run=run.pk, by=chief, at=NOON + 20 * DAY)
    assert "bring" not in seen.plan.kinds


def test_another_case_may_bind_as_its_own_measures_stand(
    home: Home, case: Case, chief: Acting, town: Town
) -> None:
    approves(home, listed(case, {"a": NOON - 6 * DAY}, chief), chief)
    other, at = case_of("C2", town), NOON + DAY
    approves(home, listed(other, {"a": LAST}, chief), chief, at)
    assert [one.state for one in tasks("a", "bring")] == ["dispatched"]
    withdraw(home=home, number="C2", reason="mixed up", by=chief, at=at)
    assert [one.state for one in tasks("a", "bring")] == ["withdrawn"]
    assert list(lost()) == []


def _made_as_told(home: Home, run: Run, chief: Acting) -> None:
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    before = set(Task.objects.values_list("pk", flat=True))
    approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON)
    made = Counter(Task.objects.exclude(pk__in=before).values_list("kind", flat=True))
    assert made == Counter(seen.plan.kinds)
