"""Reclassifying and withdrawing a case, and mending its times: what rests on it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from ringfence.errors import DataError, NotAllowed, Text
from ringfence.lake import Home
from ringfence.records.vocabularies import CLASSIFICATIONS
from ringfence_server.access import Acting
from ringfence_server.cases.changing import Done, changed, check_reason, held
from ringfence_server.cases.entering import columns_of
from ringfence_server.cases.models import Case
from ringfence_server.cases.moments import When, doubts_of
from ringfence_server.cases.records import case_row, event_rows, owe_records
from ringfence_server.cases.refusals import Doubtful, FieldErrors
from ringfence_server.cases.words import EVENT_OF, OPEN

RIGHT = "case.withdraw"


def reclassify(
    *,
    home: Home,
    number: str,
    classification: str,
    reason: str,
    by: Acting,
    at: datetime,
    seen: int | None = None,
) -> Done:
    if classification not in CLASSIFICATIONS:
        raise FieldErrors({"classification": Text("choose one of the list", "请从列表中选择")})
    check_reason(reason)
    try:
        with transaction.atomic():
            case = held(by, number, RIGHT, seen)
            _check(case, classification)
            before = {"classification": case.classification, "state": case.state}
            case.classification, case.state = classification, _state_of(classification)
            case.provisional_until, case.round = None, case.round + 1
            case.save()
            after = {"classification": case.classification, "state": case.state}
            change, notices = changed(
                case, "reclassified", by=by, at=at, before=before, after=after, reason=reason
            )
            key = f"{case.number}/{change.pk}"
            owe_records(home, key, "case", [case_row(case)], by=by, at=at)
    except IntegrityError:
        raise DataError(
            "there is another open case of this person by now", "此人已另有未结病例"
        ) from None
    return Done(number, notices)


def withdraw(
    *, home: Home, number: str, reason: str, by: Acting, at: datetime, seen: int | None = None
) -> Done:
    check_reason(reason)
    with transaction.atomic():
        case = held(by, number, RIGHT, seen)
        _refuse_withdrawn(case)
        before = {"state": case.state}
        case.state, case.provisional_until = "withdrawn", None
        case.save()
        change, notices = changed(
            case,
            "withdrawn",
            by=by,
            at=at,
            before=before,
            after={"state": case.state},
            reason=reason,
        )
        written = When(at, "instant").written(home.zone)
        event = {"case": case.number, "kind": "withdrawn", "at": written}
        owe_records(home, f"{case.number}/{change.pk}", "case_event", [event], by=by, at=at)
    return Done(number, notices)


def mend_times(
    *,
    home: Home,
    number: str,
    times: Mapping[str, When],
    reason: str,
    by: Acting,
    at: datetime,
    seen: int | None = None,
    looked_at: bool = False,
) -> Done:
    """Onset, report and isolation; when a sample was taken is told by its result."""
    check_reason(reason)
    with transaction.atomic():
        case = held(by, number, "case.write", seen)
        stands = times_of(case)
        told = {
            name: when
            for name, when in times.items()
            if name in EVENT_OF and when != stands.get(name)
        }
        if not told:
            raise DataError("no time differs from what is known", "时间与现有记录相同")
        notices = keep_times(home, case, told, reason=reason, by=by, at=at, looked_at=looked_at)
    return Done(number, notices)


def keep_times(
    home: Home,
    case: Case,
    told: Mapping[str, When],
    *,
    reason: str,
    by: Acting,
    at: datetime,
    looked_at: bool = False,
) -> tuple[Text, ...]:
    """Within the transaction of an act on a case that is held. Doubtful: seldom so."""
    _refuse_withdrawn(case)
    stands = times_of(case)
    doubts = doubts_of({**stands, **told})
    if doubts and not looked_at:
        raise Doubtful(doubts)
    for name, value in columns_of(told).items():
        setattr(case, name, value)
    if "reported" in told:
        case.listed_at = told["reported"].at
    case.save()
    change, notices = changed(
        case,
        "times",
        by=by,
        at=at,
        before=_shown(stands, home.zone),
        after=_shown({**stands, **told}, home.zone),
        reason=reason,
    )
    rows = event_rows(case.number, told, home.zone)
    owe_records(home, f"{case.number}/{change.pk}", "case_event", rows, by=by, at=at)
    return notices


def times_of(case: Case) -> dict[str, When]:
    told = {}
    for name in ("onset", "sampled", "reported", "isolated"):
        at = getattr(case, f"{name}_at")
        if at is not None:
            told[name] = When(at, getattr(case, f"{name}_precision"))
    return told


def _shown(times: Mapping[str, When], zone: str) -> dict[str, str]:
    return {name: when.in_form(zone) for name, when in times.items()}


def _check(case: Case, classification: str) -> None:
    _refuse_withdrawn(case)
    if case.classification == classification and case.state in OPEN and case.state != "lapsed":
        raise DataError("it is classified so already", "当前分类与所选相同")
    if classification == "confirmed" and not case.results.filter(result="positive").exists():
        raise NotAllowed(
            "only a positive laboratory result confirms a case: record it first",
            "只有阳性实验室结果才能确诊：请先录入结果",
        )


def _refuse_withdrawn(case: Case) -> None:
    if case.state == "withdrawn":
        raise NotAllowed(
            "the case is withdrawn; enter a new one if it is one after all",
            "病例已撤销；如确属病例请重新录入",
        )


def _state_of(classification: str) -> str:
    if classification == "discarded":
        return "discarded"
    return "traceable" if classification == "confirmed" else "entered"
