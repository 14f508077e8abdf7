"""Work that waits for somebody: each part counts its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.shell.parts import said


@dataclass(frozen=True)
class Work:
    """One line of the inbox. `urgent`: how many of them are late or about to be. `first`: it stands
    above whatever is late.
    """

    text: Text
    url: str
    count: int
    urgent: int = 0
    first: bool = False


Source = Callable[[Acting, datetime], list[Work]]
"""The work of one part for this account at this moment; lines that count nothing may be told."""


def gives_work() -> bool:
    """Whether any part has work to give at all."""
    return bool(said("WORK"))


def work_for(acting: Acting, now: datetime) -> list[Work]:
    """What waits, the late before the rest, then the most."""
    sources: tuple[Source, ...] = said("WORK")
    found = [work for source in sources for work in source(acting, now) if work.count]
    return sorted(found, key=lambda work: (not work.first, -work.urgent, -work.count))
