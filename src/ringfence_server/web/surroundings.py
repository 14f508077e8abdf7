"""What every page knows: its language, who acts, and what they may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language


def surroundings(request: HttpRequest) -> dict[str, Any]:
    return {"language": language(), "acting": getattr(request, "acting", None)}


def language() -> str:
    """zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"
