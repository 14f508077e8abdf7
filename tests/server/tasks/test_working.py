"""A task goes from hand to hand: one has it at a time, and every state is a row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from tests.server.cases.town import DAY, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, task

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.tasks import queries
from ringfence_server.tasks.assigning import add, check, close, last_state, loads, send
from ringfence_server.tasks.escalating import Escalated, escalate
from ringfence_server.tasks.models import Escalation, FollowUp, Task, TaskState
from ringfence_server.tasks.refusals import Overtaken
from ringfence_server.tasks.words import ENDS, OPEN
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def sent(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)


def states(one: Task) -> list[str]:
    return list(one.states.order_by("pk").values_list("state", flat=True))


def test_accept_set_out_and_refuse(worker: Acting, chief: Acting) -> None:
    one = task("p2", "notify")
    assert step(number=one.pk, to="accepted", by=worker, at=NOON).account == worker.user
    assert step(number=one.pk, to="accepted", by=worker, at=NOON).state == "accepted"
    assert step(number=one.pk, to="on_the_way", by=worker, at=NOON).state == "on_the_way"
    back = step(number=one.pk, to="refused", by=worker, at=NOON, reason="I am ill")
    assert (back.state, back.account) == ("refused", None)
    assert step(number=one.pk, to="refused", by=worker, at=NOON, reason="I am ill") == back
    assert states(one) == ["dispatched", "accepted", "on_the_way", "refused"]
    sent = send(number=one.pk, seen=last_state(one), by=chief, at=NOON, account="worker")
    assert (sent.state, sent.account) == ("dispatched", worker.user)
    assert [one.pk for one in queries.mine(worker)] == [sent.pk]


def test_a_reason_names_nobody(worker: Acting) -> None:
    one = task("p2", "notify")
    for reason in ("", "  ", "call 13800138000", "a\0b"):
        with pytest.raises(UserError):
            step(number=one.pk, to="refused", by=worker, at=NOON, reason=reason)
    with pytest.raises(UsageError):
        step(number=one.pk, to="closed", by=worker, at=NOON)
    assert states(one) == ["dispatched"]


def test_only_tasks_of_the_own_unit(town: Town, worker: Acting) -> None:
    elsewhere = town.staff("elsewhere", "grid_worker", "000102")
    of_district = task("p3", "notify")
    for by, number in (
        (elsewhere, task("p2", "notify").pk),
        (worker, of_district.pk),
        (worker, 10**12),
    ):
        with pytest.raises(NotFound):
            step(number=number, to="accepted", by=by, at=NOON)
    assert {one.pk for one in queries.free(worker)} == {
        task("p2", "notify").pk,
        task("p2", "bring").pk,
    }
    assert not queries.free(elsewhere)


def test_the_second_worker_is_told(town: Town, worker: Acting) -> None:
    other = town.staff("other", "grid_worker", "000101001001001")
    one = task("p2", "notify")
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    with pytest.raises(Overtaken, match="somebody else"):
        step(number=one.pk, to="accepted", by=other, at=NOON)
    with pytest.raises(NotFound):
        queries.worked(other, one.pk)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_one_wins(town: Town, worker: Acting) -> None:
    several = [town.staff(f"w{n}", "grid_worker", "000101001001001") for n in range(6)]
    number = task("p2", "notify").pk

    def take(by: Acting) -> bool:
        try:
            step(number=number, to="accepted", by=by, at=NOON)
        except Overtaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, several)) == 1
    assert states(Task.objects.get(pk=number)) == ["dispatched", "accepted"]


def test_sent_to_a_unit_below_with_the_load_in_view(
    town: Town, worker: Acting, chief: Acting
) -> None:
    busy = town.staff("busy", "grid_worker", "000101")
    for kind in ("notify", "bring"):
        step(number=task("p2", kind).pk, to="accepted", by=busy, at=NOON)
    grid = town.unit("000101001001001")
    assert [(one.user.username, one.open) for one in loads(grid, NOON)] == [
        ("worker", 0),
        ("busy", 2),
    ]
    one = task("p3", "notify")
    seen = last_state(one)
    sent = send(number=one.pk, seen=seen, by=chief, at=NOON, unit=grid.pk, account="worker")
    assert (sent.unit, sent.grid, sent.account) == (grid, grid.pk, worker.user)
    with pytest.raises(Overtaken):
        send(number=one.pk, seen=seen, by=chief, at=NOON, account="busy")
    stranger = town.staff("stranger", "grid_worker", "000102")
    with pytest.raises(NotAllowed):
        send(
            number=one.pk,
            seen=last_state(one),
            by=chief,
            at=NOON,
            account=stranger.user.username,
        )
    for by in (town.neighbour, worker):
        with pytest.raises(NotFound):
            send(number=one.pk, seen=last_state(one), by=by, at=NOON)


def test_looked_at_and_closed_the_follow_up_waits_for_its_release(
    worker: Acting, chief: Acting
) -> None:
    follow_up = FollowUp.objects.get(person="p2")
    for kind, word in (("notify", "reached"), ("bring", "brought")):
        one = task("p2", kind)
        Task.objects.filter(pk=one.pk).update(state="feedback", account=worker.user, outcome=word)
        seen = last_state(one)
        with pytest.raises(DataError):
            close(number=one.pk, seen=seen, by=chief, at=NOON)
        assert check(number=one.pk, seen=seen, by=chief, at=NOON).state == "verified"
        assert FollowUp.objects.get(pk=follow_up.pk).end == ""
        close(number=one.pk, seen=last_state(one), by=chief, at=NOON + HOUR)
    (left,) = follow_up.tasks.filter(state__in=OPEN)
    assert (left.kind, FollowUp.objects.get(pk=follow_up.pk).end) == ("release", "")


def test_what_settles_nothing_goes_out_again(worker: Acting, chief: Acting) -> None:
    one = task("p2", "notify")
    Task.objects.filter(pk=one.pk).update(
        state="feedback", account=worker.user, outcome="not_reached", next_at=None
    )
    with pytest.raises(NotAllowed, match="settles nothing"):
        check(number=one.pk, seen=last_state(one), by=chief, at=NOON)
    again = send(number=one.pk, seen=last_state(one), by=chief, at=NOON + DAY)
    assert (again.state, again.account, again.outcome) == ("dispatched", None, "")
    assert again.due_at == NOON + DAY + 8 * HOUR


def test_another_task_by_hand(chief: Acting, home: Home, town: Town) -> None:
    one = task("p2", "notify")
    made = add(home=home, number=one.pk, kind="sample", by=chief, at=NOON)
    assert (made.kind, made.origin, made.unit) == ("sample", "hand", one.unit)
    assert add(home=home, number=one.pk, kind="sample", by=chief, at=NOON) == made
    with pytest.raises(UsageError):
        add(home=home, number=one.pk, kind="arrest", by=chief, at=NOON)
    with pytest.raises(NotFound):
        add(home=home, number=one.pk, kind="sample", by=town.neighbour, at=NOON)


def test_an_order_by_hand_follows_the_measures_as_well(home: Home, chief: Acting) -> None:
    one, done = task("p2", "notify"), task("p2", "bring")
    Task.objects.filter(pk=done.pk).update(state="closed", account=chief.user)
    with pytest.raises(NotAllowed, match="no day at a site"):
        add(home=home, number=one.pk, kind="bring", by=chief, at=NOON + 60 * DAY)
    assert add(home=home, number=one.pk, kind="bring", by=chief, at=NOON).state == "dispatched"


def test_an_order_of_no_rule_ends_with_the_measures(home: Home, chief: Acting) -> None:
    one = task("p2", "notify")
    with pytest.raises(NotAllowed, match="nothing of this person any more"):
        add(home=home, number=one.pk, kind="turn_back", by=chief, at=NOON + 60 * DAY)
    assert add(home=home, number=one.pk, kind="turn_back", by=chief, at=NOON).state == "dispatched"


@pytest.mark.parametrize("end", ["case", "handed_over"])
def test_nothing_more_for_whom_others_care(home: Home, chief: Acting, end: str) -> None:
    one = task("p2", "notify")
    FollowUp.objects.filter(person="p2").update(end=end, ended_at=NOON)
    with pytest.raises(NotAllowed, match=ENDS[end].en):
        add(home=home, number=one.pk, kind="sample", by=chief, at=NOON)
    assert not Task.objects.filter(kind="sample").exists()


def test_reminded_then_told_to_each_level_above(chief: Acting) -> None:
    """p2's notify: 8 hours, in a grid. Half of it reminds; then community, street, …"""
    Task.objects.exclude(pk=task("p2", "notify").pk).update(next_at=None)
    assert escalate(at=NOON + 3 * HOUR) == Escalated(0, 0)
    assert escalate(at=NOON + 4 * HOUR) == Escalated(1, 0)
    assert escalate(at=NOON + 4 * HOUR) == Escalated(0, 0)
    told = []
    for hours in range(5, 40):
        if escalate(at=NOON + hours * HOUR).told:
            told.append((hours, task("p2", "notify").told_to_id))
    assert told == [
        (8, "000101001001"),
        (12, "000101001"),
        (16, "000101"),
        (20, "0001"),
        (24, "00"),
        (28, "CN"),
    ]
    assert Escalation.objects.count() == 7
    assert list(queries.told_of(chief)) == []


def test_what_is_reported_is_late_no_more(worker: Acting, chief: Acting) -> None:
    one = task("p2", "notify")
    assert queries.late(queries.of_desk(chief), NOON + 8 * HOUR).count() == 2
    Task.objects.filter(pk=one.pk).update(state="feedback", account=worker.user)
    assert queries.late(queries.of_desk(chief), NOON + 8 * HOUR).count() == 1
    escalate(at=NOON + 9 * HOUR)
    assert not Escalation.objects.filter(task=one).exists()


@pytest.mark.parametrize("wrong", [timedelta(hours=48), -timedelta(hours=48)])
def test_a_wrong_clock_keeps_the_order_of_receipt(worker: Acting, wrong: timedelta) -> None:
    one = task("p2", "notify")
    step(number=one.pk, to="accepted", by=worker, at=NOON + wrong)
    step(number=one.pk, to="on_the_way", by=worker, at=NOON)
    rows = TaskState.objects.filter(task=one)
    by_receipt = list(rows.order_by("received_at", "pk").values_list("state", flat=True))
    assert by_receipt == states(one) == ["dispatched", "accepted", "on_the_way"]
