"""Which numbers several subjects bear now, and what speaks against linking them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringfence.identity.agreement import OF_ONE, disputes
from ringfence.identity.current import Documents, identifiers
from ringfence.lake import Home
from ringfence.sources.normalise import identity_facts
from ringfence.vault import Told, Vault, has_vault, open_vault

NUMBERS = "id_number"
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Shared:
    """Who bears one number, each with the batches that say so, and what speaks against linking."""

    members: Mapping[str, frozenset[str]]
    disputes: tuple[str, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(self.members)

    @property
    def digest(self) -> bytes:
        return hashlib.sha256("\x1f".join(self.members).encode()).digest()[:16]

    @property
    def rank(self) -> tuple[int, tuple[str, ...], list[list[str]]]:
        """Of several numbers that the same subjects share the first counts: one that nothing
        speaks against is enough, whatever the order in which they are found.
        """
        return len(self.disputes), self.disputes, [sorted(of) for of in self.members.values()]


def shared_in(
    vault: Vault, groups: Iterable[tuple[str, ...]], live: Collection[str]
) -> list[Shared]:
    """The numbers that subjects of these groups share, by what is said of them."""
    found: dict[bytes, Shared] = {}
    for part in _in_parts(groups):
        told = vault.statements({s for group in part for s in group}, live)
        for group in part:
            for one in _borne_together({s: told[s] for s in group if s in told}):
                other = found.setdefault(one.digest, one)
                if other is not one and one.rank < other.rank:
                    found[one.digest] = one
    return sorted(found.values(), key=lambda one: one.subjects)


def _in_parts(groups: Iterable[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    part: list[tuple[str, ...]] = []
    many = 0
    for group in groups:
        part.append(group)
        many += len(group)
        if many >= _AT_ONCE:
            yield part
            part, many = [], 0
    if part:
        yield part


def _borne_together(told: Mapping[str, Sequence[Told]]) -> Iterator[Shared]:
    documents: Documents = {}
    borne = {subject: identifiers(told[subject], documents) for subject in sorted(told)}
    bearers: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for subject, found in borne.items():
        for identifier, batches in found.items():
            bearers[identifier][subject] = frozenset(batches)
    for identifier, members in bearers.items():
        if len(members) > 1:
            of = {subject: told[subject] for subject in members}
            yield Shared(members, disputes(identifier, of, (borne[s] for s in members)))


def contradicted(home: Home, live: Collection[str]) -> Iterator[Shared]:
    """Subjects of whom sources contradict each other, or the number that they give.

    All statements are read once; kept of each subject is only what was first said.
    """
    if not has_vault(home):
        return
    with open_vault(home) as vault:
        first: dict[str, tuple[str, ...]] = {}
        suspected: set[str] = set()
        for one in vault.every(live):
            said = tuple(one.fields.get(field, "") for field in _COMPARED)
            known = first.setdefault(one.subject, said)
            if (known is said and _contradicts_number(one)) or (
                known is not said and said != known
            ):
                suspected.add(one.subject)
        asked = sorted(suspected)
        for start in range(0, len(asked), _AT_ONCE):
            told = vault.statements(asked[start : start + _AT_ONCE], live)
            for subject, statements in told.items():
                borne = identifiers(statements)
                of = {subject: statements}
                found = {kind for i in borne or (":",) for kind in disputes(i, of, [borne])}
                against = tuple(kind for kind in OF_ONE if kind in found)
                if against:
                    yield Shared({subject: frozenset()}, against)


_COMPARED = ("sex", "birth_date", "name", "id_number")


def _contradicts_number(told: Told) -> bool:
    stated = {told.fields.get("sex"), told.fields.get("birth_date")} - {None, ""}
    if not stated or "id_number" not in told.fields:
        return False
    facts = identity_facts(told.fields["id_number"])
    born = facts.birth_date and facts.birth_date.isoformat()
    return bool(stated - {facts.sex, born, "other"}) and facts.sex is not None
