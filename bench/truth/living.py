"""The outbreak lived through: each evening what has been received is imported, cases are traced.

The people of the city do not act on the lists: what is told is how early a list would have been
there, not what it would have changed.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.deliveries import ZONE, Delivery, deliveries, new_home, take
from bench.truth.answers import Answers, Infection
from ringfence.engines.sql import SqlEngine
from ringfence.lake import compact, snapshot
from ringfence.protocols.catalogue import named
from ringfence.trace.case_files import known_cases
from ringfence.trace.tracing import trace_cases

_HOUR = 20
"""Of the evening, local time, at which cases are traced."""
_AGAIN = 2
"""Days after its first trace on which a case is traced again, for what came later."""
_SPAN = 10
"""Days for which the chart tells what share had been listed."""


@dataclass
class Seen:
    """When each person was first listed, and when each case was first traced."""

    listed: dict[str, datetime] = field(default_factory=dict)
    traced: dict[str, datetime] = field(default_factory=dict)
    evenings: int = 0


def lived(city: Path, home: Path, protocol: str) -> Seen:
    """Import and trace evening by evening, each with the clock of its time."""
    given = deliveries(city)
    made = new_home(home, given)
    rules = named(protocol).protocol
    seen = Seen()
    for evening, received in _evenings(given):
        for delivery in received:
            take(made, delivery)
        compact(made)
        taken = snapshot(made, evening)
        engine = SqlEngine(taken)
        known = {case: file for case, file in known_cases(engine).items() if not file.ended}
        for case, file in known.items():
            seen.traced.setdefault(file.subject, evening)
            if evening - seen.traced[file.subject] > timedelta(days=_AGAIN):
                continue
            for contact in trace_cases(taken, engine, rules, [case], 2).contacts:
                seen.listed.setdefault(contact.person, evening)
        seen.evenings += 1
    return seen


def _evenings(given: list[Delivery]) -> Iterator[tuple[datetime, list[Delivery]]]:
    """Each evening with what has been received since the one before."""
    first, last = (
        given[n].received.astimezone(ZoneInfo(ZONE)).replace(hour=_HOUR, minute=0, second=0)
        for n in (0, -1)
    )
    evening, waiting = first, list(given)
    while evening <= last + timedelta(days=1):
        received = [delivery for delivery in waiting if delivery.received <= evening]
        waiting = waiting[len(received) :]
        yield evening, received
        evening += timedelta(days=1)


def figures(seen: Seen, truth: Answers) -> dict[str, Any]:
    """Of the true infections: whose infector was traced, who was listed, and how early."""
    told = list(truth.infections)
    caught = [one for one in told if one.infector in seen.traced]
    in_time = [one for one in told if _before(seen.listed, one, truth.reported)]
    delays = sorted(_days(seen.listed[one.infectee], one.at) for one in told if _after(seen, one))
    return {
        "evenings": seen.evenings,
        "infections": len(told),
        "infector_traced": len(caught),
        "listed": sum(one.infectee in seen.listed for one in told),
        "listed_of_traced": sum(one.infectee in seen.listed for one in caught),
        "reported": sum(one.infectee in truth.reported for one in told),
        "listed_before_report": len(in_time),
        "listed_before_onset": sum(_before(seen.listed, one, truth.onset) for one in told),
        "with_onset": sum(one.infectee in truth.onset for one in told),
        "median_days": statistics.median(delays) if delays else None,
        "by_day": [sum(delay <= day for delay in delays) for day in range(_SPAN + 1)],
        "people_listed": len(seen.listed),
        "cases_traced": len(seen.traced),
    }


def _after(seen: Seen, one: Infection) -> bool:
    """Listed after the infection: who was on a list before it was listed for another reason."""
    return one.infectee in seen.listed and seen.listed[one.infectee] >= one.at


def _before(
    listed: Mapping[str, datetime], one: Infection, moments: Mapping[str, datetime]
) -> bool:
    when, then = listed.get(one.infectee), moments.get(one.infectee)
    return when is not None and then is not None and when < then


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier) / timedelta(days=1)
