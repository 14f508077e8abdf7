"""A hand-over, and its receipt, count once: whoever clicks twice, and many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from tests.server.cases.town import Town, token
from tests.server.hand_overs.elsewhere import City, gives
from tests.server.homes import NOON

from ringfence.errors import DataError, UsageError, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.models import Handed, HandOver
from ringfence_server.hand_overs.refusals import Done
from ringfence_server.tasks.models import Task, TaskState
from ringfence_server.tasks.refusals import Overtaken

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_second_click_sends_nothing_more(
    home: Home, listed: Case, city: City, chief: Acting
) -> None:
    to, refs = f"city-{city.partner.pk}", ["p2", "p3"]
    seen = actions.preview(home=home, case=listed.pk, to=to, refs=refs, by=chief, at=NOON)

    def click() -> HandOver:
        return actions.send(
            home=home,
            case=listed.pk,
            to=to,
            refs=refs,
            digest=seen.digest,
            token="one-form",
            by=chief,
            at=NOON,
        )

    first = click()
    assert click() == first
    with pytest.raises(UserError):
        gives(home, listed, city, chief)
    assert HandOver.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_hand_over_once(
    home: Home, listed: Case, city: City, chief: Acting, town: Town
) -> None:
    other = town.staff("other", "supervisor", "0001")
    to = f"city-{city.partner.pk}"
    seen = actions.preview(home=home, case=listed.pk, to=to, refs=["p2", "p3"], by=chief, at=NOON)

    def click(by: Acting) -> bool:
        try:
            actions.send(
                home=home,
                case=listed.pk,
                to=to,
                refs=["p2", "p3"],
                digest=seen.digest,
                token=token(),
                by=by,
                at=NOON,
            )
        except (Overtaken, DataError, UsageError):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(click, [chief, other, chief, other])) == 1
    assert HandOver.objects.count() == 1 and Handed.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_receipt_read_by_many_at_once_counts_once(
    home: Home, listed: Case, city: City, chief: Acting
) -> None:
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    receipt = city.answers(home, opened, {"p2": "", "p3": "unknown here"})

    def reads(_: int) -> bool:
        try:
            actions.read(home=home, file=receipt, by=chief, at=NOON)
        except Done:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(reads, range(4))) == 1
    closed = TaskState.objects.filter(state="closed").values_list("task", flat=True)
    assert sorted(closed) == sorted(
        Task.objects.filter(follow_up__person="p2").values_list("pk", flat=True)
    )
