"""What a list asks of whom on the day on which it is approved, and what it lets go."""

from __future__ import annotations

import pytest
from tests.server.cases.town import DAY, Town
from tests.server.follow_ups.listing import approves, listed, reports, tasks
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of
from tests.server.tasks.test_nobody_falls_out import case_of

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.actions import withdraw
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tasks.assigning import check
from ringfence_server.tasks.models import Approval, FollowUp, Task, TaskState
from ringfence_server.tasks.queries import lost
from ringfence_server.tasks.refusals import Overtaken
from ringfence_server.tasks.words import OPEN

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
