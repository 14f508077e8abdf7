"""A trace in a real browser: from one click to the rows it rests on, at every width."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look
from tests.server.riding.conftest import PAGE, deliver_rides
from tests.server.tracing.conftest import deliver_outbreak, key_of

from ringfence.lake import open_home
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.deployment.here import now
from ringfence_server.tracing import actions
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.running import run_trace

PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def traced(transactional_db: None, exercise: None, tmp_path: Path) -> tuple[Town, Run]:
    town = settled()
    home = open_home(tmp_path / "home")
    deliver_outbreak(home)
    deliver_rides(home, tmp_path)
    take_from_lake(home, by=None, at=NOON)
    run = actions.ask(case=key_of("C1"), by=town.staff("analyst", "data_analyst", "0001"), at=now())
    run_trace(home, run.pk, now=now())
    return town, run


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_trace_is_easy_to_read(browsing: Any, traced: Any, language: str) -> None:
    town, run = traced
    one = browsing(town.staff("analyst", "data_analyst", "0001").user, language=language)
    found: list[str] = []
    for name, path in (
        ("trace", f"/traces/{run.pk}/"),
        ("contact", f"/traces/{run.pk}/contacts/0/"),
        ("rides", f"/cases/{run.case_id}/passengers/"),
        ("passengers", f"/cases/{run.case_id}/{PAGE}"),
        ("movements", f"/cases/{run.case_id}/movements/"),
    ):
        found += _look(one, path)
        if PICTURES:
            for looks in (DESK, PHONE):
                one.turn(looks, "light")
                file = f"{name}-{looks['width']}-{language}.png"
                one.page.screenshot(path=Path(PICTURES) / file, full_page=True)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_from_one_click_to_the_row(
    browsing: Any, traced: Any, viewport: dict[str, int], tmp_path: Path
) -> None:
    """The worker answers while the page waits; the page then shows the answer by itself."""
    town, first = traced
    user = town.staff("analyst", "data_analyst", "0001").user
    page = browsing(user, viewport=viewport, language="en").go(f"/traces/{first.pk}/")
    page.get_by_role("button", name="Trace again").click()
    page.get_by_text("Waiting for the worker").wait_for()
    run = Run.objects.order_by("-pk")[0]
    run_trace(open_home(tmp_path / "home"), run.pk, now=now())
    page.get_by_role("link", name="p2").click()
    page.get_by_text("presence.csv, row 3").first.wait_for()
    page.get_by_role("link", name="Trace of C1").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Timeline and graph").click()
    opened.value.get_by_role("heading", name="C1").first.wait_for()


def test_from_the_case_to_who_rode_along(browsing: Any, traced: Any) -> None:
    """Its rides come when they are scrolled to."""
    town, run = traced
    user = town.staff("analyst", "data_analyst", "0001").user
    page = browsing(user, viewport=PHONE, language="en").go(f"/cases/{run.case_id}/")
    page.get_by_role("heading", name="Trains, flights and coaches").scroll_into_view_if_needed()
    page.get_by_role("link", name="Who rode along on D1/D4, 2022-07-05").click()
    page.get_by_role("row", name="p2").first.wait_for()
    page.get_by_label("Seat of the case").fill("1A")
    page.get_by_role("button", name="Who rode along?").click()
    page.get_by_text("seat 8/1A").wait_for()
