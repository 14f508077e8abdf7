"""Wall time of the API's lists, as a program continues them: first, later, last page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from bench.server.browser import Browser
from bench.server.reading import Measured, Seen, right

_API = "/api/v1"
_DEEP = 10
"""So many times a list is continued before its later pages are measured."""


def asked(
    site: str,
    accounts: Sequence[Mapping[str, Any]],
    long: Mapping[str, Any],
    requests: int,
    say: Callable[[str], None],
) -> list[dict[str, Any]]:
    """`long`: the trace with the longest list, its contacts, the place of its last page.
    StepError: the API answered otherwise than with a list.
    """
    found = []
    for account in accounts:
        program = Browser(site, bearer=account["token"])
        own = []
        for seen in _lists(program, account, long):
            (path,) = seen.paths
            first = right(program.open(path)).ms
            measured = Measured(
                seen.name, account["role"], account["level"], account["username"], first
            )
            measured.warm += [right(program.open(one)).ms for one in repeat(path, requests)]
            own.append(measured.told())
        found += own
        if own:
            slowest = max(own, key=lambda one: float(one["p95"]))
            say(
                f"{account['username']:<26} {len(own):>2} lists of the API; slowest:"
                f" {slowest['page']}, p95 {slowest['p95']:,.0f} ms"
            )
    return found


def _lists(program: Browser, account: Mapping[str, Any], long: Mapping[str, Any]) -> Iterator[Seen]:
    scopes = account["scopes"]
    if "case.read" in scopes:
        yield from _continued(program, "API cases", f"{_API}/cases")
    if "task.dispatch" in scopes:
        yield from _continued(program, "API tasks", f"{_API}/tasks")
    if account["username"] == long["reader"]:
        path = f"{_API}/traces/{long['run']}/contacts"
        name = f"API contacts of one trace ({long['contacts']:,})"
        yield from _continued(program, name, path)
        yield Seen(f"{name}, last page", (f"{path}?after={long['last']}",))


def _continued(program: Browser, name: str, path: str) -> Iterator[Seen]:
    yield Seen(name, (path,))
    later = ""
    following = path
    for _ in range(_DEEP):
        following = json.loads(right(program.open(following)).text)["next"]
        if not following:
            break
        later = following
    if later:
        yield Seen(f"{name}, later page", (later,))
