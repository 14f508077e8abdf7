"""A contact who has fallen ill is seen at the desk before all else, and a sample is one click."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, client_of, task
from tests.server.tasks.test_at_the_desk import seen_on

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.reporting import Report, report
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
FIRST = "people with symptoms: reports to look at"


@pytest.fixture
def desk(chief: Acting) -> Client:
    return client_of(chief)


@pytest.fixture
def ill(home: Home, run: Run, chief: Acting, worker: Acting) -> Task:
    approved(home, run, chief)
    one = task("p2", "notify")
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    told = Report("reached", symptoms=["fever", "cough"], since="2022-07-06")
    return report(home=home, number=one.pk, told=told, token="t", by=worker, at=NOON)


def test_above_all_that_is_late(ill: Task, desk: Client) -> None:
    Task.objects.exclude(pk=ill.pk).update(due_at=NOON.replace(year=2020))
    inbox = desk.get("/").content.decode()
    assert inbox.index(FIRST) < inbox.index("late tasks")
    page = desk.get("/tasks/").content.decode()
    assert "not looked at yet: 1." in page
    only = desk.get("/tasks/?symptoms=yes").content.decode()
    assert only.count('scope="row"') == 1 and f"/tasks/{ill.pk}/" in only
    assert 'class="chip bad"' in only


def test_an_end_that_tells_of_symptoms_needs_no_ticked_box(
    home: Home, run: Run, chief: Acting, worker: Acting, desk: Client
) -> None:
    approved(home, run, chief)
    one = task("p2", "notify")
    Task.objects.filter(pk=one.pk).update(kind="follow")
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    report(home=home, number=one.pk, told=Report("unwell"), token="t", by=worker, at=NOON)
    one.refresh_from_db()
    assert (one.state, one.symptoms) == ("feedback", True)
    assert FIRST in desk.get("/").content.decode()


def test_its_day_stands_at_the_desk_and_a_sample_is_asked_for(ill: Task, desk: Client) -> None:
    page = desk.get(f"/tasks/{ill.pk}/").content.decode()
    assert "fever, cough · since 2022-07-06" in page
    assert "Have a sample taken" in page
    assert desk.post(f"/tasks/{ill.pk}/more/", {"kind": "sample"}).status_code == 302
    assert Task.objects.filter(follow_up=ill.follow_up, kind="sample").count() == 1
    assert "Have a sample taken" not in desk.get(f"/tasks/{ill.pk}/").content.decode()


def test_looked_at_it_stands_first_no_more(ill: Task, desk: Client) -> None:
    page = desk.get(f"/tasks/{ill.pk}/").content.decode()
    assert desk.post(f"/tasks/{ill.pk}/check/", {"seen": seen_on(page)}).status_code == 302
    assert FIRST not in desk.get("/").content.decode()
    assert "No task matches" in desk.get("/tasks/?symptoms=yes").content.decode()


def test_sent_out_again_it_is_asked_anew(ill: Task, desk: Client) -> None:
    page = desk.get(f"/tasks/{ill.pk}/").content.decode()
    sent = {"seen": seen_on(page), "unit": ill.unit_id, "account": "", "reason": ""}
    assert desk.post(f"/tasks/{ill.pk}/send/", sent).status_code == 302
    ill.refresh_from_db()
    assert not ill.symptoms


def test_another_desk_sees_nothing_of_it(ill: Task, desk: Client, town: Town) -> None:
    other = client_of(town.staff("other", "supervisor", "000102"))
    assert FIRST in desk.get("/").content.decode()
    assert FIRST not in other.get("/").content.decode()
