"""What the withdrawal of a case would do is told before it is done."""

from __future__ import annotations

import pytest
from tests.server.tasks.loop import approved, client_of

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.tasks.following import before_a_withdrawal
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db


def test_whoever_withdraws_a_case_reads_first_what_will_follow(
    home: Home, run: Run, chief: Acting
) -> None:
    assert "0 people" in before_a_withdrawal(run.case)[1].en
    approved(home, run, chief)
    told = before_a_withdrawal(run.case)
    open_now = Task.objects.filter(state__in=OPEN).count()
    assert open_now > 0
    assert f"2 people are followed up because of it; {open_now} open tasks" in told[1].en
    page = client_of(chief).get(f"/cases/{run.case_id}/withdraw/").content.decode()
    assert told[1].en in page
