"""A city with an approved list of two, and another city that it knows by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import Town
from tests.server.hand_overs.elsewhere import City, known
from tests.server.homes import NOON
from tests.server.tasks.conftest import chief, home, outbreak, run, town, worker
from tests.server.tasks.loop import approved

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.tracing.models import Run

__all__ = ["chief", "home", "outbreak", "run", "town", "worker"]


@pytest.fixture
def city(home: Home, town: Town) -> City:
    return known(home, town)


@pytest.fixture
def listed(home: Home, run: Run, chief: Acting, tmp_path: Path) -> Case:
    """p2 and p3, both with a name, both with work."""
    file = tmp_path / "too.csv"
    file.write_text("subject,name,phone\np3,李娜,13900139000\n", encoding="utf-8")
    import_file(home, file, table="subject", now=NOON)
    approved(home, run, chief)
    return run.case
