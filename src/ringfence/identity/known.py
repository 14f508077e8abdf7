"""Who is one person as known at a time: worked out from the acts once, then kept as a sorted file.

The kept files are derived: any of them can be deleted, and is made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

import numpy as np
import pyarrow as pa

from ringfence import lake
from ringfence.engines.persons import Persons
from ringfence.engines.snapshot import Snapshot
from ringfence.identity import store
from ringfence.identity.grouping import Numbers, persons_of
from ringfence.identity.linked import Dead, file_key, keep, links_in_force, read_kept
from ringfence.lake import Home
from ringfence.lake.snapshot import PersonsAt

_SCHEMA = pa.schema([("subject", pa.string()), ("first", pa.int32())])


def snapshot(home: Home, now: datetime, as_of: datetime | int | None = None) -> Snapshot:
    """What was known, and who was one person: now, at a moment, or at a sequence number."""
    return lake.snapshot(home, now, as_of, persons_at(home))


def persons_at(home: Home) -> PersonsAt:
    """Which subjects were one person, for `lake.snapshot`."""

    def known(sequence: int, moment: datetime | None) -> Persons | None:
        with store.reading(home) as connection:
            if connection is None:
                return None
            every = store.acts_known_at(connection, moment)
            dead = _dead_batches(home, connection, sequence)
            return _kept(home, connection, every, dead)

    return known


def persons_now(
    connection: sqlite3.Connection, home: Home, every: Sequence[store.Act] | None = None
) -> Persons | None:
    """Who is one person by all acts and all that counts now. `every`: all acts, if they are read
    already.
    """
    if every is None:
        every = store.acts(connection)
    return _kept(home, connection, every, _dead_batches(home, connection, None))


def _dead_batches(home: Home, connection: sqlite3.Connection, sequence: int | None) -> Dead:
    """Batches that links rest on and that did not count at a sequence of the lake (None: now)."""
    attesting: Dead = dict(connection.execute("SELECT number, batch FROM batch").fetchall())
    if not attesting:
        return {}
    live = lake.live_batches(home, sequence)
    return {number: batch for number, batch in attesting.items() if batch not in live}


def _kept(
    home: Home, connection: sqlite3.Connection, every: Sequence[store.Act], dead: Dead
) -> Persons | None:
    name = f"{file_key(every, dead)}.persons"
    kept = read_kept(home, name, _SCHEMA)
    if kept is None:
        persons = work_out(home, connection, every, dead)
        columns = (
            [pa.array([], pa.string()), pa.array([], pa.int32())]
            if persons is None
            else [persons.subjects, pa.array(persons.first, pa.int32())]
        )
        keep(home, name, pa.record_batch(columns, schema=_SCHEMA))
        return persons
    return Persons(kept.column(0), kept.column(1).to_numpy()) if kept.num_rows else None


@dataclass(frozen=True)
class Said:
    """What a person said of subjects: the sides of a merge or a split, the named first in each."""

    kind: str
    sides: tuple[tuple[str, ...], ...]


def said_in_force(connection: sqlite3.Connection, every: Sequence[store.Act]) -> list[Said]:
    """Merges and splits among these acts, in their order, but for those that were undone."""
    counting = store.in_force(every)
    kinds = {act.number: act.kind for act in every}
    sides: dict[int, dict[int, list[str]]] = {}
    rows = connection.execute(
        "SELECT act, side, subject FROM said ORDER BY act, side, named DESC, subject"
    )
    for act, side, subject in rows:
        if act in counting:
            sides.setdefault(act, {}).setdefault(side, []).append(subject)
    return [Said(kinds[act], tuple(map(tuple, of.values()))) for act, of in sides.items()]


def settled(said: Iterable[Said]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs that are one person, and pairs that are not, by the last that was said of each."""
    joined: dict[tuple[str, str], None] = {}
    apart: dict[tuple[str, str], None] = {}
    for one in said:
        for number, side in enumerate(one.sides):
            for other in one.sides[number + 1 :]:
                pairs = [_ordered(pair) for pair in product(side, other)]
                for pair in pairs:
                    apart.pop(pair, None)
                    joined.pop(pair, None)
                if one.kind == "merge":
                    joined[_ordered((side[0], other[0]))] = None
                else:
                    apart.update(dict.fromkeys(pairs))
    return list(joined), list(apart)


def _ordered(pair: tuple[str, str]) -> tuple[str, str]:
    return pair if pair[0] < pair[1] else (pair[1], pair[0])


def work_out(
    home: Home, connection: sqlite3.Connection, every: Sequence[store.Act], dead: Dead
) -> Persons | None:
    """Who is one person by these acts, without what dead batches say."""
    joined, apart = settled(said_in_force(connection, every))
    linked = links_in_force(home, connection, every, dead)
    linked, at = linked.with_names([subject for pair in (*joined, *apart) for subject in pair])
    if not len(linked.names):
        return None
    pairs = list(zip(at[::2], at[1::2], strict=True))
    many = len(joined)
    person = persons_of(len(linked.names), linked.links, pairs[:many], pairs[many:])
    return _of_several(linked.names, person)


def _of_several(names: pa.StringArray, person: Numbers) -> Persons | None:
    """Without those who are a person of their own."""
    merged = np.bincount(person, minlength=len(person))[person] > 1
    if not merged.any():
        return None
    new_place = np.cumsum(merged) - 1
    return Persons(names.filter(pa.array(merged)), new_place[person[merged]].astype(np.int32))
