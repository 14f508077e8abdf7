"""People are asked what no desk can answer, and the next trace knows what they said."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, client_of, task, traced

from ringfence.errors import NotAllowed, NotFound, UsageError
from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.actions import Report, Said, add, ask_people, report, step
from ringfence_server.tasks.models import Exposure, FollowUp, Link, Task
from ringfence_server.tasks.queries import lost
from ringfence_server.tasks.refusals import Overtaken
from ringfence_server.tasks.retracing import retrace
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
_PLACES = "place,kind,name\nO,office,Room 5\n"
_STAYS = (
    "subject,place,start,end\n"
    "p1,O,2022-07-04T09:00:00+08:00,2022-07-04T11:00:00+08:00\n"
    "p4,O,2022-07-04T09:30:00+08:00,2022-07-04T10:30:00+08:00\n"
)


@pytest.fixture
def asking(home: Home, outbreak: Case, chief: Acting, tmp_path: Path) -> Run:
    """p4 shared an office of unknown air with the case."""
    for table, text in (("place", _PLACES), ("presence", _STAYS)):
        file = tmp_path / f"more-{table}.csv"
        file.write_text(text, encoding="utf-8")
        import_file(home, file, table=table, now=NOON)
    return traced(home, chief)


def question(run: Run) -> str:
    (found,) = [one["id"] for one in answer_of(run)["review"] if one["people"] == ["p4"]]
    return str(found)


def test_once_each_and_the_answer_comes_back(
    home: Home, asking: Run, chief: Acting, town: Town
) -> None:
    def ask() -> int:
        return ask_people(home=home, run=asking.pk, question=question(asking), by=chief, at=NOON)

    assert (ask(), ask()) == (1, 0)
    (made,) = Task.objects.all()
    assert (made.kind, made.origin, made.unit_id) == ("settle_review", "hand", "000101")
    assert AuditRow.objects.filter(act="review.sent").count() == 2
    with pytest.raises(NotAllowed, match="binds"):
        add(home=home, number=made.pk, kind="bring", by=chief, at=NOON)
    worker = town.staff("asker", "grid_worker", "000101")
    step(number=made.pk, to="accepted", by=worker, at=NOON)
    asked = Exposure.objects.get()
    assert (asked.place, asked.label, asked.subject) == ("O", "Room 5 (O)", "p4")
    told = Report("answered", [Said(asked.pk, "no")])
    report(home=home, number=made.pk, told=told, token="t1", by=worker, at=NOON)
    assert retrace(home, at=NOON) == 1
    assert deliver(home, secret=SECRET, at=NOON).refused == 0
    (again,) = Run.objects.filter(state="waiting")
    run_trace(home, again.pk, now=NOON)
    assert not Contact.objects.filter(run=again, person="p4").exists()
    with pytest.raises(Overtaken):
        ask()


def test_a_list_that_comes_between_leaves_the_question_open(
    home: Home, asking: Run, chief: Acting
) -> None:
    ask_people(home=home, run=asking.pk, question=question(asking), by=chief, at=NOON)
    approved(home, asking, chief)
    assert task("p4", "settle_review").state == "dispatched"
    assert FollowUp.objects.get(person="p4").end == ""
    assert Link.objects.get(follow_up__person="p4").until is None
    assert list(lost()) == []


def test_what_cannot_be_asked(home: Home, asking: Run, chief: Acting, town: Town) -> None:
    def ask(which: str, by: Acting) -> int:
        return ask_people(home=home, run=asking.pk, question=which, by=by, at=NOON)

    with pytest.raises(NotFound):
        ask("no-such", chief)
    with pytest.raises(NotFound):
        ask(question(asking), town.neighbour)
    with pytest.raises(NotAllowed):
        ask(question(asking), town.staff("analyst", "data_analyst", "0001"))
    placeless = [one["id"] for one in answer_of(asking)["review"] if one["place"] is None]
    for which in placeless:
        with pytest.raises(UsageError):
            ask(which, chief)
    assert not Task.objects.exists()


def test_the_page_sends_them(home: Home, asking: Run, chief: Acting, tmp_path: Path) -> None:
    """Where the page itself takes no answer: p2 is said not to have been there."""
    file = tmp_path / "denied.csv"
    file.write_text(
        "subject,place,start,end,certainty\n"
        "p2,K,2022-07-04T21:00:00+08:00,2022-07-04T22:00:00+08:00,denied\n",
        encoding="utf-8",
    )
    import_file(home, file, table="presence", source="interview", now=NOON)
    run = traced(home, chief)
    (denied,) = [one["id"] for one in answer_of(run)["review"] if one["people"] == ["p2"]]
    client = client_of(chief)
    page = client.get(reverse("trace", args=[run.pk])).content.decode()
    assert page.count("Have them asked") == 1
    sent = client.post(reverse("trace_ask", args=[run.pk]), {"question": denied}, follow=True)
    assert "1 people will be asked" in sent.content.decode()
    assert Task.objects.get().follow_up.person == "p2"
