"""What an act owes the home is there once, whoever is killed, and names nobody in the database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.faults import fill, small_disk
from tests.server.homes import NOON, new_home, told_of

from ringfence.engines.sql import SqlEngine
from ringfence.errors import StorageError
from ringfence.lake import Home, snapshot
from ringfence.vault import open_vault
from ringfence_server.outbox import delivering
from ringfence_server.outbox.models import Delivery
from ringfence_server.outbox.waking import DELIVER

ROOT = Path(__file__).parents[3]
SECRET = "a secret of the tests, known to everybody"
CASE = {
    "case": "C1",
    "subject": "s1",
    "disease": "covid-19",
    "classification": "suspected",
    "symptomatic": "yes",
}
PERSON = {"name": "王小明", "id_number": "000101199001011012", "phone": "+8613800138000"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path)


def owe(key: str, table: str = "case", row: dict[str, str] = CASE, **identity: str) -> None:
    with transaction.atomic():
        delivering.owe(
            key,
            table,
            [row],
            secret=SECRET,
            by="li.na",
            at=NOON,
            identity=[identity] if identity else (),
        )


def deliver(home: Home) -> delivering.Delivered:
    return delivering.deliver(home, secret=SECRET, at=NOON)


def rows(home: Home, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (
        SqlEngine(snapshot(home, NOON)).rows(table, "case", None).to_pylist()
    )
    return found


@pytest.mark.django_db
def test_a_delivery_becomes_source_records(home: Home) -> None:
    owe("C1/1")
    assert deliver(home) == delivering.Delivered(1, 0)
    (row,) = rows(home, "case")
    assert (row["case"], row["source"], row["classification"]) == ("C1", "console", "suspected")
    one = Delivery.objects.get()
    assert one.done_at == NOON
    assert one.receipt is not None
    assert one.receipt["batch"] == row["batch"]
    assert deliver(home) == delivering.Delivered(0, 0)
    begun, ended = told_of(home, "console.deliver")
    assert (begun.state, begun.by, ended.state) == ("intended", "li.na", "done")


@pytest.mark.django_db
def test_to_say_the_same_again_later_is_no_replay(home: Home) -> None:
    owe("C1/1")
    owe("C1/2", row={**CASE, "classification": "probable"})
    owe("C1/3")
    deliver(home)
    assert rows(home, "case")[0]["classification"] == "suspected"


@pytest.mark.django_db
def test_identity_is_sealed_while_it_waits_and_erased_when_it_went(home: Home) -> None:
    owe("C1/who", "subject", {"subject": "s1"}, **PERSON)
    sealed = Delivery.objects.get().sealed
    assert sealed is not None
    assert PERSON["phone"].encode() not in bytes(sealed)
    deliver(home)
    assert Delivery.objects.get().sealed is None
    with open_vault(home) as vault:
        (told,) = vault.statements(["s1"])["s1"]
        assert vault.find("name", PERSON["name"]) == ["s1"]
    assert dict(told.fields) == PERSON


@pytest.mark.django_db
def test_under_another_secret_nothing_is_lost(home: Home) -> None:
    owe("C1/who", "subject", {"subject": "s1"}, **PERSON)
    with pytest.raises(StorageError, match="secret"), transaction.atomic():
        delivering.deliver(home, secret="another secret of another deployment", at=NOON)
    assert delivering.waiting() == 1
    assert deliver(home).done == 1


@pytest.mark.django_db
def test_what_the_home_refuses_waits_aside(home: Home) -> None:
    owe("C1/1", row={**CASE, "colour": "red"})
    owe("C1/2")
    assert deliver(home) == delivering.Delivered(1, 1)
    assert delivering.refused() == 1
    assert delivering.waiting() == 0


@pytest.mark.django_db
def test_a_row_that_the_home_refuses_is_not_passed_over_in_silence(home: Home) -> None:
    owe("C1/1", row={**CASE, "classification": "perhaps"})
    assert deliver(home) == delivering.Delivered(0, 1)
    assert delivering.refused() == 1


@pytest.mark.django_db
def test_on_a_full_disk_it_waits_and_goes_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        home = new_home(disk)
        owe("C1/1")
        ballast = fill(disk)
        with pytest.raises(StorageError), transaction.atomic():
            deliver(home)
        assert delivering.waiting() == 1
        ballast.unlink()
        assert deliver(home).done == 1
        assert len(rows(home, "case")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once() -> None:
    owe("C1/1")
    owe("C1/2")
    assert ProcrastinateJob.objects.filter(task_name=DELIVER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_deliver_each_once(home: Home) -> None:
    for number in range(6):
        owe(f"C{number}/1", row={**CASE, "case": f"C{number}"})

    def delivered(_: int) -> int:
        try:
            return deliver(home).done
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(delivered, range(4))) == 6
    assert len(rows(home, "case")) == 6


_DELIVER = """
import os, signal, sys
import django
from django.conf import settings
import tests.server.settings
settings.DATABASES["default"] |= {"HOST": sys.argv[1], "NAME": sys.argv[2]}
django.setup()
from datetime import datetime
from pathlib import Path
from ringfence.lake import open_home
from ringfence_server.outbox import delivering

def killed(*given, **named):
    if sys.argv[4] == "after":
        import_file(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

import_file = delivering.import_file
delivering.import_file = killed
home = open_home(Path(sys.argv[3]))
delivering.deliver(home, secret=sys.argv[5], at=datetime.fromisoformat(sys.argv[6]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_deliverer_neither_loses_nor_doubles(home: Home, moment: str) -> None:
    owe("C1/who", "subject", {"subject": "s1"}, **PERSON)
    where = connections["default"].settings_dict
    words = [str(where["HOST"]), str(where["NAME"]), str(home.root), moment, SECRET]
    ours = {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "tests.server.settings",
    }
    ended = subprocess.run(
        [sys.executable, "-c", _DELIVER, *words, NOON.isoformat()],
        env={**os.environ, **ours},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert delivering.waiting() == 1
    assert deliver(home).done == 1
    one = Delivery.objects.get()
    assert one.receipt is not None
    assert one.receipt["replayed"] == (moment == "after")
    assert one.receipt["rows_in"] == 1
    with open_vault(home) as vault:
        assert len(vault.statements(["s1"])["s1"]) == 1
