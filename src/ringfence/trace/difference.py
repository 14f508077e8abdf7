"""What a change of the evidence changed for the contacts of open cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ringfence.engines.question import EngineMaker
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Protocol
from ringfence.trace.open_cases import by_protocol, open_cases
from ringfence.trace.result import Contact
from ringfence.trace.tracing import trace_cases

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


def contacts_of_open_cases(
    snapshot: Snapshot, make_engine: EngineMaker, protocols: Sequence[Protocol]
) -> Contacts:
    """Contacts of every open case, under the protocol in force for each case."""
    engine = make_engine(snapshot)
    found: Contacts = {}
    for protocol, cases in by_protocol(snapshot, engine, open_cases(engine).values(), protocols):
        for case in cases:
            for contact in trace_cases(snapshot, engine, protocol, [case]).contacts:
                found[case, contact.person] = contact
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
