"""A city of two districts with its staff, and a home that the server serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from django.test import override_settings
from tests.server.cases.browsers import Browser
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON, new_home

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.deployment.here import deployment


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path)
    served = replace(deployment(), home=made.root)
    with override_settings(RINGFENCE=served):
        yield made


@pytest.fixture
def town(db: None) -> Town:
    return settled()


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("reading", "entering", "acting", "clusters", "investigating"):
        module = import_module(f"ringfence_server.cases.pages.{part}")
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: NOON)


@pytest.fixture
def chief(town: Town, ready: None) -> Browser:
    return Browser(town.chief)


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch, at_noon: None) -> None:
    """Second factors are tried elsewhere."""
    monkeypatch.setattr(Acting, "needs_second_factor", False)
