"""The pages of tokens, as everybody may see them; and one made by keyboard alone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look

from ringfence_server.access import acting_of
from ringfence_server.accounts.models import User
from ringfence_server.api import actions
from ringfence_server.api.models import Token
from ringfence_server.deployment.here import now

PICTURES = os.environ.get("RINGFENCE_PICTURES")
PATHS = ("/account/tokens/", "/account/tokens/new/")


@pytest.fixture
def tokens(exercise: None, people: dict[str, User]) -> None:
    """One of each state."""
    at, by = now(), acting_of(people["supervisor"], now())
    for n in range(4):
        scopes = ["case.read", "case.enter", "trace.run", "task.dispatch"][: n + 1]
        actions.make(name=f"{n} {n} {n}", scopes=scopes, days=90, by=by, at=at)
    first, second, third, _ = Token.objects.order_by("pk")
    actions.revoke(key=first.pk, by=by, at=at)
    day = timedelta(days=1)
    Token.objects.filter(pk=second.pk).update(made_at=at - 2 * day, until=at - day)
    Token.objects.filter(pk=third.pk).update(sessions=99, used_on=at.date())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_tokens_is_hard_to_use(
    browsing: Any, people: dict[str, User], tokens: None, language: str
) -> None:
    found: list[str] = []
    one = browsing(people["supervisor"], language=language)
    for path in PATHS:
        found += _look(one, path)
        if PICTURES:
            for name, viewport in (("desk", DESK), ("phone", PHONE)):
                one.turn(viewport, "light")
                file = Path(PICTURES, f"{path.strip('/').replace('/', '-')}-{name}-{language}.png")
                one.page.screenshot(path=file, full_page=True)
    assert not found, "\n".join(found)


def test_a_token_is_made_by_keyboard_alone(browsing: Any, people: dict[str, User]) -> None:
    one = browsing(people["supervisor"], language="en")
    page = one.go("/account/tokens/new/")
    page.get_by_label("What is it for").focus()
    page.keyboard.type("spreadsheet")
    page.get_by_label("see cases").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".secret")
    assert page.locator(".secret").inner_text().startswith("rf_")
    assert not one.violations()
    if PICTURES:
        page.screenshot(path=Path(PICTURES, "token-made-en.png"), full_page=True)
    made = Token.objects.get()
    assert (made.name, made.scopes) == ("spreadsheet", ["case.read"])
