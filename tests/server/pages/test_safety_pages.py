"""Emergency openings, exports and the audit: wide and narrow, by day and night, in both
languages.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.conftest import SECRET
from tests.server.pages.test_every_page import _look
from tests.server.tracing.examples import run_of
from tests.server.tree import person

from ringfence_server.access import acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Entry, When
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import home, now
from ringfence_server.exports.models import Export
from ringfence_server.glass.models import Opening, Review
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.outbox.models import Delivery
from ringfence_server.tracing.models import Run

HOUR = timedelta(hours=1)
PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def watched(exercise: None, people: dict[str, User]) -> Run:
    """A case of one district, open to the supervisor of another; an export; a review."""
    at = now()
    people["elsewhere"] = person("he.ping", "supervisor", "440104")
    people["auditor"] = person("sun.li", "auditor", "4401")
    TOTP.activate(people["elsewhere"], SECRET)
    User.objects.filter(username="he.ping").update(name="何平")
    User.objects.filter(username="sun.li").update(name="孙丽")
    Appointment.objects.update(since=at - timedelta(days=30))
    unit = Unit.objects.get(code="440103")
    by = acting_of(people["supervisor"], at)
    for number in ("2022-7-1", "2022-7-2"):
        entry = Entry(
            disease="covid-19",
            unit=unit,
            classification="suspected",
            symptomatic=True,
            times={"reported": When(at - 24 * HOUR, "minute")},
            number=number,
        )
        actions.enter(home=home(), entry=entry, token=number, by=by, at=at)
    one, other = Case.objects.order_by("id")
    for case, begun in ((one, at - HOUR), (other, at - 30 * HOUR)):
        Opening.objects.create(
            case=case,
            unit=unit,
            came_from=people["elsewhere"].unit,
            first=unit,
            purpose="handover",
            reason="120 · 21:40",
            by=people["elsewhere"],
            at=begun,
            until=begun + 4 * HOUR,
        )
    earlier = Opening.objects.create(
        case=other,
        unit=unit,
        came_from=people["elsewhere"].unit,
        first=unit,
        purpose="danger",
        reason="1-2-3",
        by=people["elsewhere"],
        at=at - 60 * HOUR,
        until=at - 56 * HOUR,
    )
    Review.objects.create(
        opening=earlier, justified=False, reason="1-2", by=people["auditor"], at=at - 50 * HOUR
    )
    run = run_of(one, people["supervisor"])
    Export.objects.create(
        kind="contacts",
        form="xlsx",
        unit=unit,
        case=one,
        run=run,
        purpose="7-31",
        rows=1,
        by=people["supervisor"],
        at=at,
    )
    Delivery.objects.create(
        key="1/1/case",
        table="case",
        rows=[{"case": "1"}],
        by="chen.jie",
        created_at=at,
        fault={"en": "1 of 1 rows were refused", "zh": "1 行中有 1 行被拒绝"},
    )
    auditing.drain(home())
    return run


def paths(run: Run) -> list[tuple[str, str]]:
    """By whom, and where."""
    live, waiting, reviewed = Opening.objects.order_by("pk").values_list("pk", flat=True)
    return [
        ("elsewhere", "/"),
        ("elsewhere", "/emergency/"),
        ("elsewhere", f"/cases/{run.case_id}/"),
        ("elsewhere", f"/traces/{run.pk}/"),
        ("supervisor", "/"),
        ("supervisor", "/openings/"),
        ("supervisor", f"/openings/{live}/"),
        ("supervisor", f"/openings/{reviewed}/"),
        ("supervisor", f"/cases/{run.case_id}/looked/"),
        ("supervisor", f"/cases/{run.case_id}/withdraw/"),
        ("supervisor", f"/traces/{run.pk}/export/"),
        ("supervisor", "/cases/export/?disease=covid-19"),
        ("supervisor", "/tasks/export/"),
        ("supervisor", "/deliveries/"),
        ("auditor", "/"),
        ("auditor", f"/openings/{waiting}/"),
        ("auditor", "/exports/"),
        ("auditor", "/audit/"),
        ("auditor", "/audit/?case=none"),
        ("administrator", "/accounts/{supervisor}/deactivate/"),
        ("administrator", "/accounts/{supervisor}/password/"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_safety_is_hard_to_use(
    browsing: Any, people: dict[str, User], watched: Run, language: str
) -> None:
    found: list[str] = []
    keys = {role: user.pk for role, user in people.items()}
    opened = {who: browsing(people[who], language=language) for who, _ in paths(watched)}
    for number, (who, bare) in enumerate(paths(watched)):
        one, path = opened[who], bare.format(**keys)
        if PICTURES:
            for name, viewport in (("desk", DESK), ("phone", PHONE)):
                one.turn(viewport, "light")
                page = one.go(path)
                picture = Path(PICTURES, f"{number:02d}-{who}-{name}-{language}.png")
                page.screenshot(path=picture, full_page=True)
        found += _look(one, path)
    assert not found, "\n".join(found)


def test_what_is_refused_stands_beside_its_field(
    browsing: Any, people: dict[str, User], watched: Run
) -> None:
    """By keyboard alone; the code does not come back."""
    one = browsing(people["supervisor"], language="en")
    page = one.go("/emergency/")
    page.get_by_label("Case number").fill("2022-7-1")
    page.get_by_label("a patient is being taken in or moved").check()
    page.get_by_label("Reason").fill("call 13800138000")
    page.get_by_label("Code").fill("123456")
    one.expected += 1
    page.keyboard.press("Enter")
    page.wait_for_selector(".faults")
    assert page.get_by_label("Code").input_value() == ""
    assert page.get_by_label("Case number").input_value() == "2022-7-1"


def test_a_list_is_downloaded(browsing: Any, people: dict[str, User], watched: Run) -> None:
    one = browsing(people["supervisor"], language="en")
    page = one.go(f"/traces/{watched.pk}/export/")
    page.get_by_label("What for").fill("for the meeting")
    with page.expect_download() as got:
        page.get_by_role("button", name="Export").click()
    assert got.value.suggested_filename.endswith(".xlsx")
    assert Path(got.value.path()).read_bytes().startswith(b"PK")
