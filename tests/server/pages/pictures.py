"""Pictures of the console, for the documents and for whoever changes the look. Not a test:

RINGFENCE_PICTURES=/tmp/pictures python -m pytest tests/server/pages/pictures.py
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


@pytest.mark.skipif(FOLDER is None, reason="RINGFENCE_PICTURES names no folder")
def test_take_pictures(browsing: Any, people: dict[str, User]) -> None:
    folder = Path(FOLDER or "")
    folder.mkdir(parents=True, exist_ok=True)
    for width, viewport in (("desk", DESK), ("phone", PHONE)):
        for scheme in ("light", "dark"):
            for language in ("zh", "en"):
                looks = {"viewport": viewport, "scheme": scheme, "language": language}
                for who, user, paths in (
                    ("nobody", None, (*SIGNED_OUT, "/no/such/page/")),
                    ("administrator", people["administrator"], INSIDE),
                    ("worker", people["grid_worker"], WORKER),
                ):
                    one = browsing(user, **looks)
                    for path, bare in zip(addresses(paths, people), paths, strict=True):
                        page = one.go(path, 404 if "no/such" in path else 200)
                        name = bare.strip("/").replace("/", "-").replace("?", "-") or "inbox"
                        page.screenshot(
                            path=folder / f"{name}-{who}-{width}-{scheme}-{language}.png",
                            full_page=True,
                        )
