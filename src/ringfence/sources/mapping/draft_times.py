"""Which columns of an unknown file tell when a row began, ended or happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from ringfence.sources.mapping.draft_cells import Cells
from ringfence.sources.mapping.draft_doubts import mostly_later, past_midnight
from ringfence.sources.mapping.roles import Guess

_ROLES = ("start", "end", "at")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%H%M")


@dataclass(frozen=True)
class Times:
    """`fields`: one guess for each of `start`, `end` and `at` at most; `left`: all others."""

    fields: dict[str, Guess]
    left: tuple[Guess, ...]


def settle_times(guesses: Sequence[Guess], cells: Cells) -> Times:
    """Days and times of day are joined, and of two moments of a row the later one is the end."""
    moments, left = _moments([one for one in guesses if one.is_time and one.role in _ROLES], cells)
    fields: dict[str, Guess] = {}
    for one in sorted(moments, key=lambda one: not one.by_header):
        fields.setdefault(one.role, one)
    if "start" not in fields and "at" in fields:
        end = _end_of(fields["at"], fields.get("end"), moments, cells)
        if end is not None:
            fields = {"start": fields["at"], "end": end}
    elif "start" in fields and "end" not in fields:
        end = _end_of(fields["start"], None, moments, cells)
        if end is not None:
            fields["end"] = end
    if "at" in fields and "end" in fields and fields["at"].columns == fields["end"].columns:
        del fields["at"]
    if {"start", "end"} <= fields.keys():
        fields["end"] = _past_midnight(fields["start"], fields["end"], cells)
    taken = {one.columns for one in fields.values()}
    left += [one for one in moments if one.columns not in taken]
    for one in list(left):
        # The day of a ride is part of its key.
        if one.kind == "date" and not fields:
            fields[one.role] = one
            left.remove(one)
    order = [role for role in _ROLES if role in fields]
    return Times({role: fields[role] for role in order}, tuple(left))


def _end_of(
    first: Guess, told: Guess | None, moments: Sequence[Guess], cells: Cells
) -> Guess | None:
    """The end by its header, else the first moment that mostly is later."""
    for one in moments if told is None else [told]:
        if one.columns != first.columns and _is_later(first, one, cells):
            if told is not None:
                return told
            return replace(one, role="end", doubts=(*one.doubts, mostly_later(first)))
    return None


def _past_midnight(start: Guess, end: Guess, cells: Cells) -> Guess:
    """An end that has the day of the start may still be on the day after."""
    if len(end.columns) < 2 or start.columns[:-1] != end.columns[:-1]:
        return end
    one, two = (cells.instants(guess.columns, guess.forms) for guess in (start, end))
    earlier = pc.sum(pc.fill_null(pc.less(two, one), False)).as_py() or 0
    if not earlier:
        return end
    told = (*end.more, "next_day_if_before: start")
    return replace(end, doubts=(*end.doubts, past_midnight(earlier / cells.rows)), more=told)


def _is_later(first: Guess, second: Guess, cells: Cells) -> bool:
    one, two = (cells.instants(guess.columns, guess.forms) for guess in (first, second))
    both = pc.and_(pc.is_valid(one), pc.is_valid(two))
    later = pc.sum(pc.fill_null(pc.greater(two, one), False)).as_py() or 0
    return bool(later * 2 > (pc.sum(both).as_py() or 0))


def _moments(guesses: Sequence[Guess], cells: Cells) -> tuple[list[Guess], list[Guess]]:
    """Moments in the order of the file, and the days and times of day that none was made of."""
    days = [one for one in guesses if one.kind == "date"]
    clocks = [one for one in guesses if one.kind == "time"]
    pairs = [(_day_of(clock, clocks, days, guesses), clock) for clock in clocks]
    made = {id(clock): _joined(day, clock, cells) for day, clock in pairs if day is not None}
    joined = {id(day) for day, _ in pairs}
    moments: list[Guess] = []
    left: list[Guess] = []
    for one in guesses:
        if one.kind == "datetime" or id(one) in made:
            moments.append(made.get(id(one), one))
        elif id(one) not in joined:
            left.append(one)
    return moments, left


def _day_of(
    clock: Guess, clocks: Sequence[Guess], days: Sequence[Guess], order: Sequence[Guess]
) -> Guess | None:
    """The day of a time of day: of the same role, in the same order, or the nearest before it."""
    same = [day for day in days if day.role == clock.role and clock.role in ("start", "end")]
    if same:
        return same[0]
    if len(days) == len(clocks):
        return days[list(map(id, clocks)).index(id(clock))]
    places = [id(one) for one in order]
    before = [day for day in days if places.index(id(day)) < places.index(id(clock))]
    return next(iter(before[-1:] or days), None)


def _joined(day: Guess, clock: Guess, cells: Cells) -> Guess:
    """A day and a time of day in two columns are one moment."""
    columns = (*day.columns, *clock.columns)
    forms = tuple(f"{form} {hour}" for form in day.forms for hour in clock.forms or _CLOCKS)
    forms = tuple(
        form for form in forms if cells.instants(columns, (form,)).null_count < cells.rows
    )
    full = pc.sum(cells.filled(columns)).as_py() or 0
    read = cells.rows - int(cells.instants(columns, forms).null_count)
    return replace(
        clock,
        columns=columns,
        role=clock.role if clock.role in ("start", "end") else day.role,
        kind="datetime",
        filled=full / cells.rows if cells.rows else 0.0,
        fits=read / full if full else min(day.fits, clock.fits),
        forms=forms,
        rivals=day.rivals,
        by_header=day.by_header and clock.by_header,
    )
