"""A page as one file that needs no network: the shell that all of them have."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from importlib import resources


def sheet(title: str, heading: str, style: str, body: Iterable[str], *, language: str) -> str:
    """`style` comes after what all pages share; nothing else may be loaded or run."""
    own = (resources.files(__package__) / "sheet.css").read_text("utf-8") + style
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode("ascii")
    allowed = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-Hans" if language == "zh" else "en"}">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(allowed)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex, nofollow"><link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title><style>{own}</style></head>",
            "<body><main>",
            f"<h1>{escape(heading)}</h1>",
            *body,
            "</main></body></html>",
            "",
        ]
    )


def scrolling(kind: str, name: str) -> str:
    """Wider than a phone: it scrolls by itself, by keyboard too."""
    return f'<div class="{kind}" tabindex="0" role="region" aria-label="{escape(name)}">'
