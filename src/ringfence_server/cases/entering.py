"""Entering a case by a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from ringfence.errors import NotAllowed, Text
from ringfence.lake import Home
from ringfence.sources.keys import check_key, check_printable
from ringfence.sources.reasons import RefusedError
from ringfence_server.access import Acting
from ringfence_server.cases.changing import Done, changed
from ringfence_server.cases.diseases import check_disease
from ringfence_server.cases.laboratory import keep_result
from ringfence_server.cases.models import Assignment, Case
from ringfence_server.cases.moments import When, doubts_of
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.cases.persons import Person, checked, person_of
from ringfence_server.cases.records import case_row, event_rows, owe_records
from ringfence_server.cases.refusals import Doubtful, Exists, FieldErrors
from ringfence_server.cases.words import OPEN
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing

RIGHT = "case.enter"
_CONFIRMED_BY = Text(
    "a confirmed case needs its positive laboratory result, with the day of the sample",
    "确诊病例须有阳性实验室结果及采样时间",
)
_NOTHING_TOLD = Text(
    "Neither a person nor a time is told: nothing can be traced from this.",
    "既未填写人员，也未填写时间：无法据此追踪。",
)
_UNKNOWN = Text("choose one of the list", "请从列表中选择")
_NUMBERING = 0x52_46_43_4E  # the database's lock of the numbers of cases


@dataclass(frozen=True)
class Entry:
    """What the form says. `number`: empty, one is made. `person`: identity as it was typed.
    `positive`: the laboratory found the sample positive. `looked_at`: doubts were looked at.
    """

    disease: str
    unit: Unit
    classification: str
    symptomatic: bool | None
    times: Mapping[str, When] = field(default_factory=dict)
    person: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    positive: bool = False
    looked_at: bool = False


def enter(*, home: Home, entry: Entry, token: str, by: Acting, at: datetime) -> Done:
    """Exists: there is such a case; that somebody asked is in the audit."""
    if not by.may(RIGHT, entry.unit):
        raise NotAllowed("you may not enter cases of this unit", "您没有录入该辖区病例的权限")
    _check(home, entry)
    person = person_of(home, checked(home, entry.person, at), token, at)
    try:
        with transaction.atomic():
            return _enter(home, entry, person, token, by=by, at=at)
    except IntegrityError as fault:
        there = _existing(entry, person)
        if there is None:
            raise
        exists = _told_of(there)
        exists.__cause__ = fault
    except _There as there_is:
        there, exists = there_is.case, _told_of(there_is.case)
    with transaction.atomic():
        about = {"case": there.number, "owner": there.owner_id}
        auditing.told("case.exists", by=by.user.username, at=at, about=about)
    raise exists


def _enter(
    home: Home, entry: Entry, person: Person, token: str, *, by: Acting, at: datetime
) -> Done:
    once = begin_once(token, _content(entry), by=by, at=at)
    if once.answer is not None:
        return Done(once.answer["number"])
    if (there := _existing(entry, person)) is not None:
        raise _There(there)
    case = Case.objects.create(
        number=entry.number or _new_number(entry.unit, at, home.zone),
        disease=entry.disease,
        subject=person.subject,
        unit=entry.unit,
        owner=by.user.unit,
        classification="suspected" if entry.positive else entry.classification,
        symptomatic=entry.symptomatic,
        state="entered",
        listed_at=entry.times["reported"].at if "reported" in entry.times else at,
        by=by.user,
        at=at,
        **columns_of(entry.times),
    )
    after = {"classification": case.classification, "state": case.state}
    change, notices = changed(case, "entered", by=by, at=at, before={}, after=after)
    key = f"{case.number}/{change.pk}"
    grid = {"grid": case.unit_id} if case.unit.level == "grid" else {}
    subject = [{"subject": case.subject, **grid}]
    identity = [person.fields] if person.fields else ()
    owe_records(home, key, "subject", subject, by=by, at=at, identity=identity)
    owe_records(home, key, "case", [case_row(case)], by=by, at=at)
    events = event_rows(case.number, entry.times, home.zone)
    owe_records(home, key, "case_event", events, by=by, at=at)
    if entry.positive:
        sampled = entry.times["sampled"]
        notices += keep_result(home, case, sampled, "positive", by=by, at=at)
    _keep_in_reach(case, by, at)
    end_once(once, {"number": case.number})
    return Done(case.number, notices)


def columns_of(times: Mapping[str, When]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, when in times.items():
        told |= {f"{name}_at": when.at, f"{name}_precision": when.precision}
    return told


def _check(home: Home, entry: Entry) -> None:
    wrong: dict[str, Text] = {}
    if entry.classification not in ("suspected", "probable", "confirmed"):
        wrong["classification"] = _UNKNOWN
    if entry.classification == "confirmed" and not entry.positive:
        wrong["classification"] = _CONFIRMED_BY
    if entry.positive and "sampled" not in entry.times:
        wrong["sampled"] = Text("when was the sample taken?", "请填写采样时间")
    if entry.number:
        try:
            check_printable(entry.number)
            check_key(entry.number, identity_shapes=True)
        except RefusedError as refused:
            wrong["number"] = refused.reason
    if wrong:
        raise FieldErrors(wrong)
    check_disease(home, entry.disease)
    doubts = doubts_of(entry.times)
    if not entry.times and not any(entry.person.values()):
        doubts.append(_NOTHING_TOLD)
    if doubts and not entry.looked_at:
        raise Doubtful(doubts)


def _existing(entry: Entry, person: Person) -> Case | None:
    """A case of this number, or an open one of this person and disease, wherever it is."""
    if entry.number and (found := Case.objects.filter(number=entry.number).first()):
        return found
    return (
        Case.objects.filter(disease=entry.disease, subject__in=person.known_as, state__in=OPEN)
        .select_related("owner")
        .first()
    )


class _There(Exception):
    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case


def _told_of(case: Case) -> Exists:
    return Exists(case.owner.name("en"), case.owner.name("zh"))


def _new_number(unit: Unit, at: datetime, zone: str) -> str:
    """Unit, local day and a running number."""
    begins = f"{unit.code}-{at.astimezone(ZoneInfo(zone)):%Y%m%d}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_NUMBERING, begins])
    taken = Case.objects.filter(number__startswith=begins).values_list("number", flat=True)
    given = [int(tail) for one in taken if (tail := one.removeprefix(begins)).isdecimal()]
    return f"{begins}{max(given, default=0) + 1:03d}"


def _keep_in_reach(case: Case, by: Acting, at: datetime) -> None:
    """Who sees assigned cases only has the one that they entered assigned."""
    if not any(unit for unit in by.units("case.read", "jurisdiction")):
        Assignment.objects.create(case=case, account=by.user, since=at, by=by.user)


def _content(entry: Entry) -> dict[str, object]:
    return {**vars(entry), "unit": entry.unit.code, "times": dict(entry.times)}
