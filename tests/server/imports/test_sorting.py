"""Fresh batches of acts and reports are sorted in before traces grow slow by them."""

from __future__ import annotations

import pytest
from tests.server.cases.conftest import home, town
from tests.server.cases.town import Town, deliver, enter

from ringfence.lake import Home, status
from ringfence_server.imports import jobs, sorting

__all__ = ["home", "town"]
pytestmark = pytest.mark.django_db


def fresh(home: Home) -> int:
    return max(one.fresh_batches for one in status(home).tables)


def test_sorted_in_once_many_lie_there(
    home: Home, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "MANY", 3)
    for number in range(2):
        enter(home, town, number=f"C{number}", person={})
    deliver(home)
    assert not sorting.sort_in(home)
    assert fresh(home) == 2
    enter(home, town, number="C2", person={})
    deliver(home)
    jobs.sort()
    assert fresh(home) == 0
    assert not sorting.sort_in(home)
