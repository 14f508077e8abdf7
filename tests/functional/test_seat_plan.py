"""The page with the seat plan in a real browser: by day and night, wide and narrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.server.pages.browsing import AXE

from ringfence.cli.main import main
from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home
from ringfence.operations.riding.asking import PassengersAsked, passengers_asked
from ringfence.operations.riding.plan import page

from .riding import DAY, LATER, given, ride, rides, train
from .small_home import SmallHome
from .test_report_in_browser import DESK, PHONE, Opened

HOSTILE = "<script>alert(1)</script>"
PEOPLE = {
    "high-speed-second": ["8/12F", "8/12D", "8/16A", ""],
    "hard-sleeper": ["5/11下", "5/12上", "5/20中", ""],
    "hard-seat": ["3/45", "3/46", "3/100", ""],
}


@pytest.fixture
def plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> Path:
    """A page of the layout and language that are asked for."""
    layout, language = request.param
    home = SmallHome(tmp_path, capsys)
    mine, *others = PEOPLE[layout]
    people = [ride(f"n{number}", seat) for number, seat in enumerate(others)]
    given(
        home,
        **train(layout),
        **rides(ride("case", mine), *people, ride("t", mine, status="ticketed")),
    )
    made = tmp_path / "plan.html"
    words = ["passengers", "D1", DAY, "--case", "R1", "--home", str(home.folder)]
    assert main([*words, "--clock", LATER, "--lang", language, "--plan", str(made)]) == 0
    return made


@pytest.mark.parametrize(
    "plan", [(layout, language) for layout in PEOPLE for language in ("en", "zh")], indirect=True
)
def test_the_plan_is_easy_to_use(chromium: Any, plan: Path) -> None:
    for viewport, scheme in ((DESK, "light"), (PHONE, "dark")):
        opened = Opened(chromium, plan, viewport, scheme)
        shown = opened.page
        assert (opened.complaints, opened.requests) == ([], [plan.as_uri()])
        shown.evaluate(AXE.read_text(encoding="utf-8"))
        found = shown.evaluate("axe.run()")
        assert [one["id"] for one in found["violations"]] == []
        assert shown.locator(".car .seat.case").count() == 1
        assert shown.locator(".car .seat.close").count() >= 1
        assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        opened.context.close()


def test_a_plan_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = SmallHome(tmp_path, capsys)
    given(home, **train(), **rides(ride("case", "8/1A")))
    words = ("passengers", "D1", DAY, "--case", "R1", "--plan")
    assert home.run(*words, str(tmp_path), clock=LATER).code == 2
    assert home.run(*words, str(tmp_path / "no" / "plan.html"), clock=LATER).code == 13


def test_no_word_becomes_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lake refuses such words; the page does not count on that."""
    home = SmallHome(tmp_path, capsys)
    given(home, **train(), **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    asked = PassengersAsked("R1", "D1", date.fromisoformat(DAY))
    now = datetime.fromisoformat(LATER).astimezone(UTC)
    told = passengers_asked(open_home(home.folder), asked, make_engine=SqlEngine, now=now)
    hostile = replace(told, case=HOSTILE, run=replace(told.run, numbers=(HOSTILE,)))
    assert "&lt;script&gt;" in page(hostile)
    assert "<script" not in page(hostile)
