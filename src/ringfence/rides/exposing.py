"""Whom the focuses of a question may have exposed on their rides: rows of ANSWER, as of stays.

Engines find stays, encounters and links; seats are judged here, and so alike for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from ringfence.engines.question import Engine, Focus, Question, about_persons
from ringfence.records.vocabularies import CERTAINTIES, SERVICE_KINDS
from ringfence.rides.aboard import legs_aboard
from ringfence.rides.catalogue import layouts
from ringfence.rides.doses import doses_of
from ringfence.rides.judging import Asked, Met, Together, fitting, meetings, together
from ringfence.rides.legs import Leg
from ringfence.rides.runs import Run, runs_named, span_of
from ringfence.rides.spots import Seat

Row = Mapping[str, Any]

_WEAKEST_FIRST = [grade for grade in reversed(CERTAINTIES) if grade != "denied"]


@dataclass(frozen=True)
class _Aboard:
    """Everybody on one run, by person."""

    run: Run
    span: tuple[int, int] | None
    legs: Mapping[str, Sequence[Leg]]


def ride_rows(engine: Engine, question: Question) -> list[dict[str, Any]]:
    """Rows of ANSWER of kind `ride`; `place` is the run's key, `zone` the seat of the focus.

    Where it is not known when two were aboard, `start` and `end` are as wide as it may have been.
    """
    rules = [rule for rule in question.protocol.of_order(question.order) if "ride" in rule.evidence]
    if not rules:
        return []
    focuses = about_persons(question, engine.snapshot.persons).focuses
    rides = engine.rows("ride", "subject", sorted({focus.subject for focus in focuses}))
    if not rides.num_rows:
        return []
    runs = _aboard(engine, focuses, set(rides["service"].to_pylist()))
    doses = doses_of(engine, {who for aboard in runs for who in aboard.legs}, rules)
    found: list[dict[str, Any]] = []
    for focus in focuses:
        mine = [aboard for aboard in runs if focus.subject in aboard.legs]
        own = [aboard for aboard in mine if _clipped(aboard.span, focus)]
        of_person: defaultdict[str, list[tuple[Asked, Together]]] = defaultdict(list)
        for aboard in own:
            fit = fitting(aboard.run, rules)
            asked = Asked(aboard.run, focus, question.protocol.disease, doses, fit)
            for other, met in _together(aboard, focus):
                of_person[other].append((asked, met))
        spans = {aboard.run.keys[0]: aboard.span for aboard in own}
        for pairs in of_person.values():
            found += [_row(focus, met, spans) for met in meetings(pairs, rules)]
    return found


def _aboard(engine: Engine, focuses: Sequence[Focus], keys: Set[str]) -> list[_Aboard]:
    """The runs of these keys on which any of the focuses may have exposed somebody."""
    zone = engine.snapshot.zone
    spans = [(run, span_of(run, zone)) for run in runs_named(engine, keys)]
    runs = [(run, span) for run, span in spans if any(_clipped(span, f) for f in focuses)]
    legs = legs_aboard(engine, [run for run, _ in runs], layouts(engine.snapshot.layouts))
    found = []
    for (run, span), told in zip(runs, legs, strict=True):
        of_person: defaultdict[str, list[Leg]] = defaultdict(list)
        for leg in told:
            of_person[leg.person].append(leg)
        found.append(_Aboard(run, span, of_person))
    return found


def _clipped(span: tuple[int, int] | None, focus: Focus) -> tuple[int, int] | None:
    if span is None:
        return focus.start, focus.end
    start, end = max(span[0], focus.start), min(span[1], focus.end)
    return (start, end) if start < end else None


def _together(aboard: _Aboard, focus: Focus) -> Iterator[tuple[str, Together]]:
    mine = aboard.legs[focus.subject]
    for other, legs in aboard.legs.items():
        if other == focus.subject:
            continue
        for leg in legs:
            for own in mine:
                met = together(own, leg, focus, aboard.run.kind)
                if met is not None:
                    yield other, met


def _row(focus: Focus, met: Met, spans: Mapping[str, tuple[int, int] | None]) -> dict[str, Any]:
    one, run = met.together, met.run
    start, end = one.start, one.end
    if start is None or end is None:
        start, end = _clipped(spans[run.keys[0]], focus) or (focus.start, focus.end)
    return {
        "focus": focus.number,
        "other": one.other.person,
        "rule": met.rule.id,
        "satisfied": met.satisfied,
        "kind": "ride",
        "setting": None if run.kind is None else str(SERVICE_KINDS[run.kind][0]),
        "place": run.keys[0],
        "zone": None if one.mine.seat == Seat() else one.mine.seat.label,
        "start": start,
        "end": end,
        "certainty": min(one.mine.certainty, one.other.certainty, key=_WEAKEST_FIRST.index),
        "open": list(met.open),
        "flags": list(met.flags),
        "stay_start": None,
        "focus_batch": one.mine.batch,
        "focus_row": one.mine.row,
        "other_batch": one.other.batch,
        "other_row": one.other.row,
    }
