"""What every page knows: its language, who acts, what they may open, and whose clock it shows."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from ringfence.errors import UserError
from ringfence.lake import open_home
from ringfence_server.access import Acting, Opened
from ringfence_server.deployment.here import deployment, now
from ringfence_server.shell import Page, pages_for


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Without a look into the database: a page must be able to say that there is none."""
    acting = getattr(request, "acting", None)
    ready = getattr(request, "ready", False)
    spoken = language()
    pages = pages_for(acting) if acting is not None and ready else []
    return {
        "language": spoken,
        "other_language": next(one for one in settings.LANGUAGES if not one[0].startswith(spoken)),
        "acting": acting,
        "ready": ready,
        "pages": pages,
        "page_here": _here(pages, request.path),
        "exercise": exercise(),
        "opened": _opened(acting) if ready else [],
    }


def _opened(acting: Acting | None) -> list[tuple[Opened, int, int]]:
    """Each with the hours and minutes that are left."""
    if acting is None or not acting.opened:
        return []
    at = now()
    left = [max(int((one.until - at).total_seconds()) // 60, 0) for one in acting.opened]
    return [(one, *divmod(rest, 60)) for one, rest in zip(acting.opened, left, strict=True)]


def _here(pages: list[Page], path: str) -> Page | None:
    """The page of the navigation that this one is, or lies below."""
    above = [
        page
        for page in pages
        if path == page.url or (page.url != "/" and path.startswith(page.url))
    ]
    return max(above, key=lambda page: len(page.url), default=None)


def language() -> str:
    """zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def exercise() -> datetime | None:
    """What the clock shows, where the home is synthetic; None where people are real."""
    try:
        return now() if _synthetic(deployment().home) else None
    except UserError:
        return None  # the home cannot be read: a page that says so must still appear


@cache
def _synthetic(home: Path) -> bool:
    return open_home(home).synthetic
