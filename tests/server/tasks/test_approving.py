"""A list becomes work on one approval: all of what was previewed, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.server.cases.town import DAY, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, task, traced

from ringfence.errors import NotAllowed, NotFound
from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.cases.actions import reclassify, take_from_lake, withdraw
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tasks.models import Approval, Exposure, FollowUp, Link, Task, TaskState
from ringfence_server.tasks.queries import to_approve
from ringfence_server.tasks.refusals import Overtaken
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
GRID = "000101001001001"


def open_work() -> dict[tuple[str, str], str]:
    rows = Task.objects.exclude(state__in=("withdrawn", "closed")).exclude(kind="release")
    return {(one.follow_up.person, one.kind): one.unit_id for one in rows}


def test_the_preview_is_what_is_sent(home: Home, run: Run, chief: Acting) -> None:
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    assert Task.objects.count() == 0
    assert seen.plan.kinds == {"notify": 2, "bring": 2, "release": 2}
    assert {unit: len(people) for unit, people in seen.by_unit.items()} == {GRID: 1, "000101": 1}
    (p2,), (p3,) = seen.by_unit[GRID], seen.by_unit["000101"]
    assert (p2.person, p2.assumed, p3.person, p3.assumed) == ("p2", False, "p3", True)
    made = approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON)
    assert made.figures == {"people": 2, "made": 4, "withdrawn": 0, "closed": 0, "by_measure": 2}
    assert open_work() == {
        ("p2", "notify"): GRID,
        ("p2", "bring"): GRID,
        ("p3", "notify"): "000101",
        ("p3", "bring"): "000101",
    }
    assert task("p2", "notify").grid == GRID
    assert TaskState.objects.filter(state="dispatched", by=chief.user).count() == 6
    exposed = Exposure.objects.get()
    assert (exposed.subject, exposed.place, exposed.label) == ("p2", "K", "Blue Karaoke (K)")
    (row,) = AuditRow.objects.filter(act="trace.approved")
    assert row.about["made"] == "4"


def test_a_second_click_sends_nothing(home: Home, run: Run, chief: Acting) -> None:
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    first = approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON)
    assert approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON) == first
    assert Task.objects.exclude(kind="release").count() == 4
    assert preview(home=home, run=run.pk, by=chief, at=NOON).approval == first


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_send_once(home: Home, run: Run, chief: Acting) -> None:
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)

    def click(_: int) -> int:
        try:
            return approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    assert Task.objects.exclude(kind="release").count() == 4
    assert AuditRow.objects.filter(act="trace.approved").count() == 1


def test_an_older_list_and_another_preview_are_refused(home: Home, run: Run, chief: Acting) -> None:
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    later = traced(home, chief)
    with pytest.raises(Overtaken):
        approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON)
    approved(home, later, chief)
    newest = traced(home, chief)
    with pytest.raises(Overtaken):
        approve(home=home, run=newest.pk, digest="another", by=chief, at=NOON)
    assert Approval.objects.count() == 1


def test_what_stands_between_makes_a_preview_stale(home: Home, run: Run, chief: Acting) -> None:
    seen = preview(home=home, run=run.pk, by=chief, at=NOON)
    FollowUp.objects.create(
        person="p2", subjects=["p2"], disease="covid-19", unit_id="000102", since=NOON
    )
    with pytest.raises(Overtaken):
        approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON)
    assert Task.objects.count() == 0


def test_a_list_approved_again_makes_nothing_anew(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)
    again = approved(home, traced(home, chief), chief, NOON + DAY)
    assert again.figures == {"people": 2, "made": 0, "withdrawn": 0, "closed": 0, "by_measure": 0}
    assert Task.objects.exclude(kind="release").count() == 4


def test_provisional_traces_make_notices_and_no_orders(home: Home, run: Run, chief: Acting) -> None:
    Contact.objects.filter(run=run).update(provisional=True)
    approved(home, run, chief)
    assert {kind for _, kind in open_work()} == {"notify"}
    approved(home, traced(home, chief), chief)
    assert {kind for _, kind in open_work()} == {"notify", "bring"}


def test_a_draft_drives_no_tasks_where_people_are_real(home: Home, run: Run, chief: Acting) -> None:
    real = type(home)(**{**vars(home), "synthetic": False})
    assert run.draft
    with pytest.raises(NotAllowed, match="draft"):
        preview(home=real, run=run.pk, by=chief, at=NOON)


def test_who_is_dropped_is_left_in_peace(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)
    Task.objects.filter(follow_up__person="p3", kind="notify").update(
        state="accepted", account=chief.user
    )
    later = traced(home, chief)
    Contact.objects.filter(run=later, person="p3").delete()
    made = approved(home, later, chief)
    assert made.figures == {"people": 1, "made": 0, "withdrawn": 3, "closed": 0, "by_measure": 0}
    assert {person for person, _ in open_work()} == {"p2"}
    gone = FollowUp.objects.get(person="p3")
    assert (gone.end, gone.links.get().until) == ("dropped", NOON)
    (state,) = TaskState.objects.filter(task=task("p3", "notify"), state="withdrawn")
    assert (state.reason, state.account) == ("not_listed", chief.user)
    back = approved(home, traced(home, chief), chief)
    assert back.figures["made"] == 2
    assert FollowUp.objects.get(person="p3").end == ""


def test_a_milder_class_takes_the_order_back(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)
    later = traced(home, chief)
    Contact.objects.filter(run=later, person="p2").update(outcome="general")
    approved(home, later, chief)
    assert ("p2", "bring") not in open_work()
    assert ("p2", "notify") in open_work()


@pytest.fixture
def second_case(home: Home, run: Run, tmp_path: Path) -> Case:
    """p6, who lives with p3 as well."""
    for table, text in {
        "case": "case,subject,disease,classification,symptomatic,jurisdiction\n"
        "C9,p6,covid-19,confirmed,yes,000102\n",
        "case_event": "case,kind,at\nC9,onset,2022-07-05\n",
        "test": "subject,sampled,result\np6,2022-07-05T10:00:00+08:00,positive\n",
        "link": "subject_a,subject_b,relation\np6,p3,household\n",
    }.items():
        file = tmp_path / f"second-{table}.csv"
        file.write_text(text, encoding="utf-8")
        import_file(home, file, table=table, source="second", now=NOON)
    take_from_lake(home, by=None, at=NOON)
    return Case.objects.get(number="C9")


def test_one_person_of_two_cases_is_one_follow_up(
    home: Home, run: Run, chief: Acting, second_case: Case
) -> None:
    approved(home, run, chief)
    run = traced(home, chief, "C9")
    Contact.objects.filter(run=run).exclude(person="p3").delete()
    made = approved(home, run, chief, NOON + DAY)
    assert made.figures["made"] == 0
    both = FollowUp.objects.get(person="p3")
    assert set(both.links.values_list("case__number", flat=True)) == {"C1", "C9"}
    withdraw(home=home, number="C1", reason="mixed up", by=chief, at=NOON + DAY)
    assert {person for person, _ in open_work()} == {"p3"}
    assert Link.objects.get(follow_up=both, until__isnull=True).case == second_case


def test_a_withdrawn_case_takes_its_work_along(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)
    done = withdraw(home=home, number="C1", reason="mixed up", by=chief, at=NOON)
    assert "6 tasks" in done.notices[0].en
    assert open_work() == {}
    assert {one.end for one in FollowUp.objects.all()} == {"dropped"}
    with pytest.raises(NotAllowed):
        preview(home=home, run=traced_run(run), by=chief, at=NOON)


def traced_run(run: Run) -> int:
    Approval.objects.all().delete()
    return run.pk


def test_only_who_may_approve_in_the_unit_of_the_case(home: Home, run: Run, town: Town) -> None:
    with pytest.raises(NotFound):
        preview(home=home, run=run.pk, by=town.neighbour, at=NOON)
    analyst = town.staff("analyst", "data_analyst", "0001")
    with pytest.raises(NotAllowed):
        preview(home=home, run=run.pk, by=analyst, at=NOON)
    with pytest.raises(NotFound):
        preview(home=home, run=10**12, by=town.chief, at=NOON)


def test_a_thousand_contacts_are_not_asked_about_one_by_one(
    home: Home, outbreak: Case, chief: Acting, tmp_path: Path
) -> None:
    """How long they take, `make bench-server` measures."""
    file = tmp_path / "many.csv"
    rows = "".join(f"p1,m{n},household\n" for n in range(1_000))
    file.write_text(f"subject_a,subject_b,relation\n{rows}", encoding="utf-8")
    import_file(home, file, table="link", source="many", now=NOON)
    run = traced(home, chief)
    with CaptureQueriesContext(connection) as asked:
        made = approved(home, run, chief)
    assert len(asked) < 200
    assert made.figures["people"] == 1_002
    assert Task.objects.exclude(kind="release").count() == 2_004


def test_a_case_that_stands_again_is_traced_anew(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)
    for classification in ("discarded", "confirmed"):
        done = reclassify(
            home=home,
            number="C1",
            classification=classification,
            reason="looked again",
            by=chief,
            at=NOON,
        )
    assert "traced anew" in done.notices[0].en
    assert open_work() == {}
    (waits,) = Run.objects.filter(state="waiting")
    run_trace(home, waits.pk, now=NOON)
    assert [one.pk for one in to_approve(chief)] == [waits.pk]
    assert approved(home, waits, chief).figures["made"] == 4
