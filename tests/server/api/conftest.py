"""A city with its staff, a home that the server serves, and programs that act for the staff."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from tests.server.api.programs import Program
from tests.server.cases.conftest import home, town
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.tracing.conftest import deliver_outbreak

from ringfence.lake import Home
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.models import Case

__all__ = ["home", "town"]

PARTS = Path(__file__).parents[3] / "src" / "ringfence_server" / "api"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for file in PARTS.rglob("*.py"):
        name = ".".join(file.relative_to(PARTS).with_suffix("").parts)
        module = import_module(f"ringfence_server.api.{name}")
        if "migrations" not in name and hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: NOON)


@pytest.fixture
def case(home: Home, town: Town) -> Case:
    """C1, of the district 000101."""
    deliver_outbreak(home)
    take_from_lake(home, by=None, at=NOON)
    return Case.objects.get(number="C1")


@pytest.fixture
def analyst(case: Case, town: Town) -> Program:
    return Program.of(town.staff("analyst", "data_analyst", "0001"))


@pytest.fixture
def chief(home: Home, town: Town) -> Program:
    return Program.of(town.chief)
