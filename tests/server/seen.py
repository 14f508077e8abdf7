"""A page as somebody reads it."""

from __future__ import annotations

import re
from typing import Protocol

_TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*')


class Answer(Protocol):
    content: bytes


def seen(answer: Answer) -> str:
    """Without the tokens of its forms: letters at random, among which any short word may be."""
    return _TOKEN.sub("", answer.content.decode())
