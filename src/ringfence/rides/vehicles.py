"""Whom the focuses of a question may have exposed in vehicles: rows of ANSWER, as of stays.

A vehicle is a place that moves: who was in it at one time met, and its air lingers where a rule
says so. Its setting is a car's; nothing tells roles or masks in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ringfence.engines.question import Engine, Focus, Question, about_persons
from ringfence.engines.reference.judging import Judged, answer_rows, judged
from ringfence.engines.reference.overlaps import Overlap
from ringfence.protocols.model import Rule
from ringfence.records.vocabularies import Setting
from ringfence.rides.doses import doses_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Seated:
    """One row of `occupancy`; epoch seconds, `end` as-of where it is not over."""

    person: str
    vehicle: str
    start: int
    end: int
    batch: str
    row: int


def vehicle_rows(engine: Engine, question: Question) -> list[dict[str, Any]]:
    """Rows of ANSWER of kind `occupancy`; `place` is the key of the vehicle."""
    rules = [r for r in question.protocol.of_order(question.order) if "occupancy" in r.evidence]
    if not rules:
        return []
    focuses = about_persons(question, engine.snapshot.persons).focuses
    people = sorted({focus.subject for focus in focuses})
    own = _seated(engine, engine.rows("occupancy", "subject", people).to_pylist())
    if not own:
        return []
    vehicles = sorted({one.vehicle for one in own})
    within: defaultdict[str, list[_Seated]] = defaultdict(list)
    for one in _seated(engine, engine.rows("occupancy", "vehicle", vehicles).to_pylist()):
        within[one.vehicle].append(one)
    doses = doses_of(engine, {one.person for told in within.values() for one in told}, rules)
    of_person: defaultdict[str, list[_Seated]] = defaultdict(list)
    for one in own:
        of_person[one.person].append(one)
    found: list[dict[str, Any]] = []
    for focus in focuses:
        for rule in rules:
            pairs: defaultdict[str, list[Judged]] = defaultdict(list)
            for overlap in _overlaps(focus, of_person[focus.subject], within, rule):
                told = judged(rule, overlap, doses, question.protocol.disease)
                if told is not None:
                    pairs[overlap.other].append(told)
            found += [row for possible in pairs.values() for row in answer_rows(rule, possible)]
    return found


def _seated(engine: Engine, rows: Iterable[Row]) -> list[_Seated]:
    as_of = int(engine.snapshot.as_of.timestamp())
    found = []
    for row in rows:
        start = int(row["start"].timestamp())
        end = as_of if row["end"] is None else min(int(row["end"].timestamp()), as_of)
        if start < end:
            batch, number = row["batch"], row["source_row"]
            found.append(_Seated(row["subject"], row["vehicle"], start, end, batch, number))
    return found


def _overlaps(
    focus: Focus, own: Iterable[_Seated], within: Mapping[str, Collection[_Seated]], rule: Rule
) -> Iterator[Overlap]:
    for mine in own:
        start, left = max(mine.start, focus.start), min(mine.end, focus.end)
        if start >= left:
            continue
        for other in within[mine.vehicle]:
            since, until = max(start, other.start), min(left + rule.lag_minutes * 60, other.end)
            if other.person != focus.subject and since < until:
                yield _overlap(focus, mine, other, (since, until))


def _overlap(focus: Focus, mine: _Seated, other: _Seated, span: tuple[int, int]) -> Overlap:
    return Overlap(
        focus=focus,
        other=other.person,
        kind="occupancy",
        start=span[0],
        end=span[1],
        certainty="recorded",
        setting=Setting.CAR,
        other_batch=other.batch,
        other_row=other.row,
        case_role=None,
        contact_role=None,
        focus_batch=mine.batch,
        focus_row=mine.row,
        place=mine.vehicle,
    )
