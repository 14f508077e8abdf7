"""What a worker reports is in the lake once, and the next trace knows it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, task, traced

from ringfence.engines.sql import SqlEngine
from ringfence.errors import UserError
from ringfence.lake import Home, snapshot
from ringfence.vault import open_vault
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case, Submission
from ringfence_server.cases.refusals import FieldErrors, SentBefore
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import Delivery
from ringfence_server.tasks.models import Exposure, Feedback, FollowUp, Task
from ringfence_server.tasks.refusals import Overtaken
from ringfence_server.tasks.reporting import Report, Said, report
from ringfence_server.tasks.retracing import retrace
from ringfence_server.tasks.working import step
from ringfence_server.tracing import actions
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
LI = {"name": "李娜", "phone": "13900139000"}


@pytest.fixture
def one(home: Home, run: Run, chief: Acting, worker: Acting) -> Task:
    approved(home, run, chief)
    return step(number=task("p2", "notify").pk, to="accepted", by=worker, at=NOON)


@pytest.fixture
def told(one: Task) -> Report:
    return Report("reached", [Said(Exposure.objects.get().pk, "no")])


def sends(home: Home, one: Task, told: Report, by: Acting, token: str = "t1") -> Task:
    return report(home=home, number=one.pk, told=told, token=token, by=by, at=NOON)


def rows(home: Home, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (
        SqlEngine(snapshot(home, NOON)).rows(table, "subject", None).to_pylist()
    )
    return [row for row in found if row["source"] == "console"]


def answered(home: Home) -> Run:
    (run,) = Run.objects.filter(state="waiting")
    run_trace(home, run.pk, now=NOON)
    return Run.objects.get(pk=run.pk)


def test_a_denial_is_a_record_and_the_next_trace_knows_it(
    home: Home, one: Task, told: Report, worker: Acting, chief: Acting
) -> None:
    assert sends(home, one, told, worker).state == "feedback"
    assert ProcrastinateJob.objects.filter(task_name="tasks.retrace").count() == 0
    assert retrace(home, at=NOON) == 1
    (row,) = rows(home, "presence")
    assert (row["subject"], row["place"], row["certainty"]) == ("p2", "K", "denied")
    run = answered(home)
    assert run.asked_by is None, "the worker reported, and asked for no trace"
    assert not Contact.objects.filter(run=run, person="p2").exists()
    figures = approved(home, run, chief).figures
    assert (figures["withdrawn"], figures["closed"]) == (2, 1)
    assert FollowUp.objects.get(person="p2").end == "dropped"
    assert retrace(home, at=NOON) == 0


def test_what_was_declared_has_its_own_times(
    home: Home, one: Task, told: Report, worker: Acting
) -> None:
    (said,) = told.said
    yes = replace(
        said, was_there="yes", zone="room 3", start="2022-07-04 20:30", end="2022-07-04 21:30"
    )
    more = replace(told, said=[yes], symptoms=["fever"], since="2022-07-06")
    sends(home, one, more, worker)
    retrace(home, at=NOON)
    (row,) = rows(home, "presence")
    assert (row["certainty"], row["zone"]) == ("declared", "room 3")
    assert str(row["start"]).startswith("2022-07-04 12:30")
    (symptom,) = rows(home, "symptom")
    assert (symptom["subject"], symptom["kind"]) == ("p2", "fever")


def test_sent_again_it_has_one_effect(home: Home, one: Task, told: Report, worker: Acting) -> None:
    for _ in range(2):
        sends(home, one, told, worker)
    assert Feedback.objects.count() == Submission.objects.count() == 1
    with pytest.raises(SentBefore):
        sends(home, one, replace(told, outcome="not_reached"), worker)
    with pytest.raises(Overtaken):
        sends(home, one, told, worker, token="t2")
    assert Feedback.objects.count() == 1


def test_only_who_has_it_in_hand(
    home: Home, one: Task, told: Report, town: Town, worker: Acting
) -> None:
    other = town.staff("other", "grid_worker", "000101001001001")
    with pytest.raises(UserError):
        sends(home, one, told, other)
    free = task("p2", "bring")
    with pytest.raises(Overtaken):
        sends(home, free, replace(told, outcome="brought"), worker)
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "brought"},
        {"outcome": ""},
        {"said": [Said(10**9, "no")]},
        {"said": [Said(0, "perhaps")]},
        {"symptoms": ["plague"]},
        {"since": "tomorrow"},
        {"note": "x" * 1_001},
        {"note": "a\0b"},
        {"note": "call 13800138000"},
        {"others": [(10**9, LI)]},
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_cannot_be_taken_leaves_nothing(
    home: Home, one: Task, told: Report, worker: Acting, wrong: dict[str, object]
) -> None:
    with pytest.raises(UserError):
        sends(home, one, replace(told, **wrong), worker)  # type: ignore[arg-type]
    assert Feedback.objects.count() == Delivery.objects.count() == 0
    assert Task.objects.get(pk=one.pk).state == "accepted"


@pytest.mark.parametrize(
    "times",
    [
        {"start": "2022-07-04 22:00", "end": "2022-07-04 21:00"},
        {"start": "2022-07-04"},
        {"start": "2023-01-01 10:00"},
        {"zone": "000101199001011012"},
        {"zone": "=1+1"},
    ],
    ids=str,
)
def test_times_and_seats_that_cannot_be(
    home: Home, one: Task, told: Report, worker: Acting, times: dict[str, str]
) -> None:
    said = Said(told.said[0].exposure, "yes", **times)
    with pytest.raises(FieldErrors):
        sends(home, one, replace(told, said=[said]), worker)
    assert Delivery.objects.count() == 0


def test_who_is_named_is_verified_and_never_ordered(
    home: Home, one: Task, told: Report, worker: Acting, chief: Acting
) -> None:
    exposure = told.said[0].exposure
    named = replace(told, said=[], others=[(exposure, LI)])
    sends(home, one, named, worker)
    (new,) = FollowUp.objects.exclude(person__in=("p2", "p3"))
    (verify,) = new.tasks.all()
    assert (verify.kind, verify.unit) == ("verify", one.unit)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM outbox_delivery t")
        assert LI["name"] not in cursor.fetchone()[0]
    assert deliver(home, secret=SECRET, at=NOON).refused == 0
    with open_vault(home) as vault:
        assert vault.find("name", LI["name"]) == [new.person]
    assert rows(home, "presence") == []
    assert approved(home, traced(home, chief), chief).figures["withdrawn"] == 0
    step(number=verify.pk, to="accepted", by=worker, at=NOON)
    (asked,) = Exposure.objects.filter(follow_up=new)
    sends(home, verify, Report("was_there", [Said(asked.pk, "yes")]), worker, "t2")
    retrace(home, at=NOON)
    run = answered(home)
    assert Contact.objects.filter(run=run, person=new.person).exists()
    approved(home, run, chief)
    assert {one.kind for one in new.tasks.all()} == {"verify", "notify", "bring", "release"}


def test_a_run_that_was_begun_before_does_not_count(
    home: Home, one: Task, told: Report, worker: Acting, chief: Acting
) -> None:
    key = Case.objects.get(number="C1").pk
    under_way = actions.ask(case=key, by=chief, at=NOON)
    Run.objects.filter(pk=under_way.pk).update(state="running", started_at=NOON)
    sends(home, one, told, worker)
    assert retrace(home, at=NOON) == 0
    assert Feedback.objects.get().asked_at is None
    run_trace(home, under_way.pk, now=NOON)
    assert retrace(home, at=NOON) == 1
    assert Feedback.objects.get().asked_at == NOON
