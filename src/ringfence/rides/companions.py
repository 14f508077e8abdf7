"""Who rode with a case on one run: by which rule, in which seat, from stop to stop, how near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ringfence.errors import Text
from ringfence.protocols.model import Outcome, Rule
from ringfence.rides.judging import Asked, Met, Together, meetings, together
from ringfence.rides.legs import Leg
from ringfence.rides.runs import Run
from ringfence.rides.spots import (
    WITHOUT_CARRIAGES,
    Spot,
    same_carriage,
    same_seat,
    within_rows,
)

_NEAR_ROWS = 3


class Nearness(StrEnum):
    """How near the seats were, nearest first."""

    ADJACENT = "adjacent"
    ROW = "row"
    ROWS = "rows"
    CARRIAGE = "carriage"
    REUSED = "reused"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


NEARNESS_TERMS: Mapping[Nearness, Text] = {
    Nearness.ADJACENT: Text("next seat", "邻座"),
    Nearness.ROW: Text("same row", "同排"),
    Nearness.ROWS: Text("three rows or nearer", "前后三排内"),
    Nearness.CARRIAGE: Text("same carriage", "同车厢"),
    Nearness.REUSED: Text("same seat, later", "同座（后乘）"),
    Nearness.ELSEWHERE: Text("elsewhere aboard", "其他位置"),
    Nearness.UNKNOWN: Text("seat not known", "座位不详"),
}
ATTACK_RATES: Mapping[Nearness, float] = {
    Nearness.ADJACENT: 3.5,
    Nearness.ROW: 1.5,
    Nearness.ROWS: 0.32,
    Nearness.REUSED: 0.075,
}
"""Per cent, of high-speed trains in China, December 2019 to March 2020 (globalhealthnewswire
2020-08-03): whom to call first, and not what anybody's risk is.
"""
_GRAVITY = {outcome: place for place, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Companion:
    """`outcome` None: no rule is satisfied, or no protocol was asked; then `open` says what would
    have to be known. `meetings`: the times together, in their order. `rows_apart`, `seats_apart`:
    the least that is known.
    """

    person: str
    outcome: Outcome | None
    rules: tuple[Rule, ...]
    open: tuple[str, ...]
    flags: tuple[str, ...]
    nearness: Nearness
    rows_apart: int | None
    seats_apart: int | None
    meetings: tuple[Together, ...]

    @property
    def minutes(self) -> float | None:
        """None: of none of the times together is it known how long."""
        known = [one.seconds for one in self.meetings if one.seconds is not None and not one.reused]
        return sum(known) / 60 if known else None


def companions(
    mine: Sequence[Leg], legs: Sequence[Leg], asked: Asked, rules: Sequence[Rule]
) -> tuple[Companion, ...]:
    """`mine`: legs of the case. Without `rules`, everybody aboard at one time, class unknown."""
    run = asked.run
    own = {leg.person for leg in mine} | {asked.focus.subject}
    of_person: defaultdict[str, list[Together]] = defaultdict(list)
    for other in legs:
        if other.person in own:
            continue
        for leg in mine:
            met = together(leg, other, asked.focus, run.kind)
            if met is not None:
                of_person[other.person].append(met)
    found = (_companion(person, told, asked, rules) for person, told in of_person.items())
    return tuple(sorted((one for one in found if one is not None), key=_urgency))


def _companion(
    person: str, told: list[Together], asked: Asked, rules: Sequence[Rule]
) -> Companion | None:
    met = meetings([(asked, one) for one in told], rules)
    if rules and not met:
        return None
    sure = [one for one in met if one.satisfied]
    outcome = min((one.rule.outcome for one in sure), key=_GRAVITY.__getitem__, default=None)
    meant = [one for one in sure if one.rule.outcome is outcome] if sure else met
    times = _times([one.together for one in meant] if rules else told)
    near = min((_nearness(asked.run, one) for one in times), key=list(Nearness).index)
    return Companion(
        person=person,
        outcome=outcome,
        rules=tuple(dict.fromkeys(one.rule for one in meant)),
        open=_open(met, outcome),
        flags=tuple(sorted({flag for one in meant for flag in one.flags})),
        nearness=near,
        rows_apart=_least(times, lambda one: one.row),
        seats_apart=_least(times, lambda one: one.across),
        meetings=tuple(times),
    )


def _open(met: Sequence[Met], outcome: Outcome | None) -> tuple[str, ...]:
    """What may make it graver than it is known to be."""
    known = len(_GRAVITY) if outcome is None else _GRAVITY[outcome]
    graver = [one for one in met if not one.satisfied and _GRAVITY[one.rule.outcome] < known]
    return tuple(sorted({fact for one in graver for fact in one.open}))


def _times(told: Sequence[Together]) -> list[Together]:
    return sorted(dict.fromkeys(told), key=lambda one: (one.start or 0, one.board or 0))


def _nearness(run: Run, one: Together) -> Nearness:
    mine, other = one.mine.spot, one.other.spot
    if one.reused:
        return Nearness.REUSED
    if within_rows(mine, other, 0):
        # Two tickets of one seat at one time are as near as can be.
        beside = same_seat(one.mine.seat, one.other.seat, run.kind)
        beside = beside or _apart(mine.across, other.across) == 1
        return Nearness.ADJACENT if beside else Nearness.ROW
    if near := within_rows(mine, other, _NEAR_ROWS):
        return Nearness.ROWS
    same = near if run.kind in WITHOUT_CARRIAGES else same_carriage(mine, other)
    if same is None:
        return Nearness.UNKNOWN
    return Nearness.CARRIAGE if same else Nearness.ELSEWHERE


def _apart(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else abs(one - other)


def _least(times: Sequence[Together], part: Callable[[Spot], int | None]) -> int | None:
    known = [
        apart
        for one in times
        if not one.reused and same_carriage(one.mine.spot, one.other.spot)
        if (apart := _apart(part(one.mine.spot), part(one.other.spot))) is not None
    ]
    return min(known, default=None)


def _urgency(one: Companion) -> tuple[int, int, float, str]:
    grave = len(_GRAVITY) if one.outcome is None else _GRAVITY[one.outcome]
    return grave, list(Nearness).index(one.nearness), -(one.minutes or 0), one.person
