"""Many workers report at once: some press twice, some are two on one task, and once the process of
the background work is killed meanwhile.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Barrier, Thread, Timer
from typing import Any

from bench.server.browser import Browser, Page
from bench.server.figures import spread

_TWICE = 3
"""Every so many reports are sent twice at the same moment."""
_OVERTAKEN = (404, 409)
"""What the second of two on one task is answered."""
_THERE = re.compile(r'name="there-(\d+)"')
_WORD = re.compile(r'name="outcome"[^>]*value="(\w+)"')


@dataclass
class Heard:
    """What one worker was told. `reported`: task by task, what was said of which exposures."""

    ms: list[float] = field(default_factory=list)
    reported: dict[str, list[int]] = field(default_factory=dict)
    overtaken: int = 0
    twice: int = 0
    errors: list[str] = field(default_factory=list)


def reported(
    browsers: Sequence[Browser],
    workers: Sequence[Mapping[str, Any]],
    tasks: Callable[[Mapping[str, Any]], Sequence[int]],
    *,
    meanwhile: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """All of them begin at the same moment. `browsers`: where the workers are signed in.
    `meanwhile`: done once, a second after that.
    """
    shared = _in_two_hands([tasks(one) for one in workers])
    heard = [Heard() for _ in workers]
    start = Barrier(len(workers) + 1)
    threads = [
        Thread(target=_work, args=(browser, tasks(one), shared, start, told), daemon=True)
        for browser, one, told in zip(browsers, workers, heard, strict=True)
    ]
    for thread in threads:
        thread.start()
    fault = Timer(1.0, meanwhile) if meanwhile else None
    start.wait()
    if fault:
        fault.start()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if fault:
        fault.join()
    times = [ms for one in heard for ms in one.ms]
    return {
        "workers": len(workers),
        "seconds": round(seconds, 1),
        "requests": len(times),
        "ms": spread(times),
        "reports": sum(len(one.reported) for one in heard),
        "sent_twice": sum(one.twice for one in heard),
        "in_two_hands": len(shared),
        "overtaken": sum(one.overtaken for one in heard),
        "errors": [error for one in heard for error in one.errors],
        "said": {task: said for one in heard for task, said in one.reported.items()},
        "asked": sorted({task for one in workers for task in tasks(one)}),
    }


def _in_two_hands(tasks: Sequence[Sequence[int]]) -> frozenset[int]:
    seen: set[int] = set()
    twice: set[int] = set()
    for own in tasks:
        twice |= seen & set(own)
        seen |= set(own)
    return frozenset(twice)


def _work(
    browser: Browser, tasks: Sequence[int], shared: frozenset[int], start: Barrier, told: Heard
) -> None:
    start.wait()
    for place, task in enumerate(tasks):
        try:
            _one(browser, task, shared, told, twice=place % _TWICE == 0)
        except Exception as fault:
            told.errors.append(f"task {task}: {type(fault).__name__}")


def _one(browser: Browser, task: int, shared: frozenset[int], told: Heard, *, twice: bool) -> None:
    at = f"/my-tasks/{task}/"
    for page in (
        _heard(told, browser.open(at)),
        _heard(told, browser.send(f"{at}step/", to="accepted")),
        _heard(told, browser.open(f"{at}report/")),
    ):
        if page.status in _OVERTAKEN and task in shared:
            told.overtaken += 1
            return
        if page.status != 200:
            told.errors.append(f"task {task}: {page.status} at {page.at}")
            return
    if not page.at.endswith("/report/"):
        told.errors.append(f"task {task}: no form to report by, but {page.at}")
        return
    asked = [int(one) for one in dict.fromkeys(_THERE.findall(page.text))][:1]
    form = {"token": page.hidden("token"), "outcome": _WORD.findall(page.text)[0]}
    form |= {f"there-{one}": "no" if task % 2 else "yes" for one in asked}
    answers = _sent(browser, f"{at}report/", form, twice=twice)
    told.twice += twice
    for answer in answers:
        _heard(told, answer)
        if answer.status != 200:
            told.errors.append(f"report of {task}: {answer.status} at {answer.at}")
    if any(answer.status == 200 for answer in answers):
        told.reported[str(task)] = asked


def _sent(browser: Browser, path: str, form: Mapping[str, str], *, twice: bool) -> list[Page]:
    if not twice:
        return [browser.send(path, **form)]
    found: list[Page] = []

    def press(window: Browser) -> None:
        found.append(window.send(path, **form))

    presses = [Thread(target=press, args=(window,)) for window in (browser, browser.twin())]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    return found


def _heard(told: Heard, page: Page) -> Page:
    told.ms.append(page.ms)
    return page
