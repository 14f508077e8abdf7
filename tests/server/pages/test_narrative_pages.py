"""A narrative in a real browser: pasted, looked at, decided on, at every width."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON
from tests.server.narratives.conftest import STORY
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look
from tests.server.tasks.loop import with_second_factor
from tests.server.tracing.conftest import deliver_outbreak, key_of

from ringfence.lake import open_home
from ringfence_server.accounts.models import User
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.narratives.models import Narrative

PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def told(transactional_db: None, exercise: None, tmp_path: Path) -> Town:
    town = settled()
    home = open_home(tmp_path / "home")
    deliver_outbreak(home)
    take_from_lake(home, by=None, at=NOON)
    return town


def writer_of(town: Town) -> User:
    writer = town.staff("writer", "supervisor", "0001")
    with_second_factor(writer)
    return writer.user


def read(page: Any, language: str) -> None:
    page.get_by_label({"zh": "文本", "en": "Text"}[language]).fill(STORY)
    page.get_by_label({"zh": "撰写日期", "en": "Written on"}[language]).fill("2022-07-07")
    page.get_by_role("button", name={"zh": "读取", "en": "Read"}[language], exact=True).click()
    page.get_by_role("heading", name={"zh": "事件", "en": "Events"}[language]).wait_for()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_narrative_is_easy_to_read(browsing: Any, told: Town, language: str) -> None:
    one = browsing(writer_of(told), language=language)
    at = f"/cases/{key_of('C1')}/narratives"
    found = _look(one, f"{at}/new/")
    read(one.go(f"{at}/new/"), language)
    found += _look(one, f"{at}/{Narrative.objects.get().pk}/")
    if PICTURES:
        for looks in (DESK, PHONE):
            one.turn(looks, "light")
            file = f"narrative-{looks['width']}-{language}.png"
            one.page.screenshot(path=Path(PICTURES) / file, full_page=True)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_from_a_text_to_evidence(browsing: Any, told: Town, scripts: bool) -> None:
    one = browsing(writer_of(told), viewport=PHONE, language="en", scripts=scripts)
    page = one.go(f"/cases/{key_of('C1')}/")
    page.get_by_role("link", name="Read a text").click()
    read(page, "en")
    event = page.get_by_role("article", name="3 ride")
    event.get_by_label("accept", exact=True).check()
    page.get_by_role("article", name="6 stay").get_by_label("ask the case").check()
    page.get_by_role("button", name="Save decisions").click()
    page.get_by_text("Saved; 1 accepted now.").wait_for()
    event.get_by_text("Accepted: it is evidence of the case.").wait_for()
    page.get_by_role("heading", name="To ask the case").wait_for()
    page.get_by_text("Until when were you there?").wait_for()
