"""A commit with rows of the audit in it gives the worker one job."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from ringfence_server.outbox.auditing import told, waiting_since
from ringfence_server.outbox.waking import DRAIN

NOON = datetime(2022, 7, 7, 4, tzinfo=UTC)


def act() -> None:
    told("case.enter", by="officer.li", at=NOON, about={"case": "C1"})


@pytest.mark.django_db(transaction=True)
def test_many_rows_of_one_act_and_of_several_give_one_job() -> None:
    assert waiting_since() is None
    with transaction.atomic():
        act()
        act()
        assert sum(1 for _ in connection.run_on_commit) == 1
    with transaction.atomic():
        act()
    assert ProcrastinateJob.objects.filter(task_name=DRAIN).count() == 1
    assert waiting_since() == NOON


@pytest.mark.django_db(transaction=True)
def test_an_act_that_did_not_happen_gives_none() -> None:
    before = ProcrastinateJob.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        act()
        raise ZeroDivisionError
    assert ProcrastinateJob.objects.count() == before
