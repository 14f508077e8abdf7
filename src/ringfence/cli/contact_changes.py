"""What an act changed for the contacts of open cases, found and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from ringfence.cli.options import Context
from ringfence.cli.progress import cases_progress
from ringfence.errors import Text

if TYPE_CHECKING:
    from ringfence.lake import Home, Told
    from ringfence.protocols.model import Protocol
    from ringfence.trace.difference import Change

T = TypeVar("T")
_CHANGES = {
    "new": Text("new", "新增"),
    "dropped": Text("dropped", "不再列入"),
    "changed": Text("changed", "有变化"),
}


def protocols_of(home: Home) -> list[Protocol]:
    from ringfence.protocols.catalogue import load_all

    return [file.protocol for file in load_all(home.protocols)]


def done_with_changes(
    context: Context,
    home: Home,
    told: Sequence[Told] | None,
    act: Callable[[datetime], T],
    tell: Callable[[T], None],
) -> tuple[T, tuple[Change, ...]]:
    """Do it, tell of it at once, and find what it changed, however long that takes.

    `told`: what the batch that it is about told; none where it is about no batch.
    """
    from ringfence.engines.sql import SqlEngine
    from ringfence.identity import snapshot
    from ringfence.trace.difference import difference
    from ringfence.trace.known import known

    now = context.now()
    protocols = protocols_of(home)
    before = known(snapshot(home, now), SqlEngine, protocols)
    done = act(now)
    if not context.as_json:
        tell(done)
    after = known(snapshot(home, now), SqlEngine, protocols)
    with cases_progress(context) as progress:
        return done, difference(told, before, after, protocols, progress)


def tell_changes(context: Context, changed: Sequence[Change]) -> None:
    if not changed:
        context.print(Text("No contact of an open case changed.", "未结病例的接触者没有变化。"))
    for change in changed:
        word = context.say(_CHANGES[change.change])
        print(f"  {change.case}  {change.person}  {word}")  # noqa: T201
