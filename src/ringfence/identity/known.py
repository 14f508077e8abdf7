"""Who is one person as known at a time: worked out from the acts once, then kept as a sorted file.

The kept files are derived: any of them can be deleted, and is made again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence import lake
from ringfence.engines.persons import Persons
from ringfence.engines.snapshot import Snapshot
from ringfence.identity import store
from ringfence.identity.grouping import Links, Numbers, persons_of
from ringfence.lake import Home
from ringfence.lake.durable import make_folder
from ringfence.lake.snapshot import PersonsAt

_KEPT = 8
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
            until = store.act_known_at(connection, moment)
            dead = _dead_batches(home, connection, sequence)
            return _kept(home, connection, until, dead)

    return known


def persons_now(connection: sqlite3.Connection, home: Home) -> Persons | None:
    """Who is one person by all acts and all that counts, within a transaction of the store."""
    until = store.last_act(connection)
    return work_out(connection, until, _dead_batches(home, connection, None))


def _dead_batches(
    home: Home, connection: sqlite3.Connection, sequence: int | None
) -> frozenset[int]:
    """Batches that links rest on and that did not count at a sequence of the lake (None: now)."""
    attesting = dict(connection.execute("SELECT batch, number FROM batch").fetchall())
    if not attesting:
        return frozenset()
    live = lake.live_batches(home, sequence)
    return frozenset(number for batch, number in attesting.items() if batch not in live)


def _kept(
    home: Home, connection: sqlite3.Connection, until: int, dead: frozenset[int]
) -> Persons | None:
    words = f"{store.FORMAT} {until} {sorted(dead)}"
    path = home.identity / "persons" / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.arrow"
    kept = _read(path)
    if kept is None:
        kept = work_out(connection, until, dead) or Persons(
            pa.array([], pa.string()), np.empty(0, np.int32)
        )
        _write(path, kept)
    return kept if len(kept.subjects) else None


def _read(path: Path) -> Persons | None:
    try:
        batch = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
        if not batch.schema.equals(_SCHEMA):
            return None
        return Persons(batch.column(0), batch.column(1).to_numpy())
    except (OSError, pa.ArrowInvalid):
        return None


def _write(path: Path, persons: Persons) -> None:
    """Keeping is a convenience: a full or read-only disk stops nothing."""
    with suppress(OSError):
        make_folder(path.parent)
        part = path.with_name(f".{uuid4().hex}")
        columns = [persons.subjects, pa.array(persons.first, pa.int32())]
        with pa.ipc.new_file(str(part), _SCHEMA) as writer:
            writer.write_batch(pa.record_batch(columns, schema=_SCHEMA))
        part.replace(path)
        old = sorted(path.parent.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)
        for one in old[_KEPT:]:
            one.unlink(missing_ok=True)


@dataclass(frozen=True)
class Said:
    """What a person said of subjects: the sides of a merge or a split, the named first in each."""

    kind: str
    sides: tuple[tuple[str, ...], ...]


def said_in_force(connection: sqlite3.Connection, until: int) -> list[Said]:
    """Merges and splits in their order, but for those that were undone."""
    counting = store.in_force(store.acts(connection, until))
    kinds = dict(connection.execute("SELECT number, kind FROM act").fetchall())
    sides: dict[int, dict[int, list[str]]] = {}
    rows = connection.execute(
        "SELECT act, side, subject FROM said WHERE act <= ?"
        " ORDER BY act, side, named DESC, subject",
        (until,),
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


def work_out(connection: sqlite3.Connection, until: int, dead: frozenset[int]) -> Persons | None:
    """Who is one person by the acts up to `until`, without what dead batches say."""
    joined, apart = settled(said_in_force(connection, until))
    groups, members = _live_members(connection, until, dead)
    spoken = pa.array([s for pair in (*joined, *apart) for s in pair], pa.string())
    names = pa.chunked_array([members, spoken], pa.string()).unique()
    names = names.take(pc.sort_indices(names))
    if not len(names):
        return None
    place = pc.index_in(members, value_set=names).to_numpy(zero_copy_only=False)
    at = _places(spoken, names)
    pairs = list(zip(at[::2], at[1::2], strict=True))
    person = persons_of(
        len(names),
        Links(groups, place.astype(np.int64)),
        pairs[: len(joined)],
        pairs[len(joined) :],
    )
    return _of_several(names, person)


def _places(words: pa.Array, names: pa.Array) -> Sequence[int]:
    places: list[int] = pc.index_in(words, value_set=names).to_pylist()
    return places


def _live_members(
    connection: sqlite3.Connection, until: int, dead: frozenset[int]
) -> tuple[Numbers, pa.Array]:
    """Group and subject of every link that counts, in the order of the groups."""
    counting = groups_in_force(connection, until)
    if not counting:
        return np.empty(0, np.int64), pa.array([], pa.string())
    rows = connection.execute(
        "SELECT link_group, subject, batch FROM member ORDER BY link_group, subject"
    ).fetchall()
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    group = np.array(columns[0], np.int64)
    alive = np.isin(group, np.array(sorted(counting), np.int64))
    alive &= ~np.isin(np.array(columns[2], np.int64), np.array(sorted(dead), np.int64))
    return group[alive], pa.array(columns[1], pa.string()).filter(pa.array(alive))


def groups_in_force(connection: sqlite3.Connection, until: int) -> Mapping[int, bytes]:
    """Digests of the link groups that were begun and not ended by acts in force."""
    counting = store.in_force(store.acts(connection, until))
    ended = {group for group, act in connection.execute("SELECT * FROM ended") if act in counting}
    rows = connection.execute("SELECT number, act, digest FROM link_group ORDER BY number")
    return {n: digest for n, act, digest in rows if act in counting and n not in ended}


def _of_several(names: pa.Array, person: Numbers) -> Persons | None:
    """Without those who are a person of their own."""
    merged = np.bincount(person, minlength=len(person))[person] > 1
    if not merged.any():
        return None
    new_place = np.cumsum(merged) - 1
    subjects = names.filter(pa.array(merged))
    return Persons(subjects, new_place[person[merged]].astype(np.int32))
