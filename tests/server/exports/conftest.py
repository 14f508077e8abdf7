"""A traced outbreak, and who may take its list out."""

from __future__ import annotations

import pytest
from tests.server.cases.town import Town
from tests.server.tasks.conftest import chief, home, outbreak, run, town
from tests.server.tasks.loop import client_of

from ringfence_server.access import Acting

__all__ = ["chief", "home", "outbreak", "run", "town"]


@pytest.fixture
def auditor(town: Town) -> Acting:
    return town.staff("auditor", "auditor", "0001")


@pytest.fixture(autouse=True)
def _ready(chief: Acting, auditor: Acting) -> None:
    for by in (chief, auditor):
        client_of(by)
