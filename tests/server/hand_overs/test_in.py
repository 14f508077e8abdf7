"""People of whom another city tells: taken in once, verified, and never ordered about."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.server.cases.town import DAY, SECRET, Town
from tests.server.hand_overs.elsewhere import LI, City
from tests.server.homes import NOON

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError, UserError
from ringfence.lake import Home
from ringfence.operations.hand_over import Answer, Refused, read_receipt
from ringfence.vault import open_vault
from ringfence_server.access import Acting
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.models import Received, ReceivedPerson
from ringfence_server.hand_overs.refusals import Done
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.actions import add, report, step
from ringfence_server.tasks.assigning import check, close, last_state
from ringfence_server.tasks.models import FollowUp, Link, Task
from ringfence_server.tasks.reporting import Report
from ringfence_server.tasks.retracing import retrace
from ringfence_server.tasks.revealing import person_of

pytestmark = pytest.mark.django_db
TWO = {"x1": LI, "x2": {"name": "王五", "phone": "13600136000"}}
YES = {"x1": Answer("x1", "accepted"), "x2": Answer("x2", "refused", "moved away")}


def reads(home: Home, city: City, by: Acting, **given: object) -> Received:
    found = actions.read(home=home, file=city.gives(home, TWO, **given), by=by, at=NOON)  # type: ignore[arg-type]
    assert isinstance(found, Received)
    return found


def answers(home: Home, one: Received, town: Town, by: Acting) -> Received:
    unit = town.unit("000101")
    return actions.answer(home=home, received=one.pk, answers=YES, unit=unit, by=by, at=NOON)


def test_whoever_is_taken_in_is_verified_and_the_receipt_says_so(
    home: Home, town: Town, city: City, chief: Acting
) -> None:
    one = reads(home, city, chief)
    assert FollowUp.objects.count() == Task.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM hand_overs_received t")
        assert LI["name"] not in cursor.fetchone()[0]
    done = answers(home, one, town, chief)
    assert done.sealed is None
    person = FollowUp.objects.get()
    (verify,) = person.tasks.all()
    assert (verify.kind, verify.unit_id, verify.state) == ("verify", "000101", "dispatched")
    assert deliver(home, secret=SECRET, at=NOON).refused == 0
    with open_vault(home) as vault:
        assert vault.find("name", LI["name"]) == [person.person]
        assert vault.find("name", "王五") == []
    opened = city.opens(home, bytes(done.receipt or b""))
    receipt = read_receipt(opened.content)
    assert (receipt.of, receipt.digest) == ("4403-1", one.digest)
    assert {each.ref: (each.answer, each.reason) for each in receipt.people} == {
        "x1": ("accepted", ""),
        "x2": ("refused", "moved away"),
    }
    with pytest.raises(NotAllowed, match="binds"):
        add(home=home, number=verify.pk, kind="bring", by=chief, at=NOON)
    assert add(home=home, number=verify.pk, kind="visit", by=chief, at=NOON).kind == "visit"


def test_their_worker_sees_who_it_is_and_reports(
    home: Home, town: Town, city: City, chief: Acting
) -> None:
    answers(home, reads(home, city, chief), town, chief)
    deliver(home, secret=SECRET, at=NOON)
    worker = town.staff("worker", "grid_worker", "000101")
    (verify,) = Task.objects.all()
    held = step(number=verify.pk, to="accepted", by=worker, at=NOON)
    seen = person_of(home, held, by=worker, at=NOON)
    assert seen["name"] == LI["name"]
    told = Report("was_there")
    report(home=home, number=verify.pk, told=told, token="t1", by=worker, at=NOON)
    assert retrace(home, at=NOON) == 0
    check(number=verify.pk, seen=last_state(verify), by=chief, at=NOON)
    close(number=verify.pk, seen=last_state(verify), by=chief, at=NOON)
    assert FollowUp.objects.get().end == "closed"


def test_once(home: Home, town: Town, city: City, chief: Acting) -> None:
    file = city.gives(home, TWO)
    one = actions.read(home=home, file=file, by=chief, at=NOON)
    with pytest.raises(Done, match="read already"):
        actions.read(home=home, file=file, by=chief, at=NOON + DAY)
    with pytest.raises(Refused, match="another file of this number"):
        reads(home, city, chief)
    assert isinstance(one, Received)
    first = answers(home, one, town, chief)
    assert answers(home, one, town, chief).receipt == first.receipt
    other = YES | {"x2": Answer("x2", "accepted")}
    with pytest.raises(Done):
        actions.answer(
            home=home, received=one.pk, answers=other, unit=town.unit("000101"), by=chief, at=NOON
        )
    assert (FollowUp.objects.count(), Task.objects.count(), Link.objects.count()) == (1, 1, 1)
    assert AuditRow.objects.filter(act="hand_over.taken_in").count() == 1
    again = reads(home, city, chief, number="4403-2")
    answers(home, again, town, chief)
    assert ReceivedPerson.objects.filter(answer="accepted").count() == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"at": NOON - 4 * DAY}, "expired"),
        ({"at": NOON + DAY}, "future"),
        ({"disease": "plague"}, "no protocol"),
        ({"to": "4401"}, "another jurisdiction"),
    ],
    ids=str,
)
def test_what_cannot_be_taken_in_leaves_nothing(
    home: Home, city: City, chief: Acting, given: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        reads(home, city, chief, **given)
    assert Received.objects.count() == 0


def test_identity_that_the_vault_would_not_take(
    home: Home, town: Town, city: City, chief: Acting
) -> None:
    wrong = {"x1": {"name": "李四", "id_kind": "resident", "id_number": "1"}, "x2": TWO["x2"]}
    one = actions.read(home=home, file=city.gives(home, wrong), by=chief, at=NOON)
    assert isinstance(one, Received)
    with pytest.raises(DataError, match=r"x1: .*id_number"):
        answers(home, one, town, chief)
    assert FollowUp.objects.count() == 0
    assert Received.objects.get().state == "waiting"


def test_only_for_who_is_there(home: Home, town: Town, city: City, chief: Acting) -> None:
    one = reads(home, city, chief)
    with pytest.raises((NotFound, Refused)):
        answers(home, one, town, town.neighbour)
    with pytest.raises(UsageError):
        actions.answer(
            home=home,
            received=one.pk,
            answers={"x1": YES["x1"]},
            unit=town.unit("000101"),
            by=chief,
            at=NOON,
        )
    assert FollowUp.objects.count() == 0
