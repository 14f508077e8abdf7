"""A day in a doorway, and the day of release, in a real browser."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.server.cases.town import DAY, Town, settled
from tests.server.follow_ups.listing import approves, listed, lives, settles
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look
from tests.server.tasks.loop import with_second_factor
from tests.server.tasks.test_nobody_falls_out import case_of

from ringfence.lake import Home, open_home
from ringfence_server.deployment.here import now
from ringfence_server.follow_ups import actions
from ringfence_server.tasks.models import FollowUp, Task

PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def followed(transactional_db: None, exercise: None, tmp_path: Path) -> tuple[Town, Home]:
    """Three people; the date of two has come, of one of them a day is missing."""
    town, home, at = settled(), open_home(tmp_path / "home"), now()
    case, chief = case_of("C1", town), town.chief
    worker = town.staff("worker", "grid_worker", "0001")
    began = at - 3 * DAY
    approves(home, listed(case, {"p-ready": began - 7 * DAY}, chief), chief, began)
    lives(home, worker, chief, began, 3)
    people = {"p-ready": began - 7 * DAY, "p-blocked": began - 7 * DAY, "p-new": at - DAY}
    approves(home, listed(case, people, chief), chief, began)
    for kind in ("notify", "bring"):
        Task.objects.filter(follow_up__person="p-blocked", kind=kind).update(
            state="closed", account=worker.user
        )
    actions.make_days(home, at=at)
    for sample in Task.objects.filter(
        follow_up__person="p-ready", kind="sample", state="dispatched"
    ):
        settles(home, sample, "taken", worker=worker, chief=chief, at=at)
    for by in (chief, worker):
        with_second_factor(by)
    return town, home


@pytest.mark.parametrize(
    "looks",
    [{"viewport": DESK, "language": "en"}, {"viewport": PHONE, "language": "zh"}],
    ids=["desk", "phone"],
)
def test_a_day_and_a_release(
    browsing: Any, followed: tuple[Town, Home], looks: dict[str, Any]
) -> None:
    town, _ = followed
    english, found = looks["language"] == "en", []

    def look(one: Any, path: str, name: str) -> None:
        found.extend(_look(one, path))
        if PICTURES:
            one.turn(looks["viewport"], "light")
            file = f"releases-{name}-{looks['language']}.png"
            one.page.screenshot(path=Path(PICTURES) / file, full_page=True)

    desk = browsing(town.chief.user, **looks)
    look(desk, "/releases/", "list")
    page = desk.page
    page.get_by_role("button", name="Release" if english else "解除", exact=True).click()
    page.get_by_text("covid-cn-9@1").first.wait_for()
    assert FollowUp.objects.get(person="p-ready").end == "released"
    door = browsing(town.staff("worker", "grid_worker", "0001").user, **looks)
    look(door, "/my-tasks/", "mine")
    day = Task.objects.filter(follow_up__person="p-new", kind="follow").order_by("-day")[0]
    page = door.go(f"/my-tasks/{day.pk}/")
    page.get_by_role("button", name="Accept" if english else "接单", exact=True).click()
    page.get_by_role("link", name="Report" if english else "填写反馈").wait_for()
    look(door, f"/my-tasks/{day.pk}/", "day")
    look(door, f"/my-tasks/{day.pk}/report/", "report")
    page.get_by_label("no symptoms, no fever" if english else "无症状、体温正常").check()
    page.get_by_role("button", name="Send" if english else "发送", exact=True).click()
    page.wait_for_url(f"**/my-tasks/{day.pk}/")
    assert Task.objects.get(pk=day.pk).state == "closed"
    assert day.due_at - now() < timedelta(days=2)
    assert not found, "\n".join(found)
