"""A row that is written while its unit moves is not left behind with the line of before."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.server.tree import AT, OPERATOR, loaded, unit

from ringfence_server.accounts.models import User
from ringfence_server.jurisdictions.actions import move_unit

pytestmark = pytest.mark.django_db(transaction=True)
_A_MOMENT = 0.3


def _write() -> None:
    User.objects.create(username="wang", name="王", unit_id="440103001", created_at=AT)


def _write_many() -> None:
    User.objects.bulk_create([User(username="wang", name="王", unit_id="440103001", created_at=AT)])


def _move() -> None:
    move_unit(unit=unit("440103"), parent="4403", by=OPERATOR, at=AT)


@pytest.mark.parametrize(
    ("first", "second"),
    [(_write, _move), (_move, _write), (_move, _write_many), (_write_many, _move)],
)
def test_whichever_comes_first(first: Callable[[], None], second: Callable[[], None]) -> None:
    loaded()
    done, begun = threading.Event(), threading.Event()

    def other() -> None:
        begun.set()
        try:
            second()
        finally:
            connection.close()
            done.set()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        first()
        thread.start()
        begun.wait()
        assert not done.wait(_A_MOMENT), "it waits for the end of the first"
    thread.join()
    assert User.objects.get(username="wang").city == "4403"
