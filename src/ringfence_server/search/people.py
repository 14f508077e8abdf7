"""Who a typed text means, among the cases and contacts within reach, and among nobody else.

The vault's blind indexes are asked; of what they answer, only subjects of people within reach are
looked at any further. No record is opened, and no name is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ringfence.errors import NotFound
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.vault import has_vault, open_vault
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import owned
from ringfence_server.cases.words import OPEN
from ringfence_server.jurisdictions.queries import within
from ringfence_server.tasks.models import FollowUp, Link

RIGHT = "identity.reveal"
CASE, CONTACT = "case", "contact"
_MOST = 20


@dataclass(frozen=True)
class Hit:
    """Somebody within reach. `key`: of the row. `found_by`: the kind of the text that met."""

    kind: str
    key: int
    found_by: str


@dataclass(frozen=True)
class Hits:
    """The surest first. `more`: how many are left out; a name that so many bear says too little."""

    people: tuple[Hit, ...]
    more: int = 0

    def __len__(self) -> int:
        return len(self.people) + self.more


def cases_in_reach(by: Acting, right: str = RIGHT) -> QuerySet[Case]:
    return owned(by, right).filter(state__in=OPEN)


def contacts_in_reach(by: Acting, right: str = RIGHT) -> QuerySet[FollowUp]:
    """Under follow-up now: of one's units, and of the cases that are one's own."""
    here = within(FollowUp.objects.all(), by.units(right, "jurisdiction")).values("pk")
    cases = cases_in_reach(by, right).values("pk")
    linked = Link.objects.filter(until__isnull=True, case__in=cases).values("follow_up")
    return FollowUp.objects.filter(Q(pk__in=here) | Q(pk__in=linked), end="")


def numbers_in_reach(by: Acting, subjects: Iterable[str], right: str) -> frozenset[str]:
    """Those of these numbers that an open case or a follow-up within reach bears itself."""
    named = list(subjects)
    cases = cases_in_reach(by, right).filter(subject__in=named)
    contacts = contacts_in_reach(by, right).filter(person__in=named)
    return frozenset(
        (*cases.values_list("subject", flat=True), *contacts.values_list("person", flat=True))
    )


def find(home: Home, forms: Sequence[tuple[str, str]], *, by: Acting, at: datetime) -> Hits:
    if not forms or not by.may(RIGHT) or not has_vault(home):
        return Hits(())
    reach = _reach(home, by, at)
    if not reach:
        return Hits(())
    found: dict[tuple[str, int], Hit] = {}
    with open_vault(home) as vault:
        for kind, text in forms:
            for subject in reach.keys() & set(vault.find(kind, text)):
                for one in reach[subject]:
                    found.setdefault(one, Hit(*one, kind))
    order = {kind: place for place, (kind, _) in enumerate(forms)}
    hits = sorted(found.values(), key=lambda hit: (order[hit.found_by], hit.kind, -hit.key))
    return Hits(tuple(hits[:_MOST]), max(0, len(hits) - _MOST))


def case_within(by: Acting, key: int) -> Case:
    """NotFound: not within reach, or no case any more."""
    found = cases_in_reach(by).filter(pk=key).select_related("unit__parent").first()
    if found is None:
        raise _nobody()
    return found


def contact_within(by: Acting, key: int) -> FollowUp:
    """NotFound: not within reach, or not followed up any more."""
    found = contacts_in_reach(by).filter(pk=key).select_related("unit__parent").first()
    if found is None:
        raise _nobody()
    return found


def cases_of(by: Acting, contact: FollowUp) -> list[str]:
    """Numbers of the cases that a follow-up rests on, as far as they are within reach."""
    rests = Link.objects.filter(follow_up=contact, until__isnull=True, case__in=owned(by))
    return list(rests.order_by("case__number").values_list("case__number", flat=True))


def _reach(home: Home, by: Acting, at: datetime) -> dict[str, list[tuple[str, int]]]:
    """By subject, who it is; also the subjects that were merged with theirs since."""
    rows: list[tuple[str, int, Iterable[str]]] = [
        (CASE, key, [subject]) for key, subject in cases_in_reach(by).values_list("pk", "subject")
    ]
    rows += [
        (CONTACT, key, subjects)
        for key, subjects in contacts_in_reach(by).values_list("pk", "subjects")
    ]
    known = sorted({subject for _, _, subjects in rows for subject in subjects})
    persons = snapshot(home, at).persons if known else None
    others = (
        dict(zip(known, persons.subjects_of_each(persons.people(known)), strict=True))
        if (persons is not None)
        else {}
    )
    reach: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for kind, key, subjects in rows:
        for subject in {one for told in subjects for one in (told, *others.get(told, ()))}:
            reach[subject].append((kind, key))
    return dict(reach)


def _nobody() -> NotFound:
    return NotFound("there is no such person", "没有此人员")
