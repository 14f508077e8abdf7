"""The rings of several cases made one list: each person once, with each case's evidence kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringfence.engines.persons import Persons, subjects_of
from ringfence.engines.snapshot import Batch
from ringfence.protocols.model import Outcome, Protocol
from ringfence.trace.measures import ordered, release_date
from ringfence.trace.result import Contact, Evidence, RecordRow
from ringfence.trace.seeds import instant

_GRAVITY = {outcome: position for position, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Exposure:
    """One listed row of ANSWER, with the case it belongs to and the contact it came through."""

    case: str
    via: str | None
    order: int
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Setup:
    """What is the same for every contact of a trace."""

    protocol: Protocol
    batches: Mapping[str, Batch]
    zone: str
    as_of: int
    provisional: frozenset[str]
    case_subjects: Mapping[str, str]
    known_cases: frozenset[str]
    persons: Persons | None = None


def contacts(
    exposures: Iterable[Exposure], doubtful: Iterable[Exposure], setup: Setup
) -> tuple[Contact, ...]:
    """One contact a person, gravest class and first priority first."""
    of_person: defaultdict[str, list[Exposure]] = defaultdict(list)
    for exposure in exposures:
        of_person[exposure.row["other"]].append(exposure)
    in_doubt: defaultdict[str, list[Exposure]] = defaultdict(list)
    for exposure in doubtful:
        in_doubt[exposure.row["other"]].append(exposure)
    rows = _Rows(setup.batches)
    made = [
        _contact(person, found, in_doubt.get(person, ()), setup, rows)
        for person, found in of_person.items()
    ]
    made.sort(key=lambda c: (c.order, _GRAVITY[c.outcome], c.priority, c.first_exposure, c.person))
    return tuple(made)


def gravity(outcome: Outcome) -> int:
    """Position of a class, gravest (0) first."""
    return _GRAVITY[outcome]


def _contact(
    person: str,
    found: Sequence[Exposure],
    doubtful: Sequence[Exposure],
    setup: Setup,
    rows: _Rows,
) -> Contact:
    found = sorted(found, key=_place_in_list) if len(found) > 1 else found
    order = min(exposure.order for exposure in found)
    nearest = [exposure for exposure in found if exposure.order == order]
    rules = [setup.protocol.rule(exposure.row["rule"]) for exposure in nearest]
    outcome = min((rule.outcome for rule in rules), key=gravity)
    decisive = [e for e, rule in zip(nearest, rules, strict=True) if rule.outcome is outcome]
    last = max(exposure.row["end"] for exposure in nearest)
    cases = tuple(sorted({exposure.case for exposure in found}))
    measures = ordered(setup.protocol, outcome, instant(last), setup.zone)
    first = nearest[0]
    path = (setup.case_subjects[first.case], *((first.via,) if first.via else ()), person)
    return Contact(
        person=person,
        subjects=subjects_of(setup.persons, person),
        cases=cases,
        order=order,
        outcome=outcome,
        priority=min(rule.priority for rule in rules),
        provisional=all(exposure.case in setup.provisional for exposure in decisive),
        path=path,
        first_exposure=instant(min(exposure.row["start"] for exposure in nearest)),
        last_exposure=instant(last),
        minutes=union_seconds(
            (e.row["start"], e.row["end"]) for e in nearest if e.row["kind"] != "link"
        )
        / 60,
        settings=tuple(sorted({e.row["setting"] for e in nearest if e.row["setting"]})),
        rules=tuple(sorted({rule.id for rule in rules})),
        flags=_flags(person, nearest, last, setup, later=_later(doubtful, order, last)),
        measures=measures,
        release_date=release_date(measures, setup.protocol),
        evidence=tuple(_evidence(exposure, rows) for exposure in found),
    )


def _place_in_list(exposure: Exposure) -> tuple[Any, ...]:
    row = exposure.row
    return (
        exposure.order,
        row["start"],
        row["end"],
        exposure.case,
        exposure.via or "",
        row["rule"],
        row["other_batch"],
        row["other_row"],
        row["focus_batch"] or "",
        row["focus_row"] or 0,
    )


def _flags(
    person: str, nearest: Sequence[Exposure], last: int, setup: Setup, *, later: bool
) -> tuple[str, ...]:
    flags = {flag for exposure in nearest for flag in exposure.row["flags"]}
    if person in setup.known_cases:
        flags.add("known_case")
    if last >= setup.as_of:
        flags.add("exposure_ongoing")
    if later:
        flags.add("later_exposure_unknown")
    return tuple(sorted(flags))


def _later(doubtful: Iterable[Exposure], order: int, last: int) -> bool:
    """Whether an exposure as near, once what is open is known, may turn out to be the last."""
    return any(e.order == order and e.row["end"] > last for e in doubtful)


def union_seconds(intervals: Iterable[tuple[int, int]]) -> int:
    """Length of the union of half-open intervals: the same moment counts once."""
    covered, reached = 0, None
    for start, end in sorted(intervals):
        if reached is None or start > reached:
            covered += end - start
            reached = end
        elif end > reached:
            covered += end - reached
            reached = end
    return covered


class _Rows:
    """Rows of records as evidence names them; the stay of a case is behind many names."""

    def __init__(self, batches: Mapping[str, Batch]) -> None:
        self._batches = batches
        self._made: dict[tuple[str, str, int], RecordRow] = {}

    def named(self, of: str, batch: str, number: int) -> RecordRow:
        key = (of, batch, number)
        row = self._made.get(key)
        if row is None:
            row = self._made[key] = RecordRow(of, self._batches[batch].source, batch, number)
        return row


def _evidence(exposure: Exposure, rows: _Rows) -> Evidence:
    row = exposure.row
    told: tuple[RecordRow, ...] = (rows.named("contact", row["other_batch"], row["other_row"]),)
    if row["focus_batch"] is not None:
        mine = "case" if exposure.via is None else "via"
        told = (rows.named(mine, row["focus_batch"], row["focus_row"]), *told)
    return Evidence(
        case=exposure.case,
        via=exposure.via,
        kind=row["kind"],
        setting=row["setting"],
        place=row["place"],
        zone=row["zone"],
        start=instant(row["start"]),
        end=instant(row["end"]),
        minutes=None if row["kind"] == "link" else (row["end"] - row["start"]) / 60,
        rule=row["rule"],
        certainty=row["certainty"],
        rows=told,
    )
