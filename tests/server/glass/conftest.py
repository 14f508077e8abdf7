"""A town with a case of one district, and staff of another who may open it in an emergency."""

from __future__ import annotations

import pytest
from tests.server.cases.conftest import home, town
from tests.server.cases.town import Town, enter

from ringfence.lake import Home
from ringfence_server.cases.models import Case

__all__ = ["home", "town"]


@pytest.fixture
def case(home: Home, town: Town) -> Case:
    """Of district 000101."""
    district = town.staff("chief-101", "supervisor", "000101")
    return enter(home, town, by=district, number="C-1")
