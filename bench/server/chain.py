"""From a positive test to sent tasks, through the pages: entered, traced, approved."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Any

from bench.processes import StepError
from bench.server.browser import Browser, Page

_POLL_SECONDS = 0.25
"""The page itself asks each second."""
_PATIENCE_SECONDS = 300


def followed(browser: Browser, tests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of each positive test: how many contacts, and the seconds of each stage.

    `tests`: the fields of the entry form.
    """
    return [_followed(browser, one) for one in tests]


def _followed(browser: Browser, test: Mapping[str, Any]) -> dict[str, Any]:
    begun = time.perf_counter()

    def seconds() -> float:
        return round(time.perf_counter() - begun, 2)

    form = browser.open("/cases/new/")
    begun = time.perf_counter()
    case = browser.send("/cases/new/", token=form.hidden("token"), **test)
    if not re.fullmatch(r"/cases/\d+/", case.at):
        raise StepError(f"the case was not entered: {case.status} at {case.at}: {_said(case)}")
    entered = seconds()
    run = browser.send(f"{case.at}trace/")
    _wait(browser, run.at)
    traced = seconds()
    listed = _right(browser.open(run.at))
    preview = _right(browser.open(f"{run.at}approval/"))
    ready = seconds()
    begun = time.perf_counter()
    sent = _right(browser.send(f"{run.at}approval/", digest=preview.hidden("digest")))
    approved = seconds()
    counts = [int(one) for one in re.findall(r"<dd>(\d+)</dd>", listed.text)[:3]]
    return {
        "contacts": sum(counts),
        "run": int(run.at.split("/")[2]),
        "entered_seconds": entered,
        "traced_seconds": traced,
        "list_ready_seconds": ready,
        "sent_seconds": approved,
        "page_of_approval_ms": round(preview.ms, 1),
        "page_after_ms": round(sent.ms, 1),
    }


def _wait(browser: Browser, at: str) -> None:
    last, pause = time.monotonic() + _PATIENCE_SECONDS, Event()
    while "hx-get" in _right(browser.open(f"{at}state/")).text:
        if time.monotonic() > last:
            raise StepError(f"the trace took longer than {_PATIENCE_SECONDS} s")
        pause.wait(_POLL_SECONDS)


def _right(page: Page) -> Page:
    if page.status != 200:
        raise StepError(f"{page.at} answered {page.status}: {_said(page)}")
    return page


def _said(page: Page) -> str:
    errors = re.findall(r'class="(?:errorlist|notice)[^"]*"[^>]*>(.*?)</', page.text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(errors)).split())[:300]
