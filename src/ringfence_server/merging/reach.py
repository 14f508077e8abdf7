"""Who bears a number, as far as an account may know: cases and contacts, never anybody else.

Numbers of people who are neither are nobody's to look up. A decision is for whoever sees a case or
contact of each person in it; a person who is none may be joined to one only where both bear one
document, which is the open question itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ringfence.engines.persons import Persons, person_of, subjects_of
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import owned
from ringfence_server.cases.words import OPEN
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.search.people import contacts_in_reach, numbers_in_reach
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tasks.words import OPEN as OPEN_TASKS

RIGHT = "identity.settle"
CASE, CONTACT = "case", "contact"


@dataclass(frozen=True)
class Known:
    """A case or contact that bears a number. `key`: its row. `number`: of a case. `tasks`: open
    ones of a contact. `mine`: within reach.
    """

    kind: str
    key: int
    subject: str
    number: str
    disease: str
    unit: Unit
    tasks: int
    mine: bool


@dataclass(frozen=True)
class Person:
    """All numbers of one person, and the open cases and follow-ups that bear one of them."""

    subjects: tuple[str, ...]
    known: tuple[Known, ...]

    @property
    def mine(self) -> bool:
        return any(one.mine for one in self.known)


def people_of(home: Home, subjects: Iterable[str], at: datetime) -> list[tuple[str, ...]]:
    """All numbers of each person named, each person once, in the order of naming."""
    return people_by(snapshot(home, at).persons, subjects)


def people_by(persons: Persons | None, subjects: Iterable[str]) -> list[tuple[str, ...]]:
    """The same, where it is known who is one person."""
    found: dict[str, tuple[str, ...]] = {}
    for subject in subjects:
        person = person_of(persons, subject)
        found.setdefault(person, tuple(sorted(subjects_of(persons, person))))
    return list(found.values())


def seen(by: Acting, people: Sequence[tuple[str, ...]]) -> list[Person]:
    named = [subject for subjects in people for subject in subjects]
    rows = [*_cases(by, named), *_contacts(by, named)]
    return [
        Person(subjects, tuple(one for one in rows if one.subject in subjects))
        for subjects in people
    ]


def is_anybody(subjects: Iterable[str]) -> frozenset[str]:
    """Those of these numbers that an open case or a follow-up bears, whoever sees it."""
    named = list(subjects)
    cases = Case.objects.filter(subject__in=named, state__in=OPEN).values_list("subject", flat=True)
    contacts = FollowUp.objects.filter(person__in=named, end="").values_list("person", flat=True)
    return frozenset((*cases, *contacts))


def in_reach(by: Acting, subjects: Iterable[str]) -> frozenset[str]:
    """Those of these numbers that a case or contact within reach bears."""
    return numbers_in_reach(by, subjects, RIGHT)


def _cases(by: Acting, subjects: Sequence[str]) -> list[Known]:
    rows = Case.objects.filter(subject__in=subjects, state__in=OPEN).select_related("unit__parent")
    mine = set(
        owned(by, RIGHT).filter(pk__in=[one.pk for one in rows]).values_list("pk", flat=True)
    )
    return [
        Known(
            CASE,
            one.pk,
            one.subject,
            one.number if one.pk in mine else "",
            one.disease,
            one.unit,
            0,
            one.pk in mine,
        )
        for one in rows.order_by("pk")
    ]


def _contacts(by: Acting, subjects: Sequence[str]) -> list[Known]:
    rows = FollowUp.objects.filter(person__in=subjects, end="").select_related("unit__parent")
    keys = [one.pk for one in rows]
    mine = set(contacts_in_reach(by, RIGHT).filter(pk__in=keys).values_list("pk", flat=True))
    tasks: dict[int, int] = dict.fromkeys(keys, 0)
    at_work = Task.objects.filter(Q(follow_up__in=keys), state__in=OPEN_TASKS)
    for follow_up in at_work.values_list("follow_up_id", flat=True):
        tasks[follow_up] += 1
    return [
        Known(
            CONTACT,
            one.pk,
            one.person,
            "",
            one.disease,
            one.unit,
            tasks[one.pk],
            one.pk in mine,
        )
        for one in rows.order_by("pk")
    ]
