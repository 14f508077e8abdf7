"""The pages of identity questions, wide and narrow, by day and night, in both languages; and a
decision made in a real browser.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.server.homes import NOON
from tests.server.merging.doubt import doubted
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look
from tests.server.tracing.conftest import deliver_outbreak

from ringfence_server.accounts.models import Appointment, User
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import home, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.merging.looking import look
from ringfence_server.merging.models import Decision, Question
from ringfence_server.merging.settling import run_decision
from ringfence_server.tasks.models import FollowUp

PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def asked(exercise: None, people: dict[str, User], tmp_path: Path) -> Question:
    served, analyst = home(), people["data_analyst"]
    deliver_outbreak(served)
    doubted(served, tmp_path)
    take_from_lake(served, by=None, at=NOON)
    unit = Unit.objects.get(code="440103001001001")
    case = Case.objects.get(number="C1")
    case.unit = case.owner = unit
    case.save()
    FollowUp.objects.create(
        person="lab-77", subjects=["lab-77"], disease="covid-19", unit=unit, since=NOON
    )
    look(served, at=now())
    assert Appointment.objects.filter(user=analyst).exists()
    return Question.objects.get()


def _picture(one: Any, name: str, path: str | None = None) -> None:
    if PICTURES is None:
        return
    for width, viewport in (("desk", DESK), ("phone", PHONE)):
        one.turn(viewport, "light")
        page = one.page if path is None else one.go(path)
        page.screenshot(path=Path(PICTURES) / f"identity-{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_is_hard_to_read(
    browsing: Any, people: dict[str, User], asked: Question, language: str
) -> None:
    analyst = people["data_analyst"]
    told: dict[str, Any] = {"subjects": ["p1", "lab-77"], "people": ["p1", "lab-77"], "at": now()}
    told |= {"reason": "the ward rang: a slip of the pen", "by": analyst}
    done = Decision.objects.create(
        kind="merge", state="done", act=1, persons=[["lab-77", "p1"]], cases=["C1"], **told
    )
    failed = Decision.objects.create(
        kind="split",
        state="failed",
        fault={"en": "they are one", "zh": "已是同一人", "exit_code": 10},
        **told,
    )
    one = browsing(analyst, language=language)
    pages = {
        "list": "/identity/",
        "question": f"/identity/{asked.pk}/",
        "done": f"/identity/decisions/{done.pk}/",
        "failed": f"/identity/decisions/{failed.pk}/",
        "undo": f"/identity/decisions/{done.pk}/undo/",
    }
    found = []
    for name, path in pages.items():
        found += _look(one, path)
        _picture(one, f"{name}-{language}", path)
    assert not found, "\n".join(found)


def test_a_decision_is_made_by_keyboard_and_shown_when_it_is_done(
    browsing: Any, people: dict[str, User], asked: Question
) -> None:
    one = browsing(people["data_analyst"], language="en")
    page = one.go(f"/identity/{asked.pk}/")
    page.get_by_label("Make them one person").focus()
    page.keyboard.press("Space")
    page.get_by_label("Reason").fill("the ward rang")
    page.get_by_role("button", name="Show what would change").press("Enter")
    page.get_by_role("heading", name="What will follow").wait_for()
    faults = one.violations(of_colours=False)
    _picture(one, "preview-en")
    page.get_by_role("button", name="Make them one person").press("Enter")
    page.get_by_text("Waiting for the worker").wait_for()
    run_decision(home(), Decision.objects.get().pk, clock=now)
    page.get_by_text("lab-77, p1").wait_for()
    page.get_by_role("link", name="Undo").wait_for()
    assert not faults, faults
