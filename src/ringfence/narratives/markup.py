"""Tags and entities within a text that was copied from a page: what a reader of the page saw."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_LINES = "address|article|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|section|table|tr|ul"
_WITHIN = "a|abbr|b|big|code|em|font|i|img|mark|s|small|span|strong|sub|sup|tbody|td|th|thead|u"
_MARKUP = re.compile(
    rf"</?(?:(?P<line>{_LINES})|{_WITHIN})(?:\s[^<>]{{0,500}})?/?>"
    r"|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}[1-4]?);",
    re.IGNORECASE,
)


def seen_signs(text: str) -> Iterator[tuple[str, int]]:
    """Each character that a reader saw, and where it stands. A tag that begins a line is a line
    break; an entity is its character.
    """
    last = 0
    for found in _MARKUP.finditer(text):
        written = found.group()
        sign = html.unescape(written) if written.startswith("&") else "\n" * bool(found["line"])
        if len(sign) > 1:  # no entity of one character: it stands as it is written
            continue
        yield from ((text[at], at) for at in range(last, found.start()))
        last = found.end()
        if sign:
            yield sign, found.start()
    yield from ((text[at], at) for at in range(last, len(text)))
