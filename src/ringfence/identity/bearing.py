"""Which numbers several subjects bear now, and what speaks against linking them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringfence.identity.agreement import disputes
from ringfence.identity.current import identifiers
from ringfence.lake import Home
from ringfence.vault import Told, has_vault, open_vault

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


def shared_numbers(home: Home, live: Collection[str]) -> list[Shared]:
    """Every number that several subjects bear now."""
    if not has_vault(home):
        return []
    found: dict[bytes, Shared] = {}
    with open_vault(home) as vault:
        for part in _in_parts(vault.exact_groups("id_number", live)):
            told = vault.statements({s for group in part for s in group}, live)
            for group in part:
                for one in _borne_together({s: told[s] for s in group if s in told}):
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
    borne = {subject: identifiers(told[subject]) for subject in sorted(told)}
    bearers: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for subject, found in borne.items():
        for identifier, batches in found.items():
            bearers[identifier][subject] = frozenset(batches)
    for identifier, members in bearers.items():
        if len(members) > 1:
            of = {subject: told[subject] for subject in members}
            yield Shared(members, disputes(identifier, of, (borne[s] for s in members)))
