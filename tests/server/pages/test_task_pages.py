"""Tasks in a real browser: a list sent, a report from a doorway through a lost network."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look
from tests.server.tasks.kinds_of_a_city import put, shown
from tests.server.tasks.loop import approved, task, with_second_factor
from tests.server.tracing.conftest import deliver_outbreak, key_of

from ringfence.lake import open_home
from ringfence.sources import import_file
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.deployment.here import deployment, now
from ringfence_server.tasks.models import Exposure, Feedback, Task
from ringfence_server.tasks.working import step
from ringfence_server.tracing import actions
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.running import run_trace

PICTURES = os.environ.get("RINGFENCE_PICTURES")
GRID = "000101001001001"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('ringfence draft ')).length"


@pytest.fixture
def traced(transactional_db: None, exercise: None, tmp_path: Path) -> tuple[Town, Run]:
    town = settled()
    home = open_home(tmp_path / "home")
    deliver_outbreak(home)
    file = tmp_path / "who.csv"
    file.write_text(f"subject,grid,name,phone\np2,{GRID},王小明,13800138000\n", encoding="utf-8")
    import_file(home, file, table="subject", now=NOON)
    take_from_lake(home, by=None, at=NOON)
    run = actions.ask(case=key_of("C1"), by=town.chief, at=now())
    run_trace(home, run.pk, now=now())
    for by in (town.chief, town.staff("worker", "grid_worker", GRID)):
        with_second_factor(by)
    return town, run


@pytest.mark.parametrize(
    "looks",
    [{"viewport": DESK, "language": "en"}, {"viewport": PHONE, "language": "zh"}],
    ids=["desk", "phone"],
)
def test_every_page_is_easy_to_use(
    browsing: Any, traced: Any, tmp_path: Path, looks: dict[str, Any]
) -> None:
    town, run = traced
    chief, worker = town.chief, town.staff("worker", "grid_worker", GRID)
    desk, door = browsing(chief.user, **looks), browsing(worker.user, **looks)
    found: list[str] = []

    def look(one: Any, path: str, name: str) -> None:
        found.extend(_look(one, path))
        if PICTURES:
            file = f"tasks-{name}-{looks['language']}.png"
            one.page.screenshot(path=Path(PICTURES) / file, full_page=True)

    look(desk, "/approvals/", "approvals")
    look(desk, f"/traces/{run.pk}/approval/", "approval")
    approved(open_home(tmp_path / "home"), run, chief, now())
    one = task("p2", "notify")
    look(door, "/my-tasks/", "mine")
    look(door, f"/my-tasks/{one.pk}/", "free")
    step(number=one.pk, to="accepted", by=worker, at=now())
    look(door, f"/my-tasks/{one.pk}/", "in-hand")
    look(door, f"/my-tasks/{one.pk}/report/", "report")
    for path, name in (
        (f"/traces/{run.pk}/approval/", "approved"),
        ("/tasks/", "list"),
        (f"/tasks/{one.pk}/", "one"),
        ("/tasks/lost/", "lost"),
        ("/tasks/clocks/", "clocks"),
    ):
        look(desk, path, name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "looks",
    [{"viewport": DESK, "language": "en"}, {"viewport": PHONE, "language": "zh"}],
    ids=["desk", "phone"],
)
def test_a_kind_of_ones_own_is_added_and_reported(
    browsing: Any, traced: Any, tmp_path: Path, settings: LazySettings, looks: dict[str, Any]
) -> None:
    town, run = traced
    settings.RINGFENCE = replace(deployment(), kinds=put(tmp_path, shown()))
    approved(open_home(tmp_path / "home"), run, town.chief, now())
    worker = town.staff("worker", "grid_worker", GRID)
    desk, door = browsing(town.chief.user, **looks), browsing(worker.user, **looks)
    page = desk.go(f"/tasks/{task('p2', 'notify').pk}/")
    page.locator("select[name=kind]").select_option("own_disinfect")
    page.locator("form[action$='/more/'] button").click()
    page.locator(
        f"text={'消毒组' if looks['language'] == 'zh' else 'disinfection team'}"
    ).first.wait_for()
    one = step(number=task("p2", "own_disinfect").pk, to="accepted", by=worker, at=now())
    found: list[str] = []
    for browser, path, name in (
        (desk, f"/tasks/{one.pk}/", "own-desk"),
        (door, f"/my-tasks/{one.pk}/", "own-in-hand"),
        (door, f"/my-tasks/{one.pk}/report/", "own-report"),
    ):
        found.extend(_look(browser, path))
        if PICTURES:
            file = Path(PICTURES) / f"tasks-{name}-{looks['language']}.png"
            browser.page.screenshot(path=file, full_page=True)
    assert not found, "\n".join(found)
    door.page.locator("input[name=outcome][value=done]").check()
    door.page.locator("form[data-draft] button").click()
    door.page.locator(".notice.success").wait_for()
    assert Task.objects.get(pk=one.pk).state == "feedback"


def test_a_report_outlives_a_lost_network(browsing: Any, traced: Any, tmp_path: Path) -> None:
    town, run = traced
    approved(open_home(tmp_path / "home"), run, town.chief, now())
    worker = town.staff("worker", "grid_worker", GRID)
    one = step(number=task("p2", "notify").pk, to="accepted", by=worker, at=now())
    door = browsing(worker.user, viewport=PHONE, language="en")
    page = door.go(f"/my-tasks/{one.pk}/report/")
    page.get_by_label("reached and told").check()
    page.get_by_label("Seat, table").fill("room 3")
    token = page.locator("[name=token]").input_value()
    assert not page.get_by_text("No network").is_visible()
    assert not page.get_by_text("what you had written").is_visible()
    door.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("No network").wait_for()
    assert Feedback.objects.count() == 0
    assert all("DISCONNECTED" in told for told in door.complaints)
    door.complaints.clear()
    door.context.set_offline(False)
    page = door.go(f"/my-tasks/{one.pk}/report/")
    page.get_by_text("what you had written").wait_for()
    assert page.get_by_label("Seat, table").input_value() == "room 3"
    assert page.locator("[name=token]").input_value() == token
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your report has arrived").wait_for()
    assert Feedback.objects.count() == 1
    assert Task.objects.get(pk=one.pk).state == "feedback"
    assert Exposure.objects.exists()
    assert page.evaluate(KEPT) == 0


def test_signing_out_leaves_no_draft(browsing: Any, traced: Any, tmp_path: Path) -> None:
    town, run = traced
    approved(open_home(tmp_path / "home"), run, town.chief, now())
    worker = town.staff("worker", "grid_worker", GRID)
    one = step(number=task("p2", "notify").pk, to="accepted", by=worker, at=now())
    page = browsing(worker.user, viewport=PHONE, language="en").go(f"/my-tasks/{one.pk}/report/")
    page.get_by_label("Note").fill("something")
    assert page.evaluate(KEPT) == 1
    page.goto(page.url.replace(f"/my-tasks/{one.pk}/report/", "/"))
    page.get_by_label("Account of").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.evaluate(KEPT) == 0
