"""A served home is backed up while it is worked in, and made again: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from tests.server.cases.town import DAY, SECRET, Town, deliver, enter
from tests.server.homes import NOON
from tests.server.keeping.served import Served
from tests.server.running.deployed import run

from ringfence import audit, lake
from ringfence.backup import check
from ringfence.operations.batches import withdraw
from ringfence.sources import import_file
from ringfence_server.access.operator import Operator
from ringfence_server.accounts import actions as accounts
from ringfence_server.accounts.models import Appointment
from ringfence_server.cases import actions as cases
from ringfence_server.keeping.agreement import differences
from ringfence_server.outbox import auditing, delivering
from ringfence_server.outbox.models import AuditRow, Delivery

pytestmark = pytest.mark.django_db(transaction=True)
OPERATOR = Operator("root")
_CASES = "SELECT count(*) FROM cases_case"
_PLACE = "place,kind,name\nk{n},restaurant,小馆{n}\n"


def another(home: lake.Home, town: Town, n: int) -> str:
    """A case of somebody else each time."""
    person = {"name": f"人{chr(0x4E00 + n)}", "phone": f"1380013{n:04d}"}
    return enter(home, town, person=person).number


def told_twice(home: lake.Home) -> list[str]:
    rows = Counter(one.about["row"] for one in audit.entries(home) if "row" in one.about)
    return [row for row, times in rows.items() if times > 1]


def test_it_is_the_same_server_again(kept: Served, town: Town) -> None:
    another(kept.home, town, 1)
    deliver(kept.home)
    auditing.drain(kept.home)
    another(kept.home, town, 2)  # still in the outbox
    waiting = delivering.waiting()
    assert waiting
    kept.backed_up()
    assert check(kept.kept).ok
    again = kept.restored()
    assert again.told["delivered"] == waiting
    assert again.told["differences"] == []
    assert again.one(_CASES) == 2
    assert again.one("SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL") == 0
    assert again.one("SELECT count(*) FROM outbox_auditrow WHERE number IS NULL") == 0
    known = {b.table for b in lake.status(again.home).batches if b.source == "console"}
    assert "case" in known
    assert told_twice(again.home) == []
    assert audit.verify(again.home).ok
    assert lake.verify(again.home).ok
    assert (again.folder / "secret").read_text(encoding="ascii") == SECRET
    assert (again.folder / "secret").stat().st_mode & 0o077 == 0
    assert "clock" in again.file.read_text(encoding="utf-8")
    done = run("serve", "check", "--deployment", again.file)
    assert (done.returncode, done.stdout) == (0, "Database, lake and audit agree.\n")


def test_rows_of_the_audit_that_came_into_the_log_after_the_moment(
    kept: Served, town: Town
) -> None:
    """The database has them waiting; the log, taken last, has them already."""
    another(kept.home, town, 1)
    assert auditing.waiting()

    def drained(_bytes: int) -> None:
        auditing.drain(kept.home)
        another(kept.home, town, len(done) + 2)
        done.append(1)

    done: list[int] = []
    kept.backed_up(progress=drained)
    again = kept.restored()
    assert told_twice(again.home) == []
    assert again.one(_CASES) == 1
    ids = again.one("SELECT max(id) FROM outbox_auditrow")
    assert ids > max(int(one.about.get("row", 0)) for one in audit.entries(kept.home)) - 20


def test_many_act_in_the_midst_of_a_backup(kept: Served, town: Town, tmp_path: Path) -> None:
    """Cases are entered and delivered, files imported, names looked up, all the while."""
    stop = Event()
    town.staff("chief", "supervisor", "0001")

    def entering(first: int) -> int:
        done = 0
        try:
            while not stop.is_set():
                another(kept.home, town, first + done)
                done += 1
        finally:
            connections.close_all()
        return done

    def delivering_() -> None:
        try:
            while not stop.is_set():
                delivering.deliver(kept.home, secret=SECRET, at=NOON)
                auditing.drain(kept.home)
        finally:
            connections.close_all()

    def importing() -> int:
        done = 0
        while not stop.is_set():
            file = tmp_path / f"place-{done}.csv"
            file.write_text(_PLACE.replace("{n}", str(done)), encoding="utf-8")
            import_file(kept.home, file, table="place", now=NOON)
            auditing.shown(kept.home, "task.reveal", by="w", at=NOON, about={"case": str(done)})
            done += 1
        return done

    with ThreadPoolExecutor(4) as many:
        entered = [many.submit(entering, first) for first in (1000, 2000)]
        imports, outbox = many.submit(importing), many.submit(delivering_)
        try:
            for day in range(3):
                kept.backed_up(now=NOON + day * DAY)
        finally:
            stop.set()
        total = sum(one.result() for one in entered)
        outbox.result()
        assert imports.result()
    assert check(kept.kept).ok
    again = kept.restored()
    found = again.one(_CASES)
    assert 0 < found <= total
    assert again.told["differences"] == []
    owed = again.one("SELECT count(*) FROM outbox_delivery")
    own = [b for b in lake.status(again.home).batches if b.source == "console"]
    assert len(own) == owed
    assert again.one("SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL") == 0
    assert told_twice(again.home) == []
    assert lake.verify(again.home).ok


def test_what_was_revoked_since_is_revoked_again(kept: Served, town: Town, tmp_path: Path) -> None:
    number = another(kept.home, town, 1)
    file = tmp_path / "place.csv"
    file.write_text(_PLACE.replace("{n}", "1"), encoding="utf-8")
    batch = import_file(kept.home, file, table="place", now=NOON).batch
    gone, left, changed, back = (
        town.staff(name, "investigator", "000101").user for name in ("gone", "left", "new", "back")
    )
    chief = town.chief
    assigned = cases.assign(number=number, account=left, by=chief, at=NOON)
    deliver(kept.home)
    Session.objects.create(session_key="x" * 32, session_data="y", expire_date=NOON + 99999 * DAY)
    kept.backed_up()
    accounts.deactivate(user=gone, by=OPERATOR, at=NOON)
    accounts.deactivate(user=back, by=OPERATOR, at=NOON)
    accounts.reactivate(user=back, by=OPERATOR, at=NOON)
    accounts.end_appointment(appointment=Appointment.objects.get(user=left), by=OPERATOR, at=NOON)
    accounts.reset_password(user=changed, by=OPERATOR, at=NOON, draw=lambda: "another one " * 2)
    cases.end_assignment(key=assigned.pk, by=chief, at=NOON)
    withdraw(kept.home, batch, reason="wrong file", by="root", now=NOON)
    auditing.drain(kept.home)
    again = kept.restored()
    done = {(one["act"], one["about"]) for one in again.told["again"] if one["done"]}
    assert done == {
        ("account.deactivate", "gone"),
        ("account.end_role", "left"),
        ("account.reset_password", "new"),
        ("case.unassigned", "left"),
        ("lake.withdraw", batch),
    }
    accounts_ = dict(again.ask("SELECT username, is_active FROM accounts_user"))
    assert (accounts_["gone"], accounts_["left"], accounts_["back"]) == (False, True, True)
    open_roles = (
        "SELECT count(*) FROM accounts_appointment a JOIN accounts_user u ON u.id = user_id"
    )
    assert again.one(f"{open_roles} WHERE username = 'left' AND until IS NULL") == 0
    (password,) = again.ask("SELECT password FROM accounts_user WHERE username = 'new'")[0]
    assert password.startswith("!")
    assert again.one("SELECT count(*) FROM cases_assignment WHERE until IS NULL") == 0
    assert again.one("SELECT count(*) FROM django_session") == 0
    assert again.one("SELECT min(sessions) FROM accounts_user") >= 1
    assert batch not in lake.live_batches(again.home)
    acts = [one.act for one in audit.entries(again.home)]
    assert {"account.deactivate", "server.restored", "home.restored"} <= set(acts)


def test_no_name_rests_in_clear(kept: Served, town: Town) -> None:
    enter(kept.home, town, person={"name": "欧阳锦绣", "phone": "13800138001"})
    kept.backed_up()
    for path in kept.kept.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for text in ("欧阳锦绣".encode(), b"PGDMP", SECRET.encode(), b"chief"):
                assert text not in content


def test_a_drill_restores_and_leaves_nothing(kept: Served, town: Town, place: Path) -> None:
    another(kept.home, town, 1)
    deliver(kept.home)
    kept.backed_up()
    key = audit.key_named("x").parent
    before = {path.name: path.read_bytes() for path in key.iterdir() if path.is_file()}
    log = audit.last_number(kept.home)
    work = place / "work"
    work.mkdir(mode=0o711)
    done = run("serve", "drill", kept.kept, "--work", work)
    assert done.returncode == 0, done.stderr
    assert "would serve: restored and checked in" in done.stdout
    assert list(work.iterdir()) == []
    after = {path.name: path.read_bytes() for path in key.iterdir() if path.is_file()}
    assert {n: c for n, c in after.items() if not n.endswith(".lock")} == {
        n: c for n, c in before.items() if not n.endswith(".lock")
    }
    assert audit.last_number(kept.home) == log


def test_a_home_alone_is_not_restored_as_a_server_nor_the_other_way(
    kept: Served, town: Town, place: Path
) -> None:
    kept.backed_up()
    done = run("restore", kept.kept, "--to", place / "home2")
    assert (done.returncode, "serve restore" in done.stderr) == (2, True)
    done = run("backup", place / "alone", "--home", kept.home.root)
    assert done.returncode == 0, done.stderr
    done = run("serve", "restore", place / "alone", "--to", place / "server2")
    assert (done.returncode, "`ringfence restore`" in done.stderr) == (2, True)
    assert not (place / "server2").exists()


def test_a_database_that_is_not_empty_is_refused(kept: Served, place: Path) -> None:
    kept.backed_up()
    done = run(
        "serve", "restore", kept.kept, "--to", place / "again",
        "--database", kept.deployment.database,
    )  # fmt: skip
    assert (done.returncode, "not empty" in done.stderr) == (2, True)
    assert not (place / "again").exists()


def test_the_checker_tells_what_differs(kept: Served, town: Town) -> None:
    another(kept.home, town, 1)
    deliver(kept.home)
    auditing.drain(kept.home)
    assert differences(kept.home) == []
    one = Delivery.objects.filter(done_at__isnull=False)[0]
    Delivery.objects.filter(pk=one.pk).update(receipt={"batch": "0" * 64})
    row = AuditRow.objects.filter(number__isnull=False).order_by("id")[0]
    AuditRow.objects.filter(pk=row.pk).update(number=999_999)
    told = " ".join(text.en for text in differences(kept.home))
    assert one.key in told
    assert "deliveries of the console" in told
    assert "1 rows that the database wrote into the audit are not there" in told
