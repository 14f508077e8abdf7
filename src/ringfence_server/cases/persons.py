"""Who a case is: read by the rules of the sources, known here by a number that tells of nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.engines.persons import subjects_of
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.records import TABLES
from ringfence.sources.frame import Frame
from ringfence.sources.identities import check_described, identity_columns
from ringfence.sources.normalise import is_checked
from ringfence.sources.rows import Chunk
from ringfence.vault import has_vault, open_vault
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.outbox.delivering import SOURCE

PERSON = identity_columns(TABLES["subject"])
_BY_DOCUMENT = "id_number"
_BY_FORM = "form"


@dataclass(frozen=True)
class Person:
    """`fields`: identity in normal form. `subject`: of this server's records. `known_as`: every
    number under which the home knows the bearer of this document.
    """

    fields: Mapping[str, str]
    subject: str
    known_as: frozenset[str]


def checked(home: Home, told: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Identity in normal form. FieldErrors: a field that no source could deliver either."""
    given = {name: told[name] for name in PERSON if told.get(name, "").strip()}
    if not given:
        return {}
    columns = {"subject": "s0", **given}
    chunk = Chunk(
        {name: pa.array([value]) for name, value in columns.items()}, pa.array([1], pa.int64())
    )
    described = check_described(
        TABLES["subject"], chunk, frame=Frame(ZoneInfo(home.zone), now), synthetic=home.synthetic
    )
    if described.checked.rejects:
        raise FieldErrors({one.field: one.reason for one in described.checked.rejects})
    read = {name: values[0].as_py() for name, values in described.values.items()}
    return {name: value for name, value in read.items() if value}


def person_of(home: Home, fields: Mapping[str, str], token: str, now: datetime) -> Person:
    """The bearer of a document has the same number each time; who shows none, one of this form's
    own. The vault's key makes it: nobody can try numbers out on a copy of the database.
    """
    number = fields.get("id_number")
    with open_vault(home, create=True) as vault:
        if number is None:
            (subject,) = vault.pseudonyms(SOURCE, _BY_FORM, [token])
            return Person(fields, subject, frozenset({subject}))
        kind = fields.get("id_kind", "")
        document = number if is_checked(number) else f"{kind}:{number}"
        (subject,) = vault.pseudonyms(SOURCE, _BY_DOCUMENT, [document])
        found = vault.find("id_number", number)
        if not is_checked(number):
            told = vault.statements(found)
            found = [
                one
                for one in found
                if any(said.fields.get("id_kind", "") == kind for said in told.get(one, ()))
            ]
    return Person(fields, subject, frozenset({subject, *found}) | _merged(home, found, now))


def _merged(home: Home, subjects: list[str], now: datetime) -> frozenset[str]:
    """What the home holds for the same person beside them."""
    if not subjects:
        return frozenset()
    persons = snapshot(home, now).persons
    people = subjects if persons is None else persons.people(subjects)
    return frozenset(other for one in people for other in subjects_of(persons, one))


def identity_of(home: Home, subject: str) -> dict[str, str]:
    """What sources say of a subject now: the last word of each field."""
    if not has_vault(home):
        return {}
    with open_vault(home) as vault:
        told = vault.statements([subject]).get(subject, [])
    return {name: value for one in told for name, value in one.fields.items() if value}
