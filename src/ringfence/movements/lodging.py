"""A register of guests says where somebody slept, not where they were all day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from ringfence.movements.model import Told
from ringfence.movements.sites import Sites, site
from ringfence.trace.local_days import day_start, local_day
from ringfence.trace.seeds import instant, seconds

NIGHT = (timedelta(hours=22), timedelta(hours=31))
"""Of each local day, into the next one: when a guest is taken to be there."""
DESK = 30 * 60
"""Seconds that arriving and leaving take; between those and the nights a guest may be anywhere."""
_SHORT = 14 * 3600
_LODGINGS = frozenset({"hotel", "dormitory"})


def nights_of(told: Iterable[Told], sites: Sites, zone: str) -> list[Told]:
    """With a row for each night in place of one from arrival to departure, in the order of starts.

    What people declare of themselves, and stays of half a day, are left whole.
    """
    found = [
        replace(one, start=start, end=end)
        for one in told
        for start, end in (_there(one, zone) if _registered(one, sites) else [(one.start, one.end)])
    ]
    return sorted(found, key=lambda one: (one.start, one.end, one.table, one.batch, one.row))


def _registered(one: Told, sites: Sites) -> bool:
    """Whether a register of guests tells it, of longer than somebody stays in a room."""
    if one.table != "presence" or one.certainty != "recorded" or one.end - one.start <= _SHORT:
        return False
    there = site(sites, one.where)
    return there is not None and there.kind in _LODGINGS


def _there(one: Told, zone: str) -> list[tuple[int, int]]:
    """Arriving, the nights and leaving, joined where they meet."""
    spans = [(one.start, one.start + DESK)]
    day = local_day(instant(one.start), zone) - timedelta(days=1)
    while (midnight := day_start(day, zone)) < instant(one.end):
        start, end = (seconds(midnight + hours) for hours in NIGHT)
        if start < one.end and end > one.start:
            spans.append((max(start, one.start), min(end, one.end)))
        day += timedelta(days=1)
    spans.append((one.end - DESK, one.end))
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found
