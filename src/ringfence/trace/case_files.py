"""What is known of a case: who, how classified, and when things happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from ringfence.engines.question import Engine
from ringfence.errors import DataError, NotAllowed, NotFound

PROVISIONAL = frozenset({"suspected", "probable"})
_SYMPTOM_EVENTS = frozenset({"onset", "rash", "cough"})
_SURENESS = ("suspected", "probable", "confirmed")
_OF_A_CASE = ("case", "subject", "disease", "classification", "symptomatic", "jurisdiction")
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

    `symptomatic` None: not known. `contradicted`: columns in which sources contradict each other.
    """

    case: str
    subject: str
    disease: str
    classification: str
    symptomatic: bool | None
    jurisdiction: str | None
    events: Mapping[str, Moment]
    symptoms: tuple[Symptom, ...]
    contradicted: frozenset[str] = frozenset()

    @property
    def ended(self) -> bool:
        """Whether the case turned out to be none."""
        return self.classification == "discarded" or "withdrawn" in self.events

    @property
    def provisional(self) -> bool:
        return self.classification in PROVISIONAL


def read_cases(engine: Engine, cases: Sequence[str]) -> tuple[CaseFile, ...]:
    """The case files in the order asked for.

    NotFound: no such case. NotAllowed: discarded or withdrawn. DataError: sources name different
    persons.
    """
    known = known_cases(engine, cases)
    for case in cases:
        if case not in known:
            raise NotFound(
                en=f"no case {case} is known in this home as of the time asked for",
                zh=f"截至所询时间，本系统中没有病例 {case}",
            )
        _refuse_contradicted(known[case])
        if known[case].ended:
            raise NotAllowed(
                en=f"case {case} was discarded or withdrawn: only a case can be traced",
                zh=f"病例 {case} 已被排除或撤销：只能对病例进行溯源追踪",
            )
    return tuple(known[case] for case in cases)


def known_cases(engine: Engine, cases: Sequence[str] | None = None) -> dict[str, CaseFile]:
    """The files of all cases, or of those of `cases` that are known, whatever became of them."""
    told = _grouped(engine.rows("case", "case", cases), "case")
    subjects = None if cases is None else sorted({r["subject"] for t in told.values() for r in t})
    others = engine.rows("case", "subject", subjects)
    siblings = defaultdict(set)
    for row in others.to_pylist():
        siblings[row["subject"]].add(row["case"])
    every = None if cases is None else sorted({c for found in siblings.values() for c in found})
    events = _grouped(engine.rows("case_event", "case", every), "case")
    symptoms = _grouped(engine.rows("symptom", "subject", subjects), "subject")
    tests = _grouped(engine.rows("test", "subject", subjects), "subject")
    files = {}
    for case, rows in told.items():
        one = _one(rows)
        subject = one["subject"]
        earlier = [row for c in siblings[subject] - {case} for row in events[c]]
        since = _end_of_illness_before(events[case], earlier)
        files[case] = _case_file(
            one,
            events[case],
            [row for row in symptoms[subject] if since is None or row["start"] > since],
            [row for row in tests[subject] if since is None or row["sampled"] > since],
        )
    return files


def _refuse_contradicted(file: CaseFile) -> None:
    if "subject" in file.contradicted:
        raise DataError(
            en=f"sources name different persons as case {file.case}: withdraw the wrong batch",
            zh=f"各来源对病例 {file.case} 所指人员说法不一：请撤回有误的批次",
        )


def _end_of_illness_before(events: Sequence[Row], others: Iterable[Row]) -> datetime | None:
    """When the same person's last illness before this one was over: what was then is not of it."""
    begun = min((row["at"] for row in events), default=None)
    released = [row["at"] for row in others if row["kind"] == "released"]
    return max((at for at in released if begun is None or at <= begun), default=None)


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
        told["contradicted"],
    )


def _symptom(row: Row) -> Symptom:
    end = None if row["end"] is None else Moment(row["end"], row["end_precision"])
    return Symptom(Moment(row["start"], row["start_precision"]), end)


def _one(rows: Sequence[Row]) -> dict[str, Any]:
    """One record of what several sources tell, with the columns in which they contradict.

    Of contradicting classifications the least sure counts, and never `discarded` alone; whether
    there were symptoms is then unknown; of other values the first source's counts.
    """
    ordered = sorted(rows, key=lambda row: row["source"])
    told = {name: {row[name] for row in ordered} - {None} for name in _OF_A_CASE}
    one = {
        name: next((row[name] for row in ordered if row[name] is not None), None)
        for name in _OF_A_CASE
    }
    if len(told["symptomatic"]) > 1:
        one["symptomatic"] = None
    if len(told["classification"]) > 1:
        one["classification"] = (
            "suspected"
            if "discarded" in told["classification"]
            else min(told["classification"], key=_SURENESS.index)
        )
    one["contradicted"] = frozenset(name for name, values in told.items() if len(values) > 1)
    return one


def _grouped(rows: pa.Table, column: str) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows.to_pylist():
        groups[row[column]].append(row)
    return groups
