"""What may have made rows contradict each other: one conflict of the kind that explains most."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ringfence.movements.model import THOSE, Conflict, ConflictKind, Reason, Sphere, Told, Where
from ringfence.movements.weighing import Verdict

DAY = 86_400
POSTED_WITHIN = 3 * DAY
TOGETHER = DAY
"""Rows of one source that are astray within so long are one matter."""
TWICE = 120
"""Two scans of one code at one door within so long are of two people."""
_CLOCKS = 15 * 60
_MOST_LOOKED_AT = 200


class Rooms:
    """Rows by place, in the order of their starts."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._there: defaultdict[Where, list[Told]] = defaultdict(list)
        for one in told:
            if one.where is not None:
                self._there[one.where].append(one)

    def begun(self, where: Where, since: int, until: int) -> Sequence[Told]:
        """What began there from one time to another, both included; the nearest to its end."""
        rows = self._there[where]
        first, last = (
            bisect_left(rows, since, key=_start),
            bisect_right(rows, until, key=_start),
        )
        return rows[max(first, last - _MOST_LOOKED_AT) : last]


def _start(one: Told) -> int:
    return one.start


@dataclass(frozen=True)
class _Astray:
    """A row with all that speaks against it."""

    odd: Told
    against: tuple[Told, ...]
    reasons: tuple[Reason, ...]
    kmh: float | None


def explained(verdicts: Sequence[Verdict], told: Iterable[Told]) -> list[Conflict]:
    """Each contradiction once."""
    there = Rooms(told)
    verdicts = _by_the_day(verdicts, there)
    astray = _astray(verdicts)
    borrowed = _borrowed(astray.values(), there)
    taken = {one for conflict in borrowed for one in conflict.these}
    single = [_of_one(one, there) for one in astray.values() if one.odd not in taken]
    return [*borrowed, *single, *_undecided(verdicts)]


def companions(told: Iterable[Told]) -> list[Conflict]:
    """One code scanned again at one door: somebody came along."""
    doors: dict[tuple[Where, str], list[list[Told]]] = {}
    for one in told:
        if one.table == "event" and one.kind == "scan" and one.where is not None:
            groups = doors.setdefault((one.where, one.source), [])
            if groups and one.start - groups[-1][-1].start <= TWICE:
                groups[-1].append(one)
            else:
                groups.append([one])
    return [
        Conflict(ConflictKind.COMPANION, tuple(group[1:]), (group[0],), None)
        for groups in doors.values()
        for group in groups
        if group[-1].start > group[0].start
    ]


def _by_the_day(verdicts: Iterable[Verdict], there: Rooms) -> list[Verdict]:
    """Decided where one of both, and not the other, is told by another source of the next day."""
    off: dict[Told, bool] = {}
    found = []
    for verdict in verdicts:
        both = (verdict.clash.one, verdict.clash.other)
        if verdict.odd is None:
            for one in both:
                if one not in off:
                    off[one] = _a_day_off(one, there) is not None
            odd = [one for one in both if off[one]]
            verdict = replace(verdict, odd=odd[0]) if len(odd) == 1 else verdict  # noqa: PLW2901
        found.append(verdict)
    return found


def _astray(verdicts: Iterable[Verdict]) -> dict[Told, _Astray]:
    found: defaultdict[Told, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.odd is not None:
            found[verdict.odd].append(verdict)
    return {
        odd: _Astray(
            odd,
            tuple(v.clash.other if v.clash.one == odd else v.clash.one for v in some),
            tuple(reason for reason in Reason if any(reason in v.reasons for v in some)),
            max((v.clash.kmh for v in some if v.clash.kmh is not None), default=None),
        )
        for odd, some in found.items()
    }


def _borrowed(astray: Iterable[_Astray], there: Rooms) -> list[Conflict]:
    """Rows of one source's telephones or cards, several of which are astray within a day."""
    of_source: defaultdict[str, list[_Astray]] = defaultdict(list)
    for one in astray:
        if one.odd.table == "event" and _posted(one.odd, there) is None:
            of_source[one.odd.source].append(one)
    found = []
    for some in of_source.values():
        for group in _within_a_day(sorted(some, key=lambda one: one.odd.start)):
            if len({one.odd.start for one in group}) > 1:
                found.append(_together(ConflictKind.BORROWED, group))
    return found


def _within_a_day(some: Iterable[_Astray]) -> Iterator[list[_Astray]]:
    group: list[_Astray] = []
    for one in some:
        if group and one.odd.start - group[-1].odd.start > TOGETHER:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _together(kind: ConflictKind, group: Sequence[_Astray]) -> Conflict:
    return Conflict(
        kind,
        tuple(one.odd for one in group),
        tuple(dict.fromkeys(other for one in group for other in one.against)),
        THOSE,
        tuple(reason for reason in Reason if any(reason in one.reasons for one in group)),
        max((one.kmh for one in group if one.kmh is not None), default=None),
    )


def _of_one(one: _Astray, there: Rooms) -> Conflict:
    if (stay := _posted(one.odd, there)) is not None:
        return Conflict(
            ConflictKind.POSTING, (one.odd,), (stay,), THOSE, (Reason.STAY_BEFORE_POSTING,)
        )
    if (other := _a_day_off(one.odd, there)) is not None:
        return Conflict(
            ConflictKind.MIDNIGHT, (one.odd,), (other,), THOSE, (Reason.DAY_AGREES_SHIFTED,)
        )
    reasons, figure = one.reasons, None
    kind = _kind(one)
    if kind is ConflictKind.TICKET:
        reasons = (Reason.TICKET_IS_NO_BOARDING, *(r for r in reasons if r is not Reason.STRONGER))
    if kind is ConflictKind.SPEED:
        figure = one.kmh
    return Conflict(kind, (one.odd,), one.against, THOSE, reasons, figure)


def _kind(one: _Astray) -> ConflictKind:
    odd = one.odd
    if odd.where is not None and odd.where.sphere is Sphere.RUN and odd.certainty == "assumed":
        return ConflictKind.TICKET
    if odd.table == "event":
        return ConflictKind.COMPANION if odd.kind == "scan" else ConflictKind.BORROWED
    if odd.certainty == "declared" and any(o.certainty != "declared" for o in one.against):
        return ConflictKind.DECLARED
    return ConflictKind.SPEED if one.kmh is not None else ConflictKind.TWO_PLACES


def _posted(odd: Told, there: Rooms) -> Told | None:
    """The stay that a payment belongs to, where it was booked only later."""
    if odd.kind != "payment" or odd.where is None:
        return None
    since, until = odd.start - POSTED_WITHIN, odd.start - _CLOCKS
    before = [
        one
        for one in there.begun(odd.where, since - DAY, until)
        if one.source != odd.source and since <= one.end <= until
    ]
    return max(before, key=lambda one: one.end, default=None)


def _a_day_off(odd: Told, there: Rooms) -> Told | None:
    """The row of another source that tells of the same, a day earlier or later."""
    if odd.where is None or odd.where.sphere is not Sphere.PLACE:
        return None
    for day in (odd.start - DAY, odd.start + DAY):
        for one in there.begun(odd.where, day - _CLOCKS, day + _CLOCKS):
            if one.source != odd.source and one.instant == odd.instant:
                return one
    return None


def _undecided(verdicts: Iterable[Verdict]) -> list[Conflict]:
    """Pairs that records do not decide, those of the same two sources within a day as one."""
    found: dict[tuple[ConflictKind, frozenset[str], int], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.odd is None:
            one, other = verdict.clash.one, verdict.clash.other
            declared = (one.certainty == "declared") != (other.certainty == "declared")
            kind = (
                ConflictKind.DECLARED
                if declared
                else ConflictKind.TWO_PLACES
                if verdict.clash.kmh is None
                else ConflictKind.SPEED
            )
            key = (kind, frozenset({one.source, other.source}), other.start // DAY)
            found.setdefault(key, []).append(verdict)
    return [_pair(kind, some) for (kind, _, _), some in found.items()]


def _pair(kind: ConflictKind, some: Sequence[Verdict]) -> Conflict:
    first = some[0].clash.one.source
    sides: tuple[list[Told], list[Told]] = ([], [])
    for verdict in some:
        for one in (verdict.clash.one, verdict.clash.other):
            sides[one.source != first].append(one)
    these, those = (tuple(dict.fromkeys(side)) for side in sides)
    if not those:
        these, those = these[:1], these[1:]
    kmh = max((v.clash.kmh for v in some if v.clash.kmh is not None), default=None)
    return Conflict(kind, these, those, None, figure=kmh)
