"""Every table of the database has a clock, or a reason why it stays."""

from __future__ import annotations

import pytest
from django.apps import apps
from tests.faults import ROOT

from ringfence.errors import DataError
from ringfence_server.config.settings_of import APPS
from ringfence_server.retention.clocks import clocks, read_clocks
from ringfence_server.retention.purging import ERASE

_WORDS = "{name: n, from: f, but: b}"


def test_every_table_is_named_once() -> None:
    told = clocks()
    timed = [table for clock in told.clocks.values() for table in clock.tables]
    named = [*timed, *told.kept]
    tables = {
        model._meta.db_table
        for app in apps.get_app_configs()
        if app.label in APPS
        for model in app.get_models()
    }
    assert len(named) == len(set(named))
    assert set(named) == tables


def test_every_clock_has_its_work_and_stands_on_the_page() -> None:
    assert ERASE.keys() == clocks().clocks.keys()
    page = (ROOT / "docs" / "how-to" / "run-the-server.md").read_text(encoding="utf-8")
    for clock in clocks().clocks.values():
        line = f"| {clock.name.en} | {clock.days} | {clock.begins.en} | {clock.held.en} |"
        assert line in page


@pytest.mark.parametrize("days", ["0", "-1", "soon"])
def test_a_clock_that_cannot_be_meant_so_is_named(days: str) -> None:
    text = f"clocks:\n  t: {{tables: [a], days: {days}, en: {_WORDS}, zh: {_WORDS}}}\nkept: {{}}\n"
    with pytest.raises(DataError, match="clock t"):
        read_clocks(text)
