"""One file that needs no network: styles and scripts inside, pinned by their digests."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from ringfence.engines.snapshot import Batch
from ringfence.trace.result import Trace
from ringfence.trace.views.html.page_words import NO_SCRIPT
from ringfence.trace.views.html.payload import payload

SCRIPTS = ("data.js", "timeline.js", "graph.js", "contacts.js", "page.js")


def page(trace: Trace, language: str = "en", batches: Mapping[str, Batch] | None = None) -> str:
    """`batches` (of the snapshot) adds the names of the files that rows came from."""
    return page_of(payload(trace, language, batches or {}))


def policy() -> str:
    """The only styles and scripts that the page may run are its own; it may load nothing."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src {_pinned(_file('page.css'))}; "
        f"script-src {' '.join(_pinned(_file(name)) for name in SCRIPTS)}"
    )


def page_of(told: Mapping[str, Any]) -> str:
    """The page of a payload."""
    cases = ", ".join(case["case"] for case in told["cases"])
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-Hans" if told["language"] == "zh" else "en"}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy())}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="robots" content="noindex, nofollow">',
            '<meta name="color-scheme" content="light dark">',
            '<link rel="icon" href="data:,">',
            f"<title>{html.escape(cases)} · Ringfence</title>",
            f"<style>{_file('page.css')}</style>",
            "</head>",
            "<body>",
            f"<noscript><p>{NO_SCRIPT.en}</p><p>{NO_SCRIPT.zh}</p></noscript>",
            '<div id="page"></div>',
            f'<script type="application/json" id="trace">{as_script_data(told)}</script>',
            *(f"<script>{_file(name)}</script>" for name in SCRIPTS),
            "</body>",
            "</html>",
            "",
        ]
    )


def as_script_data(data: Any) -> str:
    """JSON that can neither end its element nor open another, whatever the texts hold."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


def _file(name: str) -> str:
    return (resources.files("ringfence.trace.views.html") / name).read_text("utf-8")


def _pinned(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
