"""A trajectory kept as JSON, and brought back for its views on another machine.

Rows stand once, in a list; what is made of them names them by number. What no view shows is left
out: symptoms, seats beyond their label, the home's other files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ringfence.engines.snapshot import Batch, Snapshot
from ringfence.errors import Text
from ringfence.movements.fusing import Movements, Person
from ringfence.movements.model import (
    Confidence,
    Conflict,
    ConflictKind,
    Episode,
    Gap,
    Reason,
    Sphere,
    Told,
    Where,
)
from ringfence.movements.questions import Question, QuestionKind
from ringfence.movements.reading import Ridden
from ringfence.movements.sites import Site
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.riding.kept import (
    kept_leg,
    kept_protocol,
    kept_run,
    leg_of,
    protocol_of,
    run_of,
)
from ringfence.trace.case_files import CaseFile, Moment

LONGEST = 20 * 366 * 86_400
"""Seconds that a page of days is drawn for."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Kept = dict[str, Any]


class _Rows:
    """Each row once, by number."""

    def __init__(self) -> None:
        self._numbers: dict[Told, int] = {}

    def number(self, one: Told) -> int:
        return self._numbers.setdefault(one, len(self._numbers))

    def numbers(self, rows: Iterable[Told]) -> list[int]:
        return [self.number(one) for one in rows]

    def kept(self) -> list[list[Any]]:
        return [
            [
                one.table,
                one.source,
                _where(one.where),
                one.start,
                one.end,
                one.certainty,
                one.batch,
                one.row,
                one.kind,
                one.detail,
                one.shift,
                one.alias,
            ]
            for one in self._numbers
        ]

    def files(self, known: Snapshot) -> dict[str, str]:
        batches = {one.batch for one in self._numbers} & known.batches.keys()
        return {batch: known.batches[batch].file_name for batch in sorted(batches)}


def kept(told: Trajectory) -> Kept:
    found, rows = told.movements, _Rows()
    person, known = found.person, told.known
    parts: Kept = {
        "as_of": known.as_of.isoformat(),
        "zone": known.zone,
        "synthetic": known.synthetic,
        "case": None if told.file is None else _file(told.file),
        "protocol": None if told.protocol is None else kept_protocol(told.protocol),
        "warnings": [list(warning) for warning in told.warnings],
        "person": [person.subject, person.start, person.end, person.window],
        "episodes": [_episode(one, rows) for one in found.episodes],
        "set_aside": [_episode(one, rows) for one in found.set_aside],
        "conflicts": [_conflict(one, rows) for one in found.conflicts],
        "gaps": [_gap(one) for one in found.gaps],
        "questions": [
            [one.kind.value, _where(one.where), one.number, one.start] for one in found.questions
        ],
        "rides": [
            [rows.number(one.told), one.run.keys[0], kept_leg(one.leg), one.status]
            for one in found.rides
        ],
        "facts": rows.numbers(found.facts),
        "sites": [list(vars(one).values()) for one in found.sites.values()],
        "runs": {key: kept_run(run) for key, run in found.runs.items()},
        "count": found.rows,
        "sources": list(found.sources),
    }
    return {**parts, "rows": rows.kept(), "files": rows.files(known)}


def trajectory_of_kept(told: Mapping[str, Any]) -> Trajectory:
    """AttributeError, IndexError, KeyError, TypeError, ValueError: it was not made by `kept`."""
    rows = [_row_of(*row) for row in told["rows"]]
    runs = {key: run_of(run) for key, run in told["runs"].items()}
    file = None if told["case"] is None else _file_of(told["case"])
    subject, start, end, window = told["person"]
    if not 0 < end - start <= LONGEST:
        raise ValueError
    span = None if window is None else (window[0], window[1])
    person = Person(subject, None if file is None else file.case, start, end, span)
    return Trajectory(
        _snapshot(told),
        Movements(
            person,
            tuple(_episode_of(rows, *one) for one in told["episodes"]),
            tuple(_episode_of(rows, *one) for one in told["set_aside"]),
            tuple(_conflict_of(rows, *one) for one in told["conflicts"]),
            tuple(_gap_of(*one) for one in told["gaps"]),
            tuple(_question_of(*one) for one in told["questions"]),
            tuple(
                Ridden(rows[row], runs[run], leg_of(leg), status)
                for row, run, leg, status in told["rides"]
            ),
            tuple(rows[number] for number in told["facts"]),
            {site[0]: Site(*site) for site in told["sites"]},
            runs,
            told["count"],
            tuple(told["sources"]),
        ),
        file,
        None if told["protocol"] is None else protocol_of(told["protocol"]),
        tuple(Text(en, zh) for en, zh in told["warnings"]),
    )


def _snapshot(told: Mapping[str, Any]) -> Snapshot:
    """Of what was known, when it was known and which files the rows came from."""
    return Snapshot(
        sequence=0,
        as_of=datetime.fromisoformat(told["as_of"]).astimezone(UTC),
        zone=told["zone"],
        jurisdiction="",
        synthetic=told["synthetic"],
        tables={},
        batches={
            batch: Batch(batch, 0, "", "", name, _LONG_AGO) for batch, name in told["files"].items()
        },
    )


def _where(where: Where | None) -> list[str] | None:
    return None if where is None else [where.sphere.value, where.key]


def _where_of(told: Sequence[str] | None) -> Where | None:
    return None if told is None else Where(Sphere(told[0]), told[1])


def _row_of(table: str, source: str, where: Sequence[str] | None, *rest: Any) -> Told:
    return Told(table, source, _where_of(where), *rest)


def _episode(one: Episode, rows: _Rows) -> list[Any]:
    times = [one.start, one.end, one.earliest, one.latest]
    return [_where(one.where), times, rows.numbers(one.told), one.confidence.value]


def _episode_of(
    rows: Sequence[Told],
    where: Sequence[str],
    times: Sequence[int],
    numbers: Sequence[int],
    confidence: str,
) -> Episode:
    there = Where(Sphere(where[0]), where[1])
    told = tuple(rows[number] for number in numbers)
    start, end, earliest, latest = times
    return Episode(there, start, end, earliest, latest, told, Confidence(confidence))


def _conflict(one: Conflict, rows: _Rows) -> list[Any]:
    sides = [rows.numbers(one.these), rows.numbers(one.those)]
    return [one.kind.value, sides, [one.likelier, list(one.reasons), one.figure]]


def _conflict_of(
    rows: Sequence[Told], kind: str, sides: Sequence[Sequence[int]], verdict: Sequence[Any]
) -> Conflict:
    these, those = (tuple(rows[number] for number in side) for side in sides)
    likelier, reasons, figure = verdict
    return Conflict(ConflictKind(kind), these, those, likelier, tuple(map(Reason, reasons)), figure)


def _gap(one: Gap) -> list[Any]:
    told = dict(vars(one))
    return [*(_where(told.pop(name)) for name in ("before", "after")), told]


def _gap_of(before: Sequence[str] | None, after: Sequence[str] | None, rest: Kept) -> Gap:
    return Gap(before=_where_of(before), after=_where_of(after), **rest)


def _question_of(
    kind: str, where: Sequence[str] | None, number: int | None, start: int | None
) -> Question:
    return Question(QuestionKind(kind), _where_of(where), number, start)


def _file(file: CaseFile) -> Kept:
    return {
        "case": file.case,
        "disease": file.disease,
        "classification": file.classification,
        "events": {kind: [one.at.isoformat(), one.precision] for kind, one in file.events.items()},
    }


def _file_of(told: Mapping[str, Any]) -> CaseFile:
    events = {
        kind: Moment(datetime.fromisoformat(at).astimezone(UTC), precision)
        for kind, (at, precision) in told["events"].items()
    }
    return CaseFile(
        case=told["case"],
        subject="",
        disease=told["disease"],
        classification=told["classification"],
        symptomatic=None,
        jurisdiction=None,
        events=events,
        symptoms=(),
    )
