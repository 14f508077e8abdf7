"""Every page of the shell, as everybody may see it: wide and narrow, by day and night, in both
languages.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.server.pages.browsing import Browsing

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
    "/accounts/",
    "/accounts/{administrator}/",
    "/accounts/{supervisor}/",
    "/accounts/new/",
    "/accounts/list/",
    "/units/",
    "/units/?at=440103",
    "/units/table/",
)
WORKER = ("/", "/imports/", "/account/second-factor/", "/account/second-factor/begin/")
_COLUMNS = (
    "username",
    "name",
    "role",
    "unit",
    "language",
    "code",
    "parent",
    "level",
    "Parquet",
    "中文",
)
"""Of files that are loaded: they are named so in both languages."""
_WORDS = """(pattern) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const apart = "script, noscript, .secret, .paper, .menu, [translate=no], [lang]:not(html)";
  const found = [];
  let node;
  while ((node = walk.nextNode())) {
    if (node.parentElement.closest(apart)) continue;
    found.push(...(node.data.match(new RegExp(pattern, "g")) || []));
  }
  return found;
}"""


def _look(one: Browsing, path: str, status: int = 200) -> list[str]:
    """What is hard to use on it."""
    page = one.go(path, status)
    found = one.hard_to_use(path)
    if page.locator("h1").count() != 1:
        found.append(f"{path}: has {page.locator('h1').count()} h1")
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_is_hard_to_use(browsing: Any, people: dict[str, User], language: str) -> None:
    found: list[str] = []
    for user, paths in (
        (None, SIGNED_OUT),
        (people["administrator"], INSIDE),
        (people["data_analyst"], WORKER),
    ):
        one = browsing(user, language=language)
        for path in addresses(paths, people):
            found += _look(one, path)
        found += _look(one, "/no/such/page/", 404)
    assert not found, "\n".join(found)


def addresses(paths: tuple[str, ...], people: dict[str, User]) -> list[str]:
    return [path.format(**{role: user.pk for role, user in people.items()}) for path in paths]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_page_is_in_one_language(
    browsing: Any, people: dict[str, User], language: str
) -> None:
    """Also the labels and errors that come from libraries."""
    strangers = {"zh": r"[A-Za-z]{4,}", "en": r"[\u4e00-\u9fff]"}[language]
    known = {"Ringfence", "English", "EXERCISE", "演练", *_COLUMNS}
    for user, paths in ((None, SIGNED_OUT), (people["administrator"], INSIDE)):
        one = browsing(user, language=language)
        for path in addresses(paths, people):
            page = one.go(path)
            words = page.evaluate(_WORDS, strangers)
            odd = {word for word in words if not any(word in one for one in known)}
            assert odd == set(), f"{path} says {odd}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_in_the_head_lies_under_another(
    browsing: Any, people: dict[str, User], language: str
) -> None:
    """The supervisor has the most pages to go to."""
    one = browsing(people["supervisor"], language=language)
    one.go("/")
    for width in (1280, 1024, 760):
        one.turn({"width": width, "height": 800}, "light")
        assert one.covered() == [], width
