"""Cases that other channels brought to the home become cases of the server, as the lake goes on.

What a person decided here stands: a channel does not take back a withdrawal or a reclassification.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.errors import NotFound
from ringfence.identity import snapshot
from ringfence.lake import Home, live_batches
from ringfence.trace.case_files import CaseFile, known_cases
from ringfence_server.access import Acting
from ringfence_server.cases.changing import changed
from ringfence_server.cases.models import Case, LaboratoryResult, TakenUpTo
from ringfence_server.cases.records import case_row, owe_records
from ringfence_server.cases.words import OPEN
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox.delivering import SOURCE

_TAKING = 0x52_46_54_4B  # the database's lock of this work
_AT_ONCE = 2_000
_EVENTS = {"onset": "onset", "sampled": "sample", "reported": "report", "isolated": "isolated"}

_NO_TIMES: Mapping[str, object] = {
    **{f"{name}_at": None for name in _EVENTS},
    **{f"{name}_precision": "" for name in _EVENTS},
}


@dataclass(frozen=True)
class Taken:
    """How many cases are new, and how many were brought up to date."""

    new: int
    changed: int


def take_from_lake(home: Home, *, by: Acting | None, at: datetime) -> Taken:
    """All that the lake learnt since the last time. NotFound: no unit to give a case to.

    `by` None: the worker does it in its turn.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TAKING])
        mark, _ = TakenUpTo.objects.get_or_create(pk=1)
        known = snapshot(home, at)
        if known.sequence == mark.sequence:
            return Taken(0, 0)
        engine = SqlEngine(known)
        numbers = _touched(home, known, engine, mark.sequence)
        new = brought = 0
        for start in range(0, len(numbers), _AT_ONCE):
            some = known_cases(engine, numbers[start : start + _AT_ONCE])
            counted = _take(home, engine, list(some.values()), by, at)
            new, brought = new + counted.new, brought + counted.changed
        brought += _gone(engine, by, at)
        mark.sequence = known.sequence
        mark.save()
        return Taken(new, brought)


def _touched(home: Home, known: Snapshot, engine: SqlEngine, since: int) -> list[str]:
    """Numbers of the cases of which a batch that came since tells anything; all of them where
    batches were withdrawn or came back.
    """
    was, now = live_batches(home, since), live_batches(home, known.sequence)
    came = {one.batch for one in known.batches.values() if one.sequence > since}
    cases = engine.rows("case", "case", None)
    if was - now or (now - was) - came:
        return sorted(set(cases["case"].to_pylist()))
    fresh = pa.array(sorted(b for b in came if known.batches[b].source != SOURCE), pa.string())

    def of_fresh(table: str, column: str) -> set[str]:
        rows = cases if table == "case" else engine.rows(table, column, None)
        return set(rows.filter(pc.is_in(rows["batch"], value_set=fresh))[column].to_pylist())

    tables = {known.batches[batch].table for batch in fresh.to_pylist()}
    numbers = of_fresh("case", "case") if "case" in tables else set()
    numbers |= of_fresh("case_event", "case") if "case_event" in tables else set()
    told = set()
    for table in ("test", "symptom"):
        told |= of_fresh(table, "subject") if table in tables else set()
    if told:
        of_them = pc.is_in(cases["subject"], value_set=pa.array(sorted(told), pa.string()))
        numbers |= set(cases.filter(of_them)["case"].to_pylist())
    return sorted(numbers)


def _take(
    home: Home,
    engine: SqlEngine,
    files: Sequence[CaseFile],
    by: Acting | None,
    at: datetime,
) -> Taken:
    there = {
        case.number: case
        for case in Case.objects.select_for_update(of=("self",)).filter(
            number__in=[file.case for file in files]
        )
    }
    fresh = [file for file in files if file.case not in there]
    brought = sum(_bring(home, there[f.case], f, by, at) for f in files if f.case in there)
    units = _units(engine, fresh) if fresh else {}
    for file in fresh:
        unit, place_unknown = units[file.case]
        _make(file, unit, by, at, place_unknown=place_unknown)
    return Taken(len(fresh), brought)


def _make(
    file: CaseFile, unit: Unit, by: Acting | None, at: datetime, *, place_unknown: bool
) -> None:
    state = _state(file)
    case = Case(
        number=file.case,
        disease=file.disease,
        subject=file.subject,
        unit=unit,
        owner=unit,
        classification=file.classification,
        symptomatic=file.symptomatic,
        state=state,
        listed_at=file.events["report"].at if "report" in file.events else at,
        place_unknown=place_unknown,
        twin=state in OPEN and _other_open(file) is not None,
        by=None,
        at=at,
        **_times(file),
    )
    case.save()
    _keep_sample(case, file, at)
    after = {"classification": case.classification, "state": case.state}
    changed(case, "taken", by=by, at=at, before={}, after=after)


def _bring(home: Home, case: Case, file: CaseFile, by: Acting | None, at: datetime) -> bool:
    """Up to date with what channels say; whether anything differs."""
    times = _times(file)
    if case.by_id is None:
        times = {**_NO_TIMES, **times}
    before = {name: getattr(case, name) for name in (*times, "symptomatic")}
    stood = {"classification": case.classification, "state": case.state}
    for name, value in times.items():
        setattr(case, name, value)
    case.symptomatic = file.symptomatic
    if "report" in file.events:
        case.listed_at = file.events["report"].at
    if not case.changes.filter(kind__in=("reclassified", "withdrawn")).exists():
        _follow(case, file)
    after = {"classification": case.classification, "state": case.state}
    if after == stood and before == {name: getattr(case, name) for name in before}:
        return False
    case.save()
    _keep_sample(case, file, at)
    change, _ = changed(case, "taken", by=by, at=at, before=stood, after=after)
    if case.by_id is not None and after != stood:
        key = f"{case.number}/{change.pk}"
        owe_records(home, key, "case", [case_row(case)], by=by, at=at)
    return True


def _keep_sample(case: Case, file: CaseFile, at: datetime) -> None:
    """The laboratory record that stands behind the case, as its channel tells it now."""
    case.results.filter(by__isnull=True).delete()
    if "sample" in file.events:
        sample = file.events["sample"]
        LaboratoryResult.objects.get_or_create(
            case=case,
            sampled_at=sample.at,
            defaults={"sampled_precision": sample.precision, "result": "positive", "at": at},
        )


def _follow(case: Case, file: CaseFile) -> None:
    """What a person entered here is raised by a channel's result, never lowered by its opinion."""
    state = _state(file)
    if case.by_id is not None:
        if "sample" in file.events and not file.ended:
            case.classification, case.state = "confirmed", "traceable"
            case.provisional_until = None
        return
    if state == "entered" and case.state in ("provisional", "lapsed"):
        return
    case.classification, case.state = file.classification, state
    case.provisional_until = None
    if state in OPEN and not case.twin:
        case.twin = _other_open(file) is not None


def _gone(engine: SqlEngine, by: Acting | None, at: datetime) -> int:
    """Cases that a channel brought and that no batch tells of any more are withdrawn."""
    told = set(engine.rows("case", "case", None)["case"].to_pylist())
    ours = Case.objects.filter(by__isnull=True, state__in=OPEN)
    gone = [one for one in ours.values_list("number", flat=True) if one not in told]
    for case in Case.objects.select_for_update(of=("self",)).filter(number__in=gone):
        before = {"state": case.state}
        case.state, case.provisional_until = "withdrawn", None
        case.save()
        changed(case, "taken", by=by, at=at, before=before, after={"state": case.state})
    return len(gone)


def _state(file: CaseFile) -> str:
    if "withdrawn" in file.events:
        return "withdrawn"
    if file.classification == "discarded":
        return "discarded"
    confirmed = file.classification == "confirmed" and "sample" in file.events
    return "traceable" if confirmed else "entered"


def _times(file: CaseFile) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, kind in _EVENTS.items():
        if kind in file.events:
            moment = file.events[kind]
            told |= {f"{name}_at": moment.at, f"{name}_precision": moment.precision}
    return told


def _other_open(file: CaseFile) -> Case | None:
    return (
        Case.objects.filter(disease=file.disease, subject=file.subject, state__in=OPEN, twin=False)
        .exclude(number=file.case)
        .first()
    )


def _units(engine: SqlEngine, files: Iterable[CaseFile]) -> Mapping[str, tuple[Unit, bool]]:
    """Of the case's jurisdiction, or the person's grid; else the top unit, and that it is not
    known.
    """
    files = list(files)
    rows = engine.rows("subject", "subject", sorted({file.subject for file in files}))
    grids = {row["subject"]: row["grid"] for row in rows.to_pylist() if row["grid"] is not None}
    codes = {file.jurisdiction for file in files} | set(grids.values())
    named = Unit.objects.in_bulk([code for code in codes if code])
    top = Unit.objects.filter(parent__isnull=True).order_by("code").first()
    if top is None:
        raise NotFound(
            "no jurisdictions are loaded yet: a case belongs to a unit",
            "尚未导入管辖区划：病例须归属某一单位",
        )
    found: dict[str, tuple[Unit, bool]] = {}
    for file in files:
        unit = named.get(file.jurisdiction or "") or named.get(grids.get(file.subject, ""))
        found[file.case] = (unit or top, unit is None)
    return found
