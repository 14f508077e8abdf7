"""The numbers that several subjects share now: of what did not change, as they were found before.

What is shared follows from the batches that count, and from nothing else. So what was found is kept
with the names of these batches, and read again only of subjects that a batch speaks of which came
or went since, and of all who bear a number that one of those bears or bore. Of what something
speaks against only the subjects are kept, and it is read each time: what is kept says no more of
anybody than the links themselves.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby

import pyarrow as pa

from ringfence.identity.bearing import NUMBERS, Shared, shared_in
from ringfence.identity.linked import keep, read_kept
from ringfence.lake import Home
from ringfence.vault import Vault, has_vault, open_vault

_FORMAT = 1
"""To be raised where other things speak against a link than before."""
FILE = "numbers.shared"
_TOLD = b"ringfence"
_ROWS = pa.schema(
    [("number", pa.int64()), ("subject", pa.string()), ("batches", pa.list_(pa.int32()))]
)
_DOUBTFUL = -1
_MOST = 0.3
"""Of the subjects: where more are to be read again, all are."""


@dataclass(frozen=True)
class _Found:
    """`agreed`: nothing speaks against them; `doubtful`: subjects of the others."""

    batches: frozenset[str]
    agreed: Sequence[Shared]
    doubtful: frozenset[str]


def shared_numbers(home: Home, live: Collection[str]) -> list[Shared]:
    """Every number that several subjects bear now."""
    if not has_vault(home):
        return []
    with open_vault(home) as vault:
        batches = vault.batches(live)
        before = _read(home, vault.id)
        found = None if before is None else _further(vault, before, batches)
        if found is None:
            found = shared_in(vault, vault.exact_groups(NUMBERS, batches), batches)
        if before is None or before.batches != batches:
            _keep(home, vault.id, batches, found)
        return found


def _further(vault: Vault, before: _Found, batches: frozenset[str]) -> list[Shared] | None:
    """What is shared now, by what was shared before; None: it has to be found anew."""
    changed = before.batches ^ batches
    either = before.batches | batches
    if vault.batches(either) != either:  # what was shredded does not say whom it spoke of
        return None
    asked = vault.subjects_told_of(changed) | before.doubtful
    known = sum(len(one.members) for one in before.agreed)
    if len(asked) > max(_MOST * known, 1_000):
        return None
    asked = asked.union(*_groups(vault, asked, either))
    again = shared_in(vault, _groups(vault, asked, batches), batches)
    found = [one for one in before.agreed if asked.isdisjoint(one.members)]
    found += (one for one in again if not asked.isdisjoint(one.members))
    return sorted(found, key=lambda one: one.subjects)


def _groups(
    vault: Vault, subjects: Iterable[str], batches: frozenset[str]
) -> list[tuple[str, ...]]:
    """Who bears a number that one of these bears."""
    told = vault.statements(subjects, batches)
    return vault.groups_of_numbers((one for of in told.values() for one in of), batches)


def _keep(home: Home, vault: str, batches: frozenset[str], found: Iterable[Shared]) -> None:
    names = sorted(batches)
    place = {name: number for number, name in enumerate(names)}
    rows: list[tuple[int, str, list[int]]] = []
    doubtful: set[str] = set()
    for number, one in enumerate(found):
        if one.disputes:
            doubtful |= one.members.keys()
        else:
            for subject, of in one.members.items():
                rows.append((number, subject, sorted(place[name] for name in of)))
    rows += ((_DOUBTFUL, subject, []) for subject in sorted(doubtful))
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    arrays = [pa.array(of, field.type) for of, field in zip(columns, _ROWS, strict=True)]
    told = json.dumps([_stamp(vault), names]).encode()
    keep(home, FILE, pa.record_batch(arrays, schema=_ROWS.with_metadata({_TOLD: told})))


def _read(home: Home, vault: str) -> _Found | None:
    kept = read_kept(home, FILE, _ROWS)
    if kept is None:
        return None
    stamp, names = json.loads((kept.schema.metadata or {}).get(_TOLD, b"[null, []]"))
    if stamp != _stamp(vault):
        return None
    numbers, subjects, batches = (column.to_pylist() for column in kept.columns)
    sets: dict[tuple[int, ...], frozenset[str]] = {}
    agreed: list[Shared] = []
    doubtful: frozenset[str] = frozenset()
    rows = zip(numbers, subjects, batches, strict=True)
    for number, of in groupby(rows, key=lambda row: row[0]):
        if number == _DOUBTFUL:
            doubtful = frozenset(subject for _, subject, _ in of)
            continue
        members: dict[str, frozenset[str]] = {}
        for _, subject, places in of:
            key = tuple(places)
            if key not in sets:
                sets[key] = frozenset(names[place] for place in places)
            members[subject] = sets[key]
        agreed.append(Shared(members, ()))
    return _Found(frozenset(names), agreed, doubtful)


def _stamp(vault: str) -> list[str | int]:
    """What is kept by another version, or of another vault, does not count."""
    return [_FORMAT, version("ringfence"), vault]
