"""What is past its time is gone from a dump of the database; what something needs still is not."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, client_of, task, traced

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case, CaseVersion, Submission
from ringfence_server.outbox import auditing
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import AuditRow, Delivery
from ringfence_server.retention.purging import purge_database
from ringfence_server.running import cluster
from ringfence_server.tasks import working
from ringfence_server.tasks.models import Exposure, Feedback, FollowUp, Link, Task, TaskState
from ringfence_server.tasks.reporting import Report, Said, report
from ringfence_server.tasks.retracing import retrace
from ringfence_server.tracing.models import Contact, Run

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
LATER = NOON + 400 * DAY
_NOTE = "会说四川话，周三在家"


def dumped() -> str:
    """As anybody reads it who gets hold of a dump."""
    where = connections["default"].settings_dict
    folder = cluster.binaries()
    assert folder is not None
    told = [folder / "pg_dump", "-h", where["HOST"], "-U", "ringfence", where["NAME"]]
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout


def worked(home: Home, run: Run, chief: Acting, worker: Acting) -> Task:
    """Approved, one told at the door, one report with words."""
    approved(home, run, chief)
    one = working.step(number=task("p2", "notify").pk, to="accepted", by=worker, at=NOON)
    said = [Said(Exposure.objects.get().pk, "yes")]
    report(
        home=home,
        number=one.pk,
        told=Report("reached", said, note=_NOTE),
        token="t",
        by=worker,
        at=NOON,
    )
    assert retrace(home, at=NOON) == 1
    deliver(home, secret="a secret of the tests, known to everybody", at=NOON)
    auditing.drain(home)
    return one


def closed(home: Home, tmp_path: Path, at: datetime) -> None:
    """The case is released, says another channel; nobody is followed up for it any more."""
    file = tmp_path / "case_event.csv"
    file.write_text("case,kind,at\nC1,released,2022-07-20\n", encoding="utf-8")
    import_file(home, file, table="case_event", now=at)


def all_ended() -> None:
    Run.objects.filter(state="waiting").delete()
    Task.objects.update(state="closed", next_at=None)
    FollowUp.objects.update(end="settled", ended_at=NOON + DAY)
    Link.objects.update(until=NOON + DAY)


def test_nothing_goes_of_what_an_open_case_or_follow_up_needs(
    home: Home, run: Run, chief: Acting, worker: Acting, tmp_path: Path
) -> None:
    worked(home, run, chief, worker)
    before = {
        model: model.objects.count()
        for model in (Contact, Exposure, Feedback, FollowUp, Task, TaskState, Link)
    }
    gone = purge_database(home, at=LATER)
    assert {key for key, rows in gone.items() if rows} <= {
        "deliveries",
        "audit_rows",
        "submissions",
    }
    assert {model: model.objects.count() for model in before} == before
    assert Feedback.objects.exclude(sealed=b"").exists()
    closed(home, tmp_path, LATER)
    purge_database(home, at=LATER)
    assert Contact.objects.exists(), "somebody is still followed up"
    assert Run.objects.get(pk=run.pk).answer is not None


def test_afterwards_a_dump_holds_nothing_of_the_contacts(
    home: Home, run: Run, chief: Acting, worker: Acting, tmp_path: Path
) -> None:
    worked(home, run, chief, worker)
    assert "\tp2\t" in dumped()
    closed(home, tmp_path, LATER)
    all_ended()
    gone = purge_database(home, at=LATER)
    assert all(gone[key] for key in ("traces", "exposures", "reports", "work", "deliveries"))
    auditing.drain(home)
    text = dumped()
    for hidden in ("p2", "p3", "k1", "karaoke"):
        for around in ("\t{}\t", '"{}"', "{{{}}}", "{{{},", ",{}}}"):
            assert around.format(hidden) not in text, hidden
    assert purge_database(home, at=LATER) == dict.fromkeys(gone, 0)
    assert Run.objects.get(pk=run.pk).figures == run.figures
    (told,) = AuditRow.objects.filter(act="server.purge")
    assert told.about == {key: str(rows) for key, rows in gone.items() if rows}


def test_days_count_to_the_moment(
    home: Home, run: Run, chief: Acting, worker: Acting, tmp_path: Path
) -> None:
    worked(home, run, chief, worker)
    closed(home, tmp_path, NOON + 20 * DAY)
    all_ended()
    purge_database(home, at=NOON + 28 * DAY)
    assert Run.objects.get(pk=run.pk).answer is not None
    purge_database(home, at=NOON + 28 * DAY + timedelta(microseconds=1))
    assert Run.objects.get(pk=run.pk).answer is None
    assert not Contact.objects.filter(run=run).exists()
    assert FollowUp.objects.exists()


def test_pages_say_what_was_erased(
    home: Home, run: Run, chief: Acting, worker: Acting, tmp_path: Path
) -> None:
    one = worked(home, run, chief, worker)
    closed(home, tmp_path, LATER)
    all_ended()
    purge_database(home, at=NOON + 60 * DAY)
    client = client_of(chief)
    page = client.get(f"/traces/{run.pk}/")
    assert (page.status_code, "erased when its time was over" in page.content.decode()) == (
        404,
        True,
    )
    page = client.get(f"/tasks/{one.pk}/")
    assert (page.status_code, "erased when its time was over" in page.content.decode()) == (
        200,
        True,
    )
    assert client.get(f"/cases/{Case.objects.get(number='C1').pk}/").status_code == 200


def test_what_the_home_does_not_have_yet_stays(home: Home, town: Town) -> None:
    by = town.chief.user
    told = {"key": "k", "table": "place", "rows": [{"place": "a"}], "by": "x", "created_at": NOON}
    Delivery.objects.create(**told)
    Delivery.objects.create(**{**told, "key": "f"}, done_at=NOON, fault={"en": "", "zh": ""})
    Delivery.objects.create(**{**told, "key": "d"}, done_at=NOON, receipt={"batch": "b"})
    AuditRow.objects.create(act="a", by="x", at=NOON, about={})
    Submission.objects.create(token="s", digest="d", by=by, at=LATER)
    gone = purge_database(home, at=LATER)
    assert (gone["deliveries"], gone["audit_rows"], gone["submissions"]) == (1, 0, 0)
    assert [d.rows != [] for d in Delivery.objects.order_by("id")] == [True, True, False]
    assert Delivery.objects.get(key="d").receipt == {"batch": "b"}


def test_forms_of_a_closed_case_lose_their_words(
    home: Home, outbreak: Case, town: Town, tmp_path: Path
) -> None:
    from tests.server.cases.town import SECRET

    from ringfence_server.cases.investigating import PURPOSE, Form, bound_to, latest_version
    from ringfence_server.outbox.sealing import seal

    form = Form({"occupation": _NOTE}).as_json()
    CaseVersion.objects.create(
        case=outbreak,
        number=1,
        sealed=seal(SECRET, PURPOSE, bound_to(outbreak.pk, 1), form),
        by=town.chief.user,
        at=NOON,
    )
    assert purge_database(home, at=LATER)["forms"] == 0
    closed(home, tmp_path, LATER)
    assert purge_database(home, at=LATER)["forms"] == 1
    found = latest_version(outbreak)
    assert (found.number, found.form) == (1, Form())


def test_a_second_trace_after_it_is_a_trace(
    home: Home, run: Run, chief: Acting, tmp_path: Path
) -> None:
    Run.objects.filter(pk=run.pk).update(ended_at=NOON)
    closed(home, tmp_path, LATER)
    purge_database(home, at=NOON + 60 * DAY)
    again = traced(home, chief, at=NOON + timedelta(hours=1))
    assert again.state == "done"
