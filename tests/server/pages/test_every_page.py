"""Every page of the shell, as everybody may see it: wide and narrow, by day and night, in both
languages.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.server.pages.browsing import DESK, PHONE, Browsing

from ringfence_server.accounts.models import User

SIGNED_OUT = ("/account/sign-in/",)
INSIDE = (
    "/",
    "/style/",
    "/account/password/",
    "/account/again/",
    "/account/code/again/",
    "/account/second-factor/",
    "/account/second-factor/end/",
    "/account/second-factor/paper/",
    "/account/second-factor/paper/new/",
    "/account/sign-out/",
)
WORKER = ("/", "/account/second-factor/", "/account/second-factor/begin/")
_WORDS = """(pattern) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const apart = "script, noscript, .secret, .paper, .menu, [lang]:not(html)";
  const found = [];
  let node;
  while ((node = walk.nextNode())) {
    if (node.parentElement.closest(apart)) continue;
    found.push(...(node.data.match(new RegExp(pattern, "g")) || []));
  }
  return found;
}"""
LOOKS = [
    (viewport, scheme, language)
    for viewport in (DESK, PHONE)
    for scheme in ("light", "dark")
    for language in ("zh", "en")
]


def _look(one: Browsing, path: str, status: int = 200) -> list[str]:
    page = one.go(path, status)
    width = page.viewport_size["width"]
    found = [f"{path}: {fault}" for fault in one.violations()]
    if one.overflow() > 0:
        found.append(f"{path}: scrolls sideways by {one.overflow()}")
    if width < 600:
        found += [f"{path}: small target {target}" for target in one.small_targets()]
    if page.locator("h1").count() != 1:
        found.append(f"{path}: has {page.locator('h1').count()} h1")
    return found


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    LOOKS,
    ids=lambda look: str(look["width"]) if isinstance(look, dict) else look,
)
def test_no_page_is_hard_to_use(
    browsing: Any, people: dict[str, User], viewport: dict[str, int], scheme: str, language: str
) -> None:
    looks = {"viewport": viewport, "scheme": scheme, "language": language}
    found: list[str] = []
    for user, paths in (
        (None, SIGNED_OUT),
        (people["administrator"], INSIDE),
        (people["grid_worker"], WORKER),
    ):
        one = browsing(user, **looks)
        for path in paths:
            found += _look(one, path)
        found += _look(one, "/no/such/page/", 404)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_page_is_in_one_language(
    browsing: Any, people: dict[str, User], language: str
) -> None:
    """Also the labels and errors that come from libraries."""
    strangers = {"zh": r"[A-Za-z]{4,}", "en": r"[\u4e00-\u9fff]"}[language]
    known = {"Ringfence", "English", "EXERCISE", "Grid", "中文", "演练"}
    for user, paths in ((None, SIGNED_OUT), (people["administrator"], INSIDE)):
        one = browsing(user, language=language)
        for path in paths:
            page = one.go(path)
            words = page.evaluate(_WORDS, strangers)
            odd = {word for word in words if not any(word in one for one in known)}
            assert odd == set(), f"{path} says {odd}"
