"""Who somebody is whom a search found: under a case, for a purpose, told to the audit before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence.errors import NotAllowed
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence.vault import has_vault, open_vault
from ringfence_server.access import Acting
from ringfence_server.canaries import queries as canaries
from ringfence_server.canaries.actions import alarm
from ringfence_server.canaries.models import Canary
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.search.people import (
    CASE,
    CONTACT,
    RIGHT,
    case_within,
    cases_of,
    contact_within,
)

SHOWN = ("name", "id_number", "phone", "address")
CANARY = "canary"


@dataclass(frozen=True)
class Whom:
    """As a list shows somebody; no name. `cases`: numbers within reach. `link`: row of the case."""

    kind: str
    key: int
    unit: Unit
    cases: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    canary: Canary | None = None


def whom(kind: str, key: int, by: Acting) -> Whom:
    """NotFound: nobody within reach."""
    if kind == CASE:
        case = case_within(by, key)
        return Whom(CASE, key, case.unit, (case.number,), (case.subject,))
    if kind == CONTACT:
        contact = contact_within(by, key)
        numbers = tuple(cases_of(by, contact))
        return Whom(CONTACT, key, contact.unit, numbers, tuple(contact.subjects))
    return of_canary(canaries.planted_in(by, RIGHT, key))


def of_canary(one: Canary) -> Whom:
    return Whom(one.kind, one.pk, one.unit, (one.number,), (), one)


def reveal(
    home: Home, one: Whom, *, case: str, purpose: str, by: Acting, at: datetime
) -> dict[str, str]:
    """NotAllowed: under no case of this person. StorageError: it could not be audited, and nothing
    is shown.
    """
    check_words("purpose", "用途", purpose)
    if case not in one.cases:
        raise NotAllowed("name a case of this person", "请选择此人相关的病例")
    about = {"case": case, "purpose": purpose.strip()}
    if one.canary is not None:
        with transaction.atomic():
            alarm([one.canary], "reveal", by=by, at=at)
        told = canaries.fields_of(one.canary)
        auditing.shown(home, "search.reveal", by=by.user.username, at=at, about=about)
        return {name: told[name] for name in SHOWN if told.get(name)}
    about |= {"subject": " ".join(one.subjects)}
    auditing.shown(home, "search.reveal", by=by.user.username, at=at, about=about)
    return _last_words(home, one.subjects)


def _last_words(home: Home, subjects: Iterable[str]) -> dict[str, str]:
    if not has_vault(home):
        return {}
    asked = list(subjects)
    with open_vault(home) as vault:
        told = vault.statements(asked)
    found: dict[str, str] = {}
    for subject in asked:
        for one in told.get(subject, ()):
            found |= {name: one.fields[name] for name in SHOWN if one.fields.get(name)}
    return found
