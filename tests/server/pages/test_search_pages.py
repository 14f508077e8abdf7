"""The search in a browser: its pages, the key that leads to it, and suggestions beside fields."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import LazySettings
from playwright.sync_api import expect
from tests.server.homes import NOON
from tests.server.pages.browsing import DESK, PHONE, Browsing
from tests.server.pages.conftest import SECRET
from tests.server.search.conftest import known
from tests.server.tree import person, unit

from ringfence.lake import open_home
from ringfence_server.access import acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.canaries.actions import plant
from ringfence_server.cases.models import Assignment, Case
from ringfence_server.deployment.here import now
from ringfence_server.search import units
from ringfence_server.search.raising import ask_for
from ringfence_server.tasks.models import FollowUp, Link

_WORDS = ("单雄信", "欧阳修")


@pytest.fixture
def staff(
    people: Mapping[str, User], exercise: None, settings: LazySettings, tmp_path: Path
) -> Mapping[str, User]:
    """With an investigator whose case and contact have names, an auditor, and a canary."""
    told = {
        "investigator": person("zhao.yi", "investigator", "440103"),
        "auditor": person("sun.ke", "auditor", "4401"),
    }
    Appointment.objects.update(since=NOON)
    for user in told.values():
        TOTP.activate(user, SECRET)
    home = open_home(settings.RINGFENCE.home)  # type: ignore[misc]
    known(home, tmp_path, [("p1", _WORDS[0], "", "", "13800138001"), ("p2", _WORDS[1], "", "", "")])
    supervisor = people["supervisor"]
    case = Case.objects.create(
        number="440103001-20220729-001",
        disease="covid-19",
        subject="p1",
        unit=unit("440103001"),
        owner=unit("440103"),
        classification="confirmed",
        state="traceable",
        listed_at=now(),
        at=now(),
    )
    Assignment.objects.create(case=case, account=told["investigator"], since=now(), by=supervisor)
    contact = FollowUp.objects.create(
        person="p2", subjects=["p2"], disease="covid-19", unit=unit("440103001"), since=now()
    )
    Link.objects.create(follow_up=contact, case=case, outcome="close", since=now())
    plant(
        home=home,
        kind="contact",
        unit=unit("440103"),
        fields={"name": "欧阳明", "phone": "13900139000"},
        by=acting_of(told["auditor"], now()),
        at=now(),
    )
    ask_for(reason="many call back", by=acting_of(told["investigator"], now()), at=now())
    units.read_anew()
    return {**people, **told}


def _seek(one: Browsing, text: str, *, among: bool = False) -> Any:
    page = one.go("/search/")
    page.fill("#text", text)
    with page.expect_navigation():
        page.locator("button[name=among]" if among else ".seeking .button.primary").click()
    return page


def _faults(one: Browsing, name: str, at: str) -> list[str]:
    """What is hard to use on the page that stands there."""
    found = one.hard_to_use(name)
    if folder := os.environ.get("RINGFENCE_PICTURES"):
        for viewport in (DESK, PHONE):
            one.turn(viewport, "light")
            file = f"{folder}/{name}-{at}-{viewport['width']}.png"
            one.page.screenshot(path=file, full_page=True)
    one.turn(DESK, "light")
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_the_search_is_hard_to_use(
    browsing: Any, staff: Mapping[str, User], language: str
) -> None:
    one = browsing(staff["investigator"], language=language)
    one.go("/search/")
    found = _faults(one, "search", language)
    page = _seek(one, "440103")
    found += _faults(one, "things", language)
    _seek(one, "ouyang", among=True)
    found += _faults(one, "nobody", language)
    _seek(one, "oym", among=True)
    page = _seek(one, "13800138001")
    found += _faults(one, "people", language)
    page.locator("table a").click()
    page.locator("#purpose").wait_for()
    found += _faults(one, "person", language)
    page.fill("#purpose", "calls back")
    page.locator("main form .button.primary").click()
    page.get_by_text(_WORDS[0]).first.wait_for()
    found += _faults(one, "revealed", language)
    one.go("/search/quota/")
    found += _faults(one, "quota", language)
    one = browsing(staff["supervisor"], language=language)
    one.go("/search/raises/")
    found += _faults(one, "raises", language)
    one = browsing(staff["auditor"], language=language)
    for path in ("/oversight/", "/canaries/", "/"):
        one.go(path)
        found += _faults(one, path.strip("/") or "inbox-of-auditor", language)
    assert not found, "\n".join(found)


def test_the_key_leads_to_the_search_and_nothing_is_in_its_address(
    browsing: Any, staff: Mapping[str, User]
) -> None:
    one = browsing(staff["investigator"])
    page = one.go("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "seek"
    page.keyboard.type("13800138001/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")
    assert all("13800138001" not in url for url in one.requests)
    page = one.go("/")
    page.set_viewport_size(PHONE)
    page.locator(".seek-page").click()
    page.wait_for_url("**/search/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "text"


def test_a_field_of_a_unit_suggests_by_the_keyboard(
    browsing: Any, staff: Mapping[str, User]
) -> None:
    one = browsing(staff["administrator"])
    page = one.go("/accounts/new/")
    field = page.locator("#id_unit")
    field.type("liw")
    page.locator("#id_unit-found [role=option]").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    if folder := os.environ.get("RINGFENCE_PICTURES"):
        page.screenshot(path=f"{folder}/picker.png")
    assert one.violations() == []
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "id_unit-found-0"
    assert one.violations() == []
    page.keyboard.press("Enter")
    assert field.input_value() == "440103"
    assert field.get_attribute("aria-expanded") == "false"
    field.fill("shamian")
    page.locator("#id_unit-found [role=option]").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("#id_unit-found")).to_be_hidden()
    assert field.input_value() == "shamian"
    assert all("shamian" not in url for url in one.requests)


def test_without_scripts_it_is_a_plain_field(browsing: Any, staff: Mapping[str, User]) -> None:
    one = browsing(staff["administrator"], scripts=False)
    page = one.go("/accounts/new/")
    assert page.locator("#id_unit").get_attribute("role") is None
    page.fill("#id_unit", "440103")
    page.fill("#seek", "liwan")
    page.locator("#seek").press("Enter")
    page.wait_for_url("**/search/")
    expect(page.locator("main")).to_contain_text("440103")
