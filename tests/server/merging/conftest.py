"""One small outbreak, and a question whether another number is the case's too."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.server.api.conftest import at_noon
from tests.server.api.programs import Program
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON
from tests.server.merging.doubt import doubted
from tests.server.tracing.conftest import home, outbreak, town

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment
from ringfence_server.merging.looking import look
from ringfence_server.merging.models import Question

__all__ = ["at_noon", "home", "outbreak", "town"]


@pytest.fixture(autouse=True)
def pages_at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("ringfence_server.merging.pages"), "now", lambda: NOON)


@pytest.fixture
def question(home: Home, outbreak: Case, tmp_path: Path, settings: LazySettings) -> Question:
    """Of p1, who is the case C1, and lab-77, who met p6."""
    settings.RINGFENCE = replace(deployment(), home=home.root, secret=SECRET)
    doubted(home, tmp_path)
    look(home, at=NOON)
    return Question.objects.get()


@pytest.fixture
def analyst(town: Town) -> Acting:
    return town.staff("analyst", "data_analyst", "0001")


@pytest.fixture
def program(analyst: Acting) -> Program:
    return Program.of(analyst)
