"""What is known of a case: who, how classified, and when things happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.engines.question import Engine
from ringfence.errors import NotAllowed, NotFound

PROVISIONAL = frozenset({"suspected", "probable"})
_SYMPTOM_EVENTS = frozenset({"onset", "rash", "cough"})
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Moment:
    """An instant in UTC and how precisely it is known (day, minute, instant)."""

    at: datetime
    precision: str


@dataclass(frozen=True)
class Symptom:
    """`end` None: not known to have ended."""

    start: Moment
    end: Moment | None


@dataclass(frozen=True)
class CaseFile:
    """One case. `events`: the earliest known time of each kind; `sample`: first positive.

    `symptomatic` None: not known.
    """

    case: str
    subject: str
    disease: str
    classification: str
    symptomatic: bool | None
    jurisdiction: str | None
    events: Mapping[str, Moment]
    symptoms: tuple[Symptom, ...]

    @property
    def provisional(self) -> bool:
        return self.classification in PROVISIONAL


def read_cases(engine: Engine, cases: Sequence[str]) -> tuple[CaseFile, ...]:
    """The case files in the order asked for. NotFound: no such case. NotAllowed: withdrawn."""
    told = _grouped(engine.rows("case", "case", cases).to_pylist(), "case")
    events = _grouped(engine.rows("case_event", "case", cases).to_pylist(), "case")
    for case in cases:
        if case not in told:
            raise NotFound(
                en=f"no case {case} is known in this home as of the time asked for",
                zh=f"截至所询时间，本系统中没有病例 {case}",
            )
    subjects = [_one(told[case])["subject"] for case in cases]
    symptoms = _grouped(engine.rows("symptom", "subject", subjects).to_pylist(), "subject")
    tests = _grouped(engine.rows("test", "subject", subjects).to_pylist(), "subject")
    files = tuple(
        _case_file(_one(told[case]), events[case], symptoms[subject], tests[subject])
        for case, subject in zip(cases, subjects, strict=True)
    )
    for file in files:
        _refuse_ended(file)
    return files


def _refuse_ended(file: CaseFile) -> None:
    if file.classification == "discarded" or "withdrawn" in file.events:
        raise NotAllowed(
            en=f"case {file.case} was discarded or withdrawn: only a case can be traced",
            zh=f"病例 {file.case} 已被排除或撤销：只能对病例进行溯源追踪",
        )


def _case_file(
    told: Row, events: Sequence[Row], symptoms: Sequence[Row], tests: Sequence[Row]
) -> CaseFile:
    known: dict[str, Moment] = {}
    for row in sorted(events, key=lambda row: (row["at"], row["source"])):
        known.setdefault(row["kind"], Moment(row["at"], row["precision"]))
    positives = sorted(
        (
            Moment(row["sampled"], row["sampled_precision"])
            for row in tests
            if row["result"] == "positive"
        ),
        key=lambda moment: moment.at,
    )
    if positives:
        known["sample"] = positives[0]
    felt = tuple(_symptom(row) for row in sorted(symptoms, key=lambda row: row["start"]))
    if felt:
        known.setdefault("onset", felt[0].start)
    symptomatic = told["symptomatic"]
    if symptomatic is None and (felt or _SYMPTOM_EVENTS & set(known)):
        symptomatic = True
    return CaseFile(
        told["case"],
        told["subject"],
        told["disease"],
        told["classification"],
        symptomatic,
        told["jurisdiction"],
        known,
        felt,
    )


def _symptom(row: Row) -> Symptom:
    end = None if row["end"] is None else Moment(row["end"], row["end_precision"])
    return Symptom(Moment(row["start"], row["start_precision"]), end)


def _one(rows: Sequence[Row]) -> Row:
    """One record of what several sources tell: agreed values, else the first source's."""
    ordered = sorted(rows, key=lambda row: row["source"])
    one = dict(ordered[0])
    for name in one:
        one[name] = next((row[name] for row in ordered if row[name] is not None), None)
    told = {row["symptomatic"] for row in ordered} - {None}
    if len(told) > 1:
        one["symptomatic"] = None
    return one


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups
