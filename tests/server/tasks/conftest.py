"""A home with one small outbreak, traced; workers of the grid and their supervisors."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.tasks.loop import traced
from tests.server.tracing.conftest import home, outbreak, town

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.tracing.models import Run

__all__ = ["home", "outbreak", "town"]

_SUBJECTS = (
    "subject,grid,name,phone,address\np2,000101001001001,王小明,13800138000,翠苑小区3幢2单元501室\n"
)


@pytest.fixture
def chief(town: Town) -> Acting:
    return town.chief


@pytest.fixture
def worker(town: Town) -> Acting:
    return town.staff("worker", "grid_worker", "000101001001001")


@pytest.fixture
def run(home: Home, outbreak: Case, chief: Acting, tmp_path: Path) -> Run:
    """p2 has a grid and a name; of p3 no source tells where."""
    file = tmp_path / "who.csv"
    file.write_text(_SUBJECTS, encoding="utf-8")
    import_file(home, file, table="subject", now=NOON)
    return traced(home, chief)
