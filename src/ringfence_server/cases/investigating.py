"""The investigation form: each save is a version; what it says becomes records of the lake.

Basic facts, clinical facts, 14 days of places, contacts. A contact who is named gets a subject
number; the name itself goes to the vault and is not in the form any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ringfence.errors import DataError, Text
from ringfence.lake import Home
from ringfence.records.vocabularies import PLACE_KINDS, RELATIONS
from ringfence.sources.keys import check_printable, check_text
from ringfence.sources.reasons import RefusedError
from ringfence_server.access import Acting
from ringfence_server.accounts.models import User
from ringfence_server.cases.changing import held
from ringfence_server.cases.models import Case, CaseVersion
from ringfence_server.cases.moments import When, read_when
from ringfence_server.cases.persons import checked, person_of
from ringfence_server.cases.records import owe_records
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox import auditing
from ringfence_server.outbox.sealing import seal, unseal

RIGHT = "case.write"
BASIC = ("occupation", "workplace", "household", "travel")
CLINICAL = ("symptoms", "first_visit", "severity", "vaccination", "outcome")
PURPOSE = "investigation form"
_WHEN = Text("when did it begin and end?", "请填写起止时间")
_BACKWARDS = Text("it ends before it begins", "结束早于开始")
_PLACE = Text("name the place", "请填写场所")
_CHOOSE = Text("choose one of the list", "请从列表中选择")
_ITSELF = Text("this is the case itself", "此人即病例本人")
_NOBODY = Text("say who: a name, a number or a telephone", "请填写姓名、证件号码或电话")


@dataclass(frozen=True)
class Stay:
    """A place in the fortnight. `place`: the home's key of it, where it is known."""

    place: str = ""
    name: str = ""
    kind: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody whom the case names. `subject`: once the vault knows who it is."""

    relation: str = ""
    start: str = ""
    end: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Form:
    basic: Mapping[str, str] = field(default_factory=dict)
    clinical: Mapping[str, str] = field(default_factory=dict)
    history: Sequence[Stay] = ()
    contacts: Sequence[Contact] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "basic": dict(self.basic),
            "clinical": dict(self.clinical),
            "history": [asdict(stay) for stay in self.history],
            "contacts": [asdict(contact) for contact in self.contacts],
        }


@dataclass(frozen=True)
class Version:
    """`number` 0: nothing was saved yet."""

    number: int
    form: Form
    by: User | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Named:
    """A contact as typed: identity, and what there was between them."""

    person: Mapping[str, str]
    contact: Contact


class StaleForm(DataError):
    """Somebody else saved a version since; both are shown, nothing was overwritten."""

    status = 409

    def __init__(self, theirs: Version, yours: Form) -> None:
        super().__init__(
            "somebody saved this form since you opened it: compare, then save again",
            "您打开表单后他人已保存新版本：请对照后重新保存",
        )
        self.theirs = theirs
        self.yours = yours


def save_form(
    *,
    home: Home,
    number: str,
    based_on: int,
    form: Form,
    named: Sequence[Named] = (),
    by: Acting,
    at: datetime,
) -> int:
    """The number of the new version. StaleForm, FieldErrors: nothing was saved."""
    _check(form)
    people = [_person(home, place, one, at) for place, one in enumerate(named)]
    try:
        with transaction.atomic():
            case = held(by, number, RIGHT, None)
            latest = latest_version(case)
            if latest.number != based_on:
                raise StaleForm(latest, form)
            _check_known(form, latest.form)
            known = _known(home, case, based_on, people, at)
            told = [
                Contact(**{**asdict(one.contact), "subject": subject})
                for one, subject in zip(named, known, strict=True)
            ]
            whole = Form(form.basic, form.clinical, form.history, (*form.contacts, *told))
            made = _write(case, based_on + 1, whole, by, at)
            key = f"{case.number}/form/{made.number}"
            _owe_places(home, case, key, form.history, latest.form.history, by=by, at=at)
            subjects = [{"subject": subject} for subject in known]
            owe_records(home, key, "subject", subjects, by=by, at=at, identity=people)
            links = [_link(home, case, place, one, at) for place, one in enumerate(told)]
            owe_records(home, key, "link", links, by=by, at=at)
            about = {"case": case.number, "version": str(made.number)}
            auditing.told("case.form", by=by.user.username, at=at, about=about)
    except IntegrityError:
        raise StaleForm(latest_version(Case.objects.get(number=number)), form) from None
    return made.number


def latest_version(case: Case) -> Version:
    found = case.versions.order_by("-number").select_related("by").first()
    return Version(0, Form()) if found is None else _opened(case, found)


def version(case: Case, number: int) -> Version | None:
    found = case.versions.filter(number=number).select_related("by").first()
    return None if found is None else _opened(case, found)


def _opened(case: Case, found: CaseVersion) -> Version:
    if not found.sealed:  # its time is over: that it was saved is all that is known
        return Version(found.number, Form(), found.by, found.at)
    told = unseal(
        deployment().secret, PURPOSE, bound_to(case.pk, found.number), bytes(found.sealed)
    )
    form = Form(
        told["basic"],
        told["clinical"],
        tuple(Stay(**one) for one in told["history"]),
        tuple(Contact(**one) for one in told["contacts"]),
    )
    return Version(found.number, form, found.by, found.at)


def _write(case: Case, number: int, form: Form, by: Acting, at: datetime) -> CaseVersion:
    sealed = seal(deployment().secret, PURPOSE, bound_to(case.pk, number), form.as_json())
    return CaseVersion.objects.create(case=case, number=number, sealed=sealed, by=by.user, at=at)


def bound_to(case: int, number: int) -> str:
    return f"{case}/{number}"


def _check(form: Form) -> None:
    wrong: dict[str, Text] = {}
    texts = {**form.basic, **form.clinical}
    texts |= {f"history-{place}": stay.name for place, stay in enumerate(form.history)}
    for name, text in texts.items():
        try:
            check_printable(text.replace("\r", "").replace("\n", " "))
            check_text(text)
        except RefusedError as refused:
            wrong[name] = refused.reason
    for place, stay in enumerate(form.history):
        if not stay.place and not stay.name.strip():
            wrong[f"history-{place}"] = _PLACE
        elif not stay.place and stay.kind not in PLACE_KINDS:
            wrong[f"history-{place}"] = _CHOOSE
        elif not stay.start or not stay.end:
            wrong[f"history-{place}"] = _WHEN
    for place, contact in enumerate(form.contacts):
        if contact.relation not in RELATIONS:
            wrong[f"known-{place}"] = _CHOOSE
    if wrong:
        raise FieldErrors(wrong)


def _check_known(form: Form, latest: Form) -> None:
    """Nobody gets into a form by a number alone."""
    there = {one.subject for one in latest.contacts}
    for place, one in enumerate(form.contacts):
        if one.subject not in there:
            raise FieldErrors({f"known-{place}": _NOBODY})


def _person(home: Home, place: int, one: Named, at: datetime) -> dict[str, str]:
    try:
        fields = checked(home, one.person, at)
    except FieldErrors as error:
        reason = next(iter(error.fields.values()))
        raise FieldErrors({f"contact-{place}": reason}) from None
    if not fields:
        raise FieldErrors({f"contact-{place}": _NOBODY})
    return fields


def _known(
    home: Home, case: Case, based_on: int, people: Sequence[Mapping[str, str]], at: datetime
) -> list[str]:
    return [
        person_of(home, fields, f"{case.number}/{based_on}/{place}", at).subject
        for place, fields in enumerate(people)
    ]


def _owe_places(
    home: Home,
    case: Case,
    key: str,
    history: Sequence[Stay],
    earlier: Sequence[Stay],
    *,
    by: Acting,
    at: datetime,
) -> None:
    """Only what is new; a place that the home does not know is told with its stay."""
    new = [stay for stay in history if stay not in earlier]
    places = {
        _place_of(stay): {"place": _place_of(stay), "kind": stay.kind, "name": stay.name}
        for stay in new
        if not stay.place
    }
    owe_records(home, key, "place", list(places.values()), by=by, at=at)
    rows = [_presence(home, case, number, stay, at) for number, stay in enumerate(history)]
    rows = [row for row, stay in zip(rows, history, strict=True) if stay in new]
    owe_records(home, key, "presence", rows, by=by, at=at)


def _place_of(stay: Stay) -> str:
    """The same name is the same place of this console."""
    if stay.place:
        return stay.place
    told = f"{stay.kind}\0{' '.join(stay.name.split())}".encode()
    return f"console:{hashlib.sha256(told).hexdigest()[:16]}"


def _presence(home: Home, case: Case, number: int, stay: Stay, at: datetime) -> dict[str, str]:
    field_ = f"history-{number}"
    start = read_when(field_, stay.start, home.zone, at)
    end = read_when(field_, stay.end, home.zone, at)
    if start is None or end is None or "day" in (start.precision, end.precision):
        raise FieldErrors({field_: _WHEN})
    if end.at <= start.at:
        raise FieldErrors({field_: _BACKWARDS})
    return {
        "subject": case.subject,
        "place": _place_of(stay),
        "start": start.written(home.zone),
        "end": end.written(home.zone),
        "certainty": "declared",
    }


def _link(home: Home, case: Case, place: int, contact: Contact, at: datetime) -> dict[str, str]:
    name = f"contact-{place}"
    if contact.relation not in RELATIONS:
        raise FieldErrors({name: _CHOOSE})
    if contact.subject == case.subject:
        raise FieldErrors({name: _ITSELF})
    row = {
        "subject_a": case.subject,
        "subject_b": contact.subject,
        "relation": contact.relation,
    }
    for end in ("start", "end"):
        when = read_when(name, getattr(contact, end), home.zone, at)
        if when is not None:
            row[end] = When(when.at, "instant").written(home.zone)
    return row
