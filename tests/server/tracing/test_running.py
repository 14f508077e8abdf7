"""A trace is asked once, answered once, kept as it was; the command line says the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.server.cases.town import Town, enter
from tests.server.homes import NOON
from tests.server.tracing.conftest import key_of

from ringfence.cli.main import main
from ringfence.errors import NotAllowed, NotFound
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tracing import actions, queries
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.django_db


def asked(town: Town) -> Run:
    return actions.ask(case=key_of("C1"), by=town.chief, at=NOON)


def test_one_click_is_one_run_with_its_job_and_its_row(outbreak: Case, town: Town) -> None:
    first, second = asked(town), asked(town)
    assert first.pk == second.pk
    assert Run.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="trace", args={"run": first.pk}).count() == 1
    (row,) = AuditRow.objects.filter(act="trace.asked")
    assert (row.by, row.about) == ("chief", {"case": "C1", "run": str(first.pk)})


def test_whoever_waits_at_a_screen_comes_first(outbreak: Case, town: Town) -> None:
    """A hundred traces that the program asked are waiting; somebody clicks on the last of them."""
    run = actions.ask_after(case=outbreak, because="a report", at=NOON)
    for _ in range(2):
        assert asked(town).pk == run.pk
    jobs = ProcrastinateJob.objects.filter(task_name="trace", args={"run": run.pk})
    assert list(jobs.order_by("id").values_list("priority", flat=True)) == [-10, 10]


def test_a_job_too_many_finds_it_done(home: Home, outbreak: Case, town: Town) -> None:
    run = actions.ask_after(case=outbreak, because="a report", at=NOON)
    asked(town)
    run_trace(home, run.pk, now=NOON)
    ended = Run.objects.get(pk=run.pk)
    run_trace(home, run.pk, now=NOON + timedelta(hours=1))
    assert Run.objects.get(pk=run.pk).ended_at == ended.ended_at


def test_the_answer_is_that_of_the_command_line(
    home: Home, outbreak: Case, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    run = asked(town)
    run_trace(home, run.pk, now=NOON)
    run.refresh_from_db()
    capsys.readouterr()
    words = ["trace", "C1", "--home", str(home.root), "--clock", NOON.isoformat(), "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert run.state == "done"
    assert run.protocol == f"{told['protocol']}@{told['protocol_version']}"
    ours = [(one.person, one.outcome, one.order) for one in queries.contacts_of(run)]
    theirs = [(one["person"], one["class"], one["order"]) for one in told["contacts"]]
    assert ours == theirs
    assert ours
    assert run.figures["close"] == sum(outcome == "close" for _, outcome, _ in ours)
    assert len(answer_of(run)["contacts"]) == len(ours)


def test_each_contact_is_led_back_to_file_and_row(home: Home, outbreak: Case, town: Town) -> None:
    run = asked(town)
    run_trace(home, run.pk, now=NOON)
    one = Contact.objects.get(run=run, person="p3")
    rows = [row for said in one.why for row in said["rows"]]
    assert any("link.csv" in en and "row 2" in en for en, _ in rows)
    assert all(zh for _, zh in rows)


def test_a_job_that_comes_twice_changes_nothing(home: Home, outbreak: Case, town: Town) -> None:
    run = asked(town)
    run_trace(home, run.pk, now=NOON)
    before = list(Contact.objects.order_by("id").values())
    run_trace(home, run.pk, now=NOON + timedelta(hours=1))
    assert list(Contact.objects.order_by("id").values()) == before
    run.refresh_from_db()
    assert run.ended_at == NOON


def test_another_click_after_the_answer_is_another_run(
    home: Home, outbreak: Case, town: Town
) -> None:
    first = asked(town)
    run_trace(home, first.pk, now=NOON)
    second = asked(town)
    assert second.pk != first.pk
    assert [run.pk for run in queries.runs_of(outbreak)] == [second.pk, first.pk]


def test_nothing_stands_behind_a_case_that_was_only_entered(home: Home, town: Town) -> None:
    case = enter(home, town)
    with pytest.raises(NotAllowed, match="laboratory record"):
        actions.ask(case=case.pk, by=town.chief, at=NOON)
    assert Run.objects.count() == 0


def test_a_provisional_case_may_be_traced_until_its_time_is_up(outbreak: Case, town: Town) -> None:
    Case.objects.filter(pk=outbreak.pk).update(
        state="provisional", provisional_until=NOON + timedelta(hours=1)
    )
    assert asked(town).state == "waiting"
    with pytest.raises(NotAllowed):
        actions.ask(case=key_of("C1"), by=town.chief, at=NOON + timedelta(hours=1))


def test_outside_ones_reach_there_is_no_such_case_and_no_such_trace(
    home: Home, outbreak: Case, town: Town
) -> None:
    with pytest.raises(NotFound):
        actions.ask(case=key_of("C1"), by=town.neighbour, at=NOON)
    with pytest.raises(NotFound):
        queries.run_of(town.neighbour, asked(town).pk)


def test_what_cannot_be_traced_says_why(home: Home, outbreak: Case, town: Town) -> None:
    Case.objects.filter(pk=outbreak.pk).update(number="C-unknown")
    run = actions.ask(case=key_of("C-unknown"), by=town.chief, at=NOON)
    run_trace(home, run.pk, now=NOON)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.fault is not None and run.fault["en"] and run.fault["zh"]
    assert actions.ask(case=key_of("C-unknown"), by=town.chief, at=NOON).pk != run.pk


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_are_one_run(home: Home, outbreak: Case, town: Town) -> None:
    chief = town.chief

    def click(_: int) -> int:
        try:
            return actions.ask(case=key_of("C1"), by=chief, at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        (run,) = set(pool.map(click, range(8)))
    # Jobs of other tests stay in the library's table: only this run's count.
    assert ProcrastinateJob.objects.filter(task_name="trace", args={"run": run}).count() == 1


_KILLED = """
import os, signal, sys
import django
from django.conf import settings
import tests.server.settings
settings.DATABASES["default"] |= {"HOST": sys.argv[1], "NAME": sys.argv[2]}
django.setup()
from datetime import datetime
from pathlib import Path
from ringfence.lake import open_home
from ringfence_server.tracing import running

def killed(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(running, sys.argv[5], killed)
now = datetime.fromisoformat(sys.argv[6])
running.run_trace(open_home(Path(sys.argv[3])), int(sys.argv[4]), now=now)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["trace_asked", "_contact"])
def test_a_worker_killed_in_mid_trace_loses_nothing(
    home: Home, outbreak: Case, town: Town, moment: str
) -> None:
    """Before the answer, and while it is being kept: the next worker answers it whole."""
    run = asked(town)
    where = connections["default"].settings_dict
    words = [where["HOST"], where["NAME"], home.root, run.pk, moment, NOON.isoformat()]
    ours = {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        "DJANGO_SETTINGS_MODULE": "tests.server.settings",
    }
    command = [sys.executable, "-c", _KILLED, *map(str, words)]
    ended = subprocess.run(command, env={**os.environ, **ours}, check=False)
    assert ended.returncode == -signal.SIGKILL
    run.refresh_from_db()
    assert run.state == "running"
    assert Contact.objects.count() == 0
    run_trace(home, run.pk, now=NOON)
    run.refresh_from_db()
    assert run.state == "done"
    assert Contact.objects.filter(run=run).count() == sum(
        run.figures[name] for name in queries.OUTCOMES
    )
