"""Whether two who rode on one run meet a rule of a protocol, in three-valued logic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeGuard

from ringfence.engines.question import Focus
from ringfence.engines.reference.conditions import exempt, judge
from ringfence.engines.reference.kleene import all_of, any_of
from ringfence.engines.reference.minutes import enough
from ringfence.engines.reference.overlaps import Overlap
from ringfence.protocols.model import Condition, Fact, OneOf, RideFact, RideRule, Rule
from ringfence.records.vocabularies import SERVICE_KINDS
from ringfence.rides.legs import Leg
from ringfence.rides.runs import Run
from ringfence.rides.spots import around, same_carriage, same_seat, within_bays, within_rows


@dataclass(frozen=True)
class Together:
    """Of a case's leg and another's: the stops between which both were aboard, and when, clipped to
    the window; None: not known. `reused`: the other sat where the case had sat before.
    """

    mine: Leg
    other: Leg
    board: int | None
    alight: int | None
    start: int | None
    end: int | None
    reused: bool = False

    @property
    def seconds(self) -> int | None:
        return None if self.start is None or self.end is None else self.end - self.start


@dataclass(frozen=True)
class Met:
    """`open`: what must be asked first. `satisfied`: the rule is, and this time tells so."""

    run: Run
    rule: Rule
    together: Together
    open: tuple[str, ...]
    flags: tuple[str, ...]
    satisfied: bool = False


@dataclass(frozen=True)
class Doses:
    """Days of vaccination by person and disease, in the home's zone."""

    zone: str
    doses: Mapping[tuple[str, str], set[date]]


@dataclass(frozen=True)
class Asked:
    """About which run and which case of which disease. `fitting`: ids of the rules that may hold on
    such a vehicle.
    """

    run: Run
    focus: Focus
    disease: str
    doses: Doses
    fitting: frozenset[str]


def fitting(run: Run, rules: Iterable[Rule]) -> frozenset[str]:
    """Ids of the rules that do not ask for another kind of vehicle."""
    if run.kind is None:
        return frozenset(rule.id for rule in rules)
    setting, _ = SERVICE_KINDS[run.kind]
    return frozenset(
        rule.id
        for rule in rules
        if all(setting in c.words for c in rule.conditions if _of_setting(c))
    )


def _of_setting(condition: Condition) -> TypeGuard[OneOf]:
    return isinstance(condition, OneOf) and condition.fact is Fact.SETTING


def together(mine: Leg, other: Leg, focus: Focus, kind: str | None) -> Together | None:
    """None: known not to have been aboard at one time within the window, nor in one seat after."""
    if _apart(mine.alight, other.board) or _apart(other.alight, mine.board):
        return _reused(mine, other, focus, kind)
    board, alight = _later(mine.board, other.board), _earlier(mine.alight, other.alight)
    start, end = _joint_start(mine, other), _joint_end(mine, other)
    if start is not None and end is not None:
        start, end = max(start, focus.start), min(end, focus.end)
        if start >= end:
            return None
    elif outside(mine, focus):
        return None
    else:
        start = end = None
    return Together(mine, other, board, alight, start, end)


def _apart(alight: int | None, board: int | None) -> bool:
    """Whether one is known to have left before, or where, the other boarded."""
    return alight is not None and board is not None and alight <= board


def _joint_start(mine: Leg, other: Leg) -> int | None:
    """Of the one who boarded last. Between known stops the order tells who that was, even where it
    is not known when the other did.
    """
    if mine.board is None or other.board is None or mine.board == other.board:
        return _later(mine.start, other.start)
    return mine.start if mine.board > other.board else other.start


def _joint_end(mine: Leg, other: Leg) -> int | None:
    if mine.alight is None or other.alight is None or mine.alight == other.alight:
        return _earlier(mine.end, other.end)
    return mine.end if mine.alight < other.alight else other.end


def _reused(mine: Leg, other: Leg, focus: Focus, kind: str | None) -> Together | None:
    after = mine.alight is not None and other.board is not None and other.board >= mine.alight
    if not after or same_seat(mine.seat, other.seat, kind) is not True or outside(mine, focus):
        return None
    return Together(mine, other, other.board, other.alight, other.start, other.end, reused=True)


def outside(mine: Leg, focus: Focus) -> bool:
    """Whether the case's own leg lies outside the window for sure."""
    before = mine.end is not None and mine.end <= focus.start
    after = mine.start is not None and mine.start >= focus.end
    return before or after


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _earlier(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)


def meetings(pairs: Iterable[tuple[Asked, Together]], rules: Iterable[Rule]) -> list[Met]:
    """Of one person with the case, on any runs: by each rule that is or may be satisfied, through
    what. Where it is satisfied, times that only may count are told beside those that do.
    """
    told = list(pairs)
    found: list[Met] = []
    for rule in rules:
        possible = [
            met
            for asked, one in told
            if rule.id in asked.fitting and (met := _met(asked, one, rule)) is not None
        ]
        for_sure = _adds_up(rule, [one for one in possible if not one.open])
        if for_sure or _adds_up(rule, possible):
            found += [replace(one, satisfied=for_sure and not one.open) for one in possible]
    return found


def _adds_up(rule: Rule, met: list[Met]) -> bool:
    if rule.minutes is None or not met:
        return bool(met)
    spans = [one.together for one in met]
    timed = [(one.start, one.end) for one in spans if one.start is not None and one.end is not None]
    return len(timed) < len(spans) or enough(rule.minutes, timed)


def _met(asked: Asked, one: Together, rule: Rule) -> Met | None:
    """None: a condition is known not to hold, or an exemption is known to."""
    seat = rule.ride or RideRule(everyone=True)
    if one.reused and not seat.reused:
        return None
    sitting = _sitting(seat, one)
    if sitting is False:
        return None
    overlap = _overlap(asked, one)
    verdicts: dict[str, bool | None] = {str(f): met for f, met in judge(rule, overlap).items()}
    verdicts |= _vehicle(seat, asked.run, one.mine)
    if sitting is None:
        verdicts |= dict.fromkeys(_unseated(one), None)
    if not one.mine.aboard or one.mine.board is None or one.mine.alight is None:
        verdicts[RideFact.CASE_RIDE] = None
    if not one.other.aboard or one.other.board is None or one.other.alight is None:
        verdicts[RideFact.CONTACT_RIDE] = None
    if one.mine.assumed and not rule.accepts_assumed:
        verdicts[RideFact.CASE_RIDE] = None
    if one.other.assumed and not rule.accepts_assumed:
        verdicts[RideFact.CONTACT_RIDE] = None
    if asked.run.kind is None:
        verdicts = {f: met for f, met in verdicts.items() if f != Fact.SETTING}
        verdicts[RideFact.SERVICE] = None
    elif one.seconds is None:
        verdicts[RideFact.TIMETABLE] = None
    stated = {e.id: exempt(e, overlap, asked.doses, asked.disease) for e in rule.exemptions}
    if all_of(verdicts.values()) is False or True in stated.values():
        return None
    return Met(
        asked.run,
        rule,
        one,
        tuple(sorted(str(fact) for fact, met in verdicts.items() if met is None)),
        tuple(sorted(f"{key}_unknown" for key, met in stated.items() if met is None)),
    )


def _sitting(seat: RideRule, one: Together) -> bool | None:
    """Whether any of the seats (bays, staff) that the rule names is meant."""
    if one.reused or seat.everywhere:
        return True
    mine, other = one.mine.spot, one.other.spot
    crew = one.mine.crew or one.other.crew
    asked: list[bool | None] = []
    if seat.staff_of_zone and crew:
        asked.append(_of_zone(one))
    if seat.same_carriage:
        asked.append(same_carriage(mine, other))
    if not crew:
        if seat.rows is not None:
            asked.append(within_rows(mine, other, seat.rows))
        if seat.around is not None:
            asked.append(around(mine, other, seat.around))
        if seat.adjacent_bays:
            asked.append(within_bays(mine, other, 1))
        if seat.same_compartment:
            asked.append(within_bays(mine, other, 0))
    return any_of(asked)


def _of_zone(one: Together) -> bool | None:
    mine, other = one.mine.seat.zone, one.other.seat.zone
    if mine and other:
        return mine == other
    return same_carriage(one.mine.spot, one.other.spot) if one.mine.spot.carriage else None


def _unseated(one: Together) -> list[RideFact]:
    """Whose seat is not known well enough; where both are named, the plan does not tell."""
    unknown = [
        doubt
        for doubt, leg in ((RideFact.CASE_SEAT, one.mine), (RideFact.CONTACT_SEAT, one.other))
        if not leg.seat.named or leg.spot.carriage is None or leg.spot.wrong
    ]
    return unknown or [RideFact.CASE_SEAT]


def _vehicle(seat: RideRule, run: Run, mine: Leg) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    if seat.sealed is not None:
        found[RideFact.SEALED] = None if run.sealed is None else run.sealed is seat.sealed
    if seat.hepa is not None:
        found[RideFact.HEPA] = None if run.hepa is None else run.hepa is seat.hepa
    if seat.trip_hours is not None:
        length = None if mine.start is None or mine.end is None else mine.end - mine.start
        found[RideFact.TRIP] = None if length is None else length >= seat.trip_hours * 3600
    return found


def _overlap(asked: Asked, one: Together) -> Overlap:
    focus = asked.focus
    kind = asked.run.kind
    return Overlap(
        focus=focus,
        other=one.other.person,
        kind="ride",
        start=one.start if one.start is not None else focus.start,
        end=one.end if one.end is not None else focus.end,
        certainty="recorded",
        setting=None if kind is None else SERVICE_KINDS[kind][0],
        other_batch=one.other.batch,
        other_row=one.other.row,
        case_role="crew" if one.mine.crew else "passenger",
        contact_role="crew" if one.other.crew else "passenger",
        focus_batch=one.mine.batch,
        focus_row=one.mine.row,
        place=None,
        zone=one.mine.seat.zone,
    )
