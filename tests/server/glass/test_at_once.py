"""Two at the same moment: one opening, one review, and a case that is withdrawn meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.server.cases.town import Town, enter, settled
from tests.server.glass.codes import code_of
from tests.server.glass.test_opening import opens
from tests.server.homes import NOON

from ringfence.errors import NotAllowed
from ringfence.lake import Home
from ringfence_server.accounts import second_factor
from ringfence_server.cases import actions as on_cases
from ringfence_server.cases.changing import last_change
from ringfence_server.cases.models import Case
from ringfence_server.glass import actions
from ringfence_server.glass.models import Opening, Review
from ringfence_server.glass.refusals import Reviewed
from ringfence_server.glass.rules import rules
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of each, or the refusal."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(10)
            return act()
        except (NotAllowed, Reviewed) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def town(transactional_db: None) -> Town:
    return settled()


@pytest.fixture
def no_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are tried elsewhere; they would let one in at a time."""
    monkeypatch.setattr(actions, "shown_again", lambda *_: True)


def test_two_of_one_case_are_one(town: Town, case: Case, no_codes: None) -> None:
    by = town.neighbour
    found = at_once(*[lambda: opens(by, code="1").opening] * 6)
    assert len({one.pk for one in found}) == 1
    assert Opening.objects.count() == 1
    assert AuditRow.objects.filter(act="glass.opened").count() == 1


def test_never_more_than_may_be_open(home: Home, town: Town, case: Case, no_codes: None) -> None:
    owner = town.staff("chief-101", "supervisor", "000101")
    numbers = ["C-1", *(f"C-{n}" for n in range(2, 6))]
    for number in numbers[1:]:
        enter(home, town, by=owner, number=number, person={})
    by = town.neighbour
    at_once(*[lambda number=number: opens(by, number, code="1") for number in numbers])
    assert Opening.objects.count() == rules().most_open


def test_one_code_opens_one(home: Home, town: Town, case: Case) -> None:
    enter(home, town, by=town.staff("chief-101", "supervisor", "000101"), number="C-2", person={})
    by = town.neighbour
    code = code_of(by)
    found = at_once(*[lambda: second_factor.shown_again(by.user, code)] * 4)
    assert found.count(True) == 1


def test_two_reviews_are_one(town: Town, case: Case, no_codes: None) -> None:
    made = opens(town.neighbour, code="1").opening
    assert made is not None
    auditor = town.staff("auditor", "auditor", "0001")

    def by(whom: Any, justified: bool) -> Callable[[], Any]:
        said = {"justified": justified, "reason": "asked the ward", "by": whom, "at": NOON}
        return lambda: actions.review(opening=made.pk, **said)

    owner = town.staff("chief-101", "supervisor", "000101")
    found = at_once(by(auditor, True), by(owner, False), by(auditor, True))
    assert sum(isinstance(one, Reviewed) for one in found) == 2
    assert Review.objects.count() == 1
    assert AuditRow.objects.filter(act="glass.reviewed").count() == 1


def test_withdrawn_while_it_is_opened(home: Home, town: Town, case: Case, no_codes: None) -> None:
    chief, by, seen = town.chief, town.neighbour, last_change(case)
    at_once(
        lambda: opens(by, code="1"),
        lambda: on_cases.withdraw(
            home=home, number="C-1", reason="mixed up", by=chief, at=NOON, seen=seen
        ),
    )
    assert Case.objects.get().state == "withdrawn"
    assert Opening.objects.count() == 1
