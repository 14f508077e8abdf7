"""Wall time of the pages, for each role at each level of the tree that has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from bench.processes import StepError
from bench.server.browser import Browser, Page
from bench.server.figures import spread
from bench.server.signing_in import signed_in

_CASE = r"/cases/(\d+)/"
_RUN = r"/traces/(\d+)/"
_AFTER = r"(\?[^\"]*after=\d+[^\"]*)"
_DEEP = 10
"""So many times a list is continued before its later pages are measured."""


@dataclass(frozen=True)
class Seen:
    """A page to be asked for again and again: by its addresses in turn."""

    name: str
    paths: tuple[str, ...]


@dataclass
class Measured:
    """Of one page by one account. `first`: the first request, ms; `warm`: those after it."""

    page: str
    role: str
    level: str
    account: str
    first: float
    warm: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("page", "role", "level", "account")}
        return {
            **own,
            "first_ms": round(self.first, 1),
            "requests": len(self.warm),
            **spread(self.warm),
        }


def read(
    site: str, accounts: Sequence[Mapping[str, Any]], requests: int, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """StepError: a page answered otherwise than with itself."""
    found = []
    for account in accounts:
        browser = signed_in(site, account)
        own = []
        for seen, first in _pages(browser):
            measured = Measured(
                seen.name, account["role"], account["level"], account["username"], first
            )
            for path in islice(cycle(seen.paths), requests):
                measured.warm.append(right(browser.open(path)).ms)
            own.append(measured.told())
        found += own
        slowest = max(own, key=lambda one: float(one["p95"]))
        say(
            f"{account['username']:<26} {len(own):>2} pages; slowest: {slowest['page']},"
            f" p95 {slowest['p95']:,.0f} ms"
        )
    return found


def _pages(browser: Browser) -> Iterator[tuple[Seen, float]]:
    """What the navigation leads this account to, and the pages behind that; with the first time."""

    def first(name: str, path: str, *more: str) -> tuple[Page, tuple[Seen, float]]:
        page = right(browser.open(path))
        return page, (Seen(name, (path, *more)), page.ms)

    inbox, measured = first("inbox", "/")
    yield measured
    led = set(inbox.links(r"(/[a-z/-]*)"))
    if "/cases/" in led:
        yield from _cases(browser, first)
    if "/approvals/" in led:
        yield first("lists to approve", "/approvals/")[1]
        yield first("clocks", "/tasks/clocks/")[1]
    if "/tasks/" in led:
        yield from _tasks(browser, first)
    if "/my-tasks/" in led:
        mine, measured = first("my tasks", "/my-tasks/")
        yield measured
        if links := mine.links(r"(/my-tasks/\d+/)"):
            yield first("a task of mine", links[0], *links[1:10])[1]


First = Callable[..., tuple[Page, tuple[Seen, float]]]


def _cases(browser: Browser, first: First) -> Iterator[tuple[Seen, float]]:
    listed, measured = first("case list", "/cases/")
    yield measured
    yield first("case list, filtered", "/cases/?state=traceable&disease=covid-19")[1]
    if later := _later(browser, "/cases/", listed):
        yield first("case list, later page", later)[1]
    cases = listed.links(_CASE)[:20]
    if not cases:
        return
    paths = [f"/cases/{one}/" for one in cases]
    yield first("case", *paths)[1]
    runs = [run for path in paths for run in right(browser.open(path)).links(_RUN)[:1]]
    if runs:
        lists = [f"/traces/{run}/" for run in runs]
        yield first("contact list", *lists)[1]
        longest = max(lists, key=lambda path: _people(right(browser.open(path))))
        page, measured = first("contact list, longest", longest)
        yield measured
        yield first("contact list, one class", f"{longest}?class=close")[1]
        if later := _later(browser, longest, page):
            yield first("contact list, later page", later)[1]
        yield first("a contact", f"{longest}contacts/0/")[1]


def _tasks(browser: Browser, first: First) -> Iterator[tuple[Seen, float]]:
    listed, measured = first("task list", "/tasks/")
    yield measured
    yield first("task list, reported", "/tasks/?state=feedback")[1]
    yield first("task list, latest due", "/tasks/?sort=-due")[1]
    if later := _later(browser, "/tasks/", listed):
        yield first("task list, later page", later)[1]
    if links := listed.links(r"(/tasks/\d+/)"):
        yield first("a task", links[0], *links[1:10])[1]


def _people(page: Page) -> int:
    """As its figures say: at most a page is shown."""
    return sum(int(one) for one in re.findall(r"<dd>(\d+)</dd>", page.text)[:3])


def _later(browser: Browser, path: str, page: Page) -> str:
    """The address of the last of some pages that follow; empty: all is on the first."""
    found = ""
    for _ in range(_DEEP):
        links = page.links(_AFTER)
        if not links:
            break
        found = f"{path}{links[0]}"
        page = right(browser.open(found))
    return found


def right(page: Page) -> Page:
    """StepError: it is not what was asked for."""
    if page.status != 200:
        raise StepError(f"{page.at} answered {page.status}")
    return page
