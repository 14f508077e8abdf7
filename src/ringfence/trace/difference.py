"""What a change of the evidence changed for the contacts of open cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ringfence.lake import Told
from ringfence.protocols.model import Protocol
from ringfence.trace.known import Known
from ringfence.trace.open_cases import together
from ringfence.trace.reach import AT_ONCE, Progress, touched_cases, untold
from ringfence.trace.result import Contact
from ringfence.trace.tracing import contacts_apart

Contacts = dict[tuple[str, str], Contact]
"""Contacts by case and person."""


@dataclass(frozen=True)
class Change:
    """A contact of `case` that is `new`, `dropped`, or `changed` (order, class or evidence)."""

    case: str
    person: str
    change: str
    was: str | None
    now: str | None


def difference(
    told: Sequence[Told] | None,
    before: Known,
    after: Known,
    protocols: Sequence[Protocol],
    progress: Progress = untold,
) -> tuple[Change, ...]:
    """What a batch, or who is one person, changed for the contacts of open cases between two times.

    `told`: what the batch told in each of its tables; none where there is no batch. `protocols` are
    all that a case may follow. Only cases that the batch can touch are traced.
    """
    every = [touched_cases(one, before, after, protocols, progress) for one in told or (None,)]
    cases = frozenset[str]().union(*every)
    many = sum(case in known.protocols for known in (before, after) for case in cases)
    done = 0

    def count(traced: int) -> None:
        nonlocal done
        done += traced
        progress(done, many)

    return changes(*(contacts_of(known, cases, count) for known in (before, after)))


def contacts_of(known: Known, cases: Collection[str], count: Callable[[int], None]) -> Contacts:
    """Contacts of those of the cases that are open then, each under its own protocol."""
    asked = {case: known.protocols[case] for case in sorted(cases) if case in known.protocols}
    found: Contacts = {}
    for protocol, members in together(asked, AT_ONCE):
        listed = contacts_apart(known.snapshot, known.engine, protocol, members)
        found |= {(case, c.person): c for case, contacts in listed.items() for c in contacts}
        count(len(members))
    return found


def changes(before: Contacts, after: Contacts) -> tuple[Change, ...]:
    """The difference of two lists, by case and person."""
    told = []
    for case, person in sorted(before.keys() | after.keys()):
        was, now = before.get((case, person)), after.get((case, person))
        if was == now:
            continue
        word = "new" if was is None else "dropped" if now is None else "changed"
        told.append(Change(case, person, word, _grade(was), _grade(now)))
    return tuple(told)


def _grade(contact: Contact | None) -> str | None:
    return None if contact is None else str(contact.outcome)
