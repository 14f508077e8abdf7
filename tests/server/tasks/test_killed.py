"""Whoever is killed between a report and what follows: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, task

from ringfence.engines.sql import SqlEngine
from ringfence.lake import Home, snapshot
from ringfence_server.access import Acting
from ringfence_server.outbox.models import AuditRow, Delivery
from ringfence_server.tasks.models import Approval, Exposure, Feedback, Task, TaskState
from ringfence_server.tasks.reporting import Report, Said, report
from ringfence_server.tasks.retracing import retrace
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
_BEGIN = """
import os, signal, sys
import django
from django.conf import settings
import tests.server.settings
settings.DATABASES["default"] |= {"HOST": sys.argv[1], "NAME": sys.argv[2]}
django.setup()
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from ringfence.lake import open_home
settings.RINGFENCE = replace(settings.RINGFENCE, home=Path(sys.argv[3]))
home, now = open_home(Path(sys.argv[3])), datetime.fromisoformat(sys.argv[4])

def killed(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
"""
_APPROVE = """
from ringfence_server.access import acting_of
from ringfence_server.accounts.models import User
from ringfence_server.tasks import approving
chief = acting_of(User.objects.get(username="chief"), now)
seen = approving.preview(home=home, run=int(sys.argv[5]), by=chief, at=now)
setattr(approving, sys.argv[6], killed)
approving.approve(home=home, run=int(sys.argv[5]), digest=seen.digest, by=chief, at=now)
"""
_RETRACE = """
from ringfence_server.tasks import retracing
from ringfence_server.outbox import delivering
where, name = sys.argv[6].split(".")
setattr({"retracing": retracing, "delivering": delivering}[where], name, killed)
retracing.retrace(home, at=now)
"""


def dies(script: str, home: Home, *words: object) -> None:
    where = connections["default"].settings_dict
    told = [where["HOST"], where["NAME"], home.root, NOON.isoformat(), *words]
    ours = {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        "DJANGO_SETTINGS_MODULE": "tests.server.settings",
    }
    command = [sys.executable, "-c", _BEGIN + script, *map(str, told)]
    ended = subprocess.run(command, env={**os.environ, **ours}, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("moment", ["keep", "_expose", "_written"])
def test_in_an_approval(home: Home, run: Run, chief: Acting, moment: str) -> None:
    dies(_APPROVE, home, run.pk, moment)
    for model in (Approval, Task, TaskState, Exposure):
        assert model.objects.count() == 0
    assert not AuditRow.objects.filter(act="trace.approved").exists()
    assert approved(home, run, chief).figures["made"] == 4
    assert Task.objects.count() == TaskState.objects.count() == 6


@pytest.mark.parametrize(
    "moment",
    ["retracing.deliver", "delivering.import_file", "retracing._ask"],
)
def test_between_a_report_and_its_trace(
    home: Home, run: Run, chief: Acting, worker: Acting, moment: str
) -> None:
    approved(home, run, chief)
    one = step(number=task("p2", "notify").pk, to="accepted", by=worker, at=NOON)
    told = Report("reached", [Said(Exposure.objects.get().pk, "no")])
    report(home=home, number=one.pk, told=told, token="t", by=worker, at=NOON)
    dies(_RETRACE, home, 0, moment)
    assert Feedback.objects.get().asked_at is None
    assert retrace(home, at=NOON) == 1
    assert retrace(home, at=NOON) == 0
    (delivery,) = Delivery.objects.all()
    assert delivery.done_at == NOON
    rows = SqlEngine(snapshot(home, NOON)).rows("presence", "subject", ["p2"]).to_pylist()
    assert [row["certainty"] for row in rows if row["source"] == "console"] == ["denied"]
    (asked,) = Run.objects.filter(state="waiting")
    run_trace(home, asked.pk, now=NOON)
    assert not Contact.objects.filter(run=asked, person="p2").exists()
