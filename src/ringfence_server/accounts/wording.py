"""A text of the program where Django wants a string: in the language of whoever reads it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language

from ringfence.errors import Text


def _here(text: Text) -> str:
    return text.to("en" if (get_language() or "").startswith("en") else "zh")


_lazily = lazy(_here, str)


def said(en: str, zh: str) -> Any:
    """Read anew each time that it is shown."""
    return said_text(Text(en, zh))


def said_text(text: Text) -> Any:
    return _lazily(text)
