"""For whom something is measured on a day: what binds people follows the measures alone."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ringfence.errors import NotFound
from ringfence.lake import Home
from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Outcome, Protocol
from ringfence.trace.measures import ordered
from ringfence_server.tracing.models import Contact

_SITES = frozenset({"facility", "hospital"})
"""Measures for which somebody leaves home."""


def at_site(
    home: Home, lists: Collection[tuple[int, str]], at: datetime
) -> frozenset[tuple[int, str]]:
    """`lists`: run, and the number under which it lists somebody. Those of them who are to be at a
    site on the local day of `at` or later, as the run's protocol counts from the last exposure.
    """
    today = _local_day(home, at)
    protocols: dict[str, Protocol | None] = {}
    rows = Contact.objects.filter(
        run__in={run for run, _ in lists}, person__in={person for _, person in lists}
    )
    found = set()
    fields = ("run_id", "person", "run__protocol", "outcome", "last_exposure", "release_date")
    for run, person, name, outcome, last, release in rows.values_list(*fields):
        if name not in protocols:
            protocols[name] = _protocol(home, name)
        until = _until(protocols[name], outcome, last, release, home.zone)
        if (run, person) in lists and until is not None and today < until:
            found.add((run, person))
    return frozenset(found)


def measured_still(home: Home, lists: Set[tuple[int, str]], at: datetime) -> bool:
    """Whether any of `lists` (as above) keeps the person followed beyond the local day of `at`."""
    rows = Contact.objects.filter(
        run__in={run for run, _ in lists},
        person__in={person for _, person in lists},
        release_date__gt=_local_day(home, at),
    )
    return not lists.isdisjoint(rows.values_list("run_id", "person"))


def _local_day(home: Home, at: datetime) -> date:
    return at.astimezone(ZoneInfo(home.zone)).date()


def _until(
    protocol: Protocol | None, outcome: str, last: datetime, release: date | None, zone: str
) -> date | None:
    """The first day on which nobody has to be at a site. Of a protocol that is not at hand any
    more, only the date that it gave is known.
    """
    if protocol is None:
        return release
    steps = ordered(protocol, Outcome(outcome), last, zone)
    return max((step.until for step in steps if step.measure.kind in _SITES), default=None)


def _protocol(home: Home, name: str) -> Protocol | None:
    try:
        return named(name, home.protocols).protocol if name else None
    except NotFound:
        return None
