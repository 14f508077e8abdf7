"""How long agencies take: medians and p90 of what was answered, what waits beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.operations.requests import Request, Scope, answer_times
from ringfence.operations.requests.report import nearest_rank

OPENED = datetime(2022, 7, 1, tzinfo=UTC)
NOW = OPENED + timedelta(hours=10)
SCOPE = Scope(("presence",), OPENED - timedelta(days=1), OPENED)


def request(agency: str, minutes: float | None, state: str | None = None) -> Request:
    received = None if minutes is None else OPENED + timedelta(minutes=minutes)
    due = OPENED + timedelta(hours=2)
    if state is None:
        state = "open" if received is None else "late" if received > due else "answered"
    return Request(
        number=1,
        agency=agency,
        basis="law",
        case="C1",
        scope=SCOPE,
        due=due,
        opened_at=OPENED,
        opened_by="o",
        state=state,
        changed_at=NOW,
        changed_by="o",
        batch=None if received is None else "b",
        received_at=received,
    )


def test_by_agency() -> None:
    waits = [10, 20, 30, 40, 50, 60, 70, 80, 90, 300]
    asked = [request("rail", wait) for wait in waits]
    asked += [request("bank", None), request("bank", None, "withdrawn")]
    bank, rail = answer_times(asked, NOW)
    assert (rail.agency, rail.requests, rail.answered, rail.late) == ("rail", 10, 10, 1)
    assert (rail.median_minutes, rail.p90_minutes) == (55, 90)
    assert (bank.open, bank.overdue, bank.withdrawn) == (1, 1, 1)
    assert (bank.median_minutes, bank.p90_minutes, bank.longest_open_minutes) == (None, None, 600)


def test_an_answer_exactly_at_the_deadline_is_in_time() -> None:
    assert request("rail", 120).state == "answered"
    assert not request("rail", None).overdue(OPENED + timedelta(hours=2))
    assert request("rail", None).overdue(OPENED + timedelta(hours=2, microseconds=1))


def test_a_clock_that_went_backwards_gives_no_negative_wait() -> None:
    assert request("rail", -5).minutes_waited(NOW) == 0


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_nearest_rank_is_the_smallest_value_that_the_share_does_not_exceed(
    waits: list[float], share: float
) -> None:
    found = nearest_rank(sorted(waits), share)
    assert found in waits
    assert sum(wait <= found for wait in waits) >= share * len(waits) - 1e-9
    assert sum(wait < found for wait in waits) < share * len(waits) + 1e-9


@pytest.mark.parametrize("waits", [[5.0], [5.0, 5.0]])
def test_one_wait_is_its_own_p90(waits: list[float]) -> None:
    assert nearest_rank(waits, 0.9) == 5
