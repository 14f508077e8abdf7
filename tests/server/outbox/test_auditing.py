"""An act and its row stand or fall together, and the row comes into the chain once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from tests.server.homes import NOON, new_home, told_of

from ringfence.audit import append
from ringfence.errors import NotAllowed
from ringfence.lake import Home
from ringfence_server.outbox import auditing
from ringfence_server.outbox.models import AuditRow

ACT = "case.entered"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path)


def tell(*cases: str) -> None:
    with transaction.atomic():
        for case in cases:
            auditing.told(ACT, by="zhang.wei", at=NOON, about={"case": case})


def cases_in_chain(home: Home) -> list[str]:
    return [entry.about["case"] for entry in told_of(home, ACT)]


@pytest.mark.django_db
def test_rows_come_into_the_chain_in_order(home: Home) -> None:
    tell("C1", "C2", "C3")
    assert auditing.drain(home) == 3
    assert cases_in_chain(home) == ["C1", "C2", "C3"]
    assert auditing.waiting() == 0
    assert auditing.drain(home) == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_row(home: Home) -> None:
    with pytest.raises(ValueError, match="the act"), transaction.atomic():
        auditing.told(ACT, by="zhang.wei", at=NOON, about={"case": "C1"})
        raise ValueError("the act failed")
    assert auditing.drain(home) == 0


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_a_fault_of_the_program() -> None:
    with pytest.raises(RuntimeError, match="one transaction"):
        auditing.told(ACT, by="zhang.wei", at=NOON, about={"case": "C1"})


@pytest.mark.django_db
def test_a_person_in_a_reason_is_refused_with_the_act() -> None:
    with pytest.raises(NotAllowed), transaction.atomic():
        auditing.told(ACT, by="zhang.wei", at=NOON, about={"reason": "tel. 13800138000"})
    assert auditing.waiting() == 0


@pytest.mark.django_db
def test_more_than_are_moved_at_once(home: Home) -> None:
    tell(*(f"C{n}" for n in range(1_203)))
    assert auditing.drain(home) == 1_203
    assert cases_in_chain(home) == [f"C{n}" for n in range(1_203)]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_move_each_row_once(home: Home) -> None:
    tell(*(f"C{n}" for n in range(200)))

    def drained(_: int) -> int:
        try:
            return auditing.drain(home)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(drained, range(8))) == 200
    assert cases_in_chain(home) == [f"C{n}" for n in range(200)]


_DRAIN = """
import os, signal, sys
import django
from django.conf import settings
import tests.server.settings
settings.DATABASES["default"] |= {"HOST": sys.argv[1], "NAME": sys.argv[2]}
django.setup()
from pathlib import Path
from ringfence.lake import open_home
from ringfence_server.outbox import auditing

def killed(home, acts):
    if sys.argv[4] == "after":
        append_many(home, acts)
    os.kill(os.getpid(), signal.SIGKILL)

append_many = auditing.append_many
auditing.append_many = killed
home = open_home(Path(sys.argv[3]))
auditing.drain(home)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_process_neither_loses_nor_doubles(home: Home, moment: str) -> None:
    tell("C1", "C2")
    where = connections["default"].settings_dict
    words = [str(where["HOST"]), str(where["NAME"]), str(home.root), moment]
    ours = {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "tests.server.settings",
    }
    ended = subprocess.run(
        [sys.executable, "-c", _DRAIN, *words], env={**os.environ, **ours}, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    append(home, "trace", by="li.na", at=NOON, about={"case": "C9"})
    assert auditing.drain(home) == 2
    assert cases_in_chain(home) == ["C1", "C2"]
    assert [row.number for row in AuditRow.objects.order_by("id")] == (
        [1, 2] if moment == "after" else [2, 3]
    )
