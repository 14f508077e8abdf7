"""Pictures of the console, for the documents and for whoever changes the look. Not a test:

    RINGFENCE_PICTURES=/tmp/pictures python -m pytest tests/server/pages/pictures.py

`-k documents` takes those of docs/images/console alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import INSIDE, SIGNED_OUT, WORKER, addresses

from ringfence_server.accounts.models import User

FOLDER = os.environ.get("RINGFENCE_PICTURES")
SEEN = (("nobody", SIGNED_OUT), ("administrator", INSIDE), ("data_analyst", WORKER))
OF_DOCUMENTS = (
    ("sign-in-desk-dark-en", None, "/account/sign-in/", DESK, "dark", "en"),
    ("sign-in-phone-zh", None, "/account/sign-in/", PHONE, "light", "zh"),
    ("inbox-desk-zh", "administrator", "/", DESK, "light", "zh"),
    ("parts-desk-en", "administrator", "/style/", DESK, "light", "en"),
    ("accounts-phone-zh", "administrator", "/accounts/", PHONE, "light", "zh"),
)

pytestmark = pytest.mark.skipif(FOLDER is None, reason="RINGFENCE_PICTURES names no folder")


def _folder() -> Path:
    folder = Path(FOLDER or "")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_pictures_of_the_documents(browsing: Any, people: dict[str, User]) -> None:
    for name, role, path, viewport, scheme, language in OF_DOCUMENTS:
        user = people[role] if role else None
        one = browsing(user, viewport=viewport, scheme=scheme, language=language)
        one.go(path).screenshot(path=_folder() / f"{name}.png")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pictures_of_all_pages(browsing: Any, people: dict[str, User], language: str) -> None:
    for who, paths in SEEN:
        one = browsing(people.get(who), language=language)
        for path, bare in zip(addresses(paths, people), paths, strict=True):
            page = one.go(path)
            name = bare.strip("/").replace("/", "-").replace("?", "-") or "inbox"
            for width, viewport in (("desk", DESK), ("phone", PHONE)):
                for scheme in ("light", "dark"):
                    one.turn(viewport, scheme)
                    page.screenshot(
                        path=_folder() / f"{name}-{who}-{width}-{scheme}-{language}.png",
                        full_page=True,
                    )
