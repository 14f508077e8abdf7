"""Deciding on the events of a narrative: those accepted become records of the lake, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence.errors import DataError, NotFound, Text
from ringfence.lake import Home
from ringfence.narratives.identities import Named
from ringfence.operations.narrating.proposing import Proposed
from ringfence_server.access import Acting
from ringfence_server.cases.changing import held
from ringfence_server.cases.models import Case
from ringfence_server.cases.persons import checked, person_of
from ringfence_server.cases.records import owe_records
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.narratives.keeping import (
    ACCEPTED,
    ASKED,
    LEFT,
    RIGHT,
    Decision,
    Kept,
    opened,
    proposed,
    sealed,
)
from ringfence_server.narratives.models import Narrative
from ringfence_server.narratives.rows import Rows, rows_of_event, with_link
from ringfence_server.outbox import auditing


class StaleNarrative(DataError):
    """Somebody else decided since; nothing was overwritten."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "somebody decided on this narrative since you opened it: look again, then decide",
            "您打开后他人已作决定：请重新查看后再决定",
        )


@dataclass(frozen=True)
class Page:
    """A narrative as one may look at it. `kept` None: its words were erased."""

    narrative: Narrative
    case: Case
    kept: Kept | None
    told: Proposed | None

    @property
    def people(self) -> Sequence[Named]:
        return [] if self.told is None else named_with_number(self.told)

    def decision(self, number: int) -> Decision | None:
        return None if self.kept is None else self.kept.decisions.get(number)


def named_with_number(told: Proposed) -> list[Named]:
    return [one for one in told.people if one.id_number or one.phone]


def page_of(*, home: Home, case: Case, key: int, by: Acting, at: datetime) -> Page:
    """NotFound: the case has no such narrative. The audit knows before it is shown."""
    found = Narrative.objects.filter(case=case, pk=key).select_related("by").first()
    if found is None:
        raise _no_narrative()
    with transaction.atomic():
        about = {"case": case.number, "narrative": str(key)}
        auditing.told("narrative.read", by=by.user.username, at=at, about=about)
    kept = opened(found)
    return Page(found, case, kept, None if kept is None else proposed(home, case, kept, at))


def decide(
    *,
    home: Home,
    number: str,
    key: int,
    version: int,
    decisions: Mapping[int, Decision],
    by: Acting,
    at: datetime,
) -> int:
    """How many were accepted now. FieldErrors, StaleNarrative: nothing was done. What was accepted
    before stays so.
    """
    with transaction.atomic():
        case = held(by, number, RIGHT, None)
        narrative = Narrative.objects.select_for_update().filter(case=case, pk=key).first()
        kept = None if narrative is None else opened(narrative)
        if narrative is None or kept is None:
            raise _no_narrative()
        if narrative.version != version:
            raise StaleNarrative
        told = proposed(home, case, kept, at)
        new = {n: one for n, one in decisions.items() if _undone(kept, n)}
        accepted = {n: one for n, one in new.items() if one.state == ACCEPTED}
        _owe(home, case, narrative, told, accepted, by=by, at=at)
        _keep(narrative, Kept(kept.text, kept.written, {**kept.decisions, **new}))
        about = {"case": case.number, "narrative": str(key), "accepted": str(len(accepted))}
        auditing.told("narrative.decided", by=by.user.username, at=at, about=about)
    return len(accepted)


def _undone(kept: Kept, number: int) -> bool:
    before = kept.decisions.get(number)
    return before is None or before.state != ACCEPTED


def _keep(narrative: Narrative, kept: Kept) -> None:
    states = [one.state for one in kept.decisions.values()]
    narrative.accepted = states.count(ACCEPTED)
    narrative.left = states.count(LEFT)
    narrative.asked = states.count(ASKED)
    narrative.version += 1
    narrative.sealed = sealed(narrative, kept)
    narrative.save(update_fields=["accepted", "left", "asked", "version", "sealed"])


def _owe(
    home: Home,
    case: Case,
    narrative: Narrative,
    told: Proposed,
    accepted: Mapping[int, Decision],
    *,
    by: Acting,
    at: datetime,
) -> None:
    """FieldErrors: named by the number of the event and the field, so that a page shows where."""
    wrong: dict[str, Text] = {}
    people = named_with_number(told)
    for number, one in sorted(accepted.items()):
        key = f"{case.number}/narrative/{narrative.pk}/{number}"
        try:
            if number < len(told.proposals):
                rows = rows_of_event(home, case, told.proposals[number], one.cells, at)
                _owe_rows(home, key, rows, by, at)
            else:
                person = people[number - len(told.proposals)]
                _owe_person(home, case, key, person, one.cells, by=by, at=at)
        except FieldErrors as error:
            wrong |= {f"e{number}-{field}": reason for field, reason in error.fields.items()}
    if wrong:
        raise FieldErrors(wrong)


def _owe_rows(home: Home, key: str, rows: Rows, by: Acting, at: datetime) -> None:
    for table, some in rows.items():
        owe_records(home, key, table, some, by=by, at=at)


def _owe_person(
    home: Home,
    case: Case,
    key: str,
    person: Named,
    cells: Mapping[str, str],
    *,
    by: Acting,
    at: datetime,
) -> None:
    given = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    try:
        fields = checked(home, {name: told for name, told in given.items() if told}, at)
    except FieldErrors as error:  # the page shows no such field: what it would be is hidden
        raise FieldErrors({"decision": next(iter(error.fields.values()))}) from None
    subject = person_of(home, fields, key, at).subject
    owe_records(home, key, "subject", [{"subject": subject}], by=by, at=at, identity=[fields])
    if person.relation is not None and subject != case.subject:
        link = with_link(home, case, subject, cells, at)
        owe_records(home, key, "link", [link], by=by, at=at)


def _no_narrative() -> NotFound:
    return NotFound("there is no such narrative of this case", "该病例没有此叙述")
