"""The link groups that count, as arrays: read from the acts once, then kept as sorted files.

Reading a million links takes seconds, and an act by hand changes none of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.identity import store
from ringfence.identity.grouping import Links, Numbers
from ringfence.lake import Home
from ringfence.lake.durable import make_folder

_KEPT = 12
_NAMES = pa.schema([("subject", pa.string())])
Dead = Mapping[int, str]
"""Batches that do not count, by their number among those that links rest on."""

_MEMBERS = pa.schema([("group", pa.int64()), ("subject", pa.int64())])


@dataclass(frozen=True)
class Linked:
    """`names`: subjects of link groups, sorted by their bytes; `links` tells them by place."""

    names: pa.StringArray
    links: Links

    def with_names(self, words: Sequence[str]) -> tuple[Linked, list[int]]:
        """The same with further names, and the place of each of the words."""
        asked = pa.array(sorted(set(words)), pa.string())
        at = _bisected(self.names, asked)
        inside = np.minimum(at, max(len(self.names) - 1, 0))
        known = np.zeros(len(asked), bool)
        if len(self.names):
            there = pc.equal(self.names.take(pa.array(inside)), asked)
            known = there.to_numpy(zero_copy_only=False)
        new, before = asked.filter(pa.array(~known)), at[~known]
        whole = self
        if len(new):
            many = len(self.names)
            order = np.insert(np.arange(many), before, np.arange(many, many + len(new)))
            names = pa.concat_arrays([self.names, new]).take(pa.array(order))
            moved = self.links.subject + np.searchsorted(before, self.links.subject, "right")
            whole = Linked(names, Links(self.links.group, moved))
        places = _bisected(whole.names, pa.array(list(words), pa.string()))
        return whole, places.tolist()


def _bisected(names: pa.StringArray, words: pa.StringArray) -> Numbers:
    if not len(names):
        return np.zeros(len(words), np.int64)
    found = pc.search_sorted(names, words, side="left")
    places: Numbers = found.to_numpy(zero_copy_only=False).astype(np.int64)
    return places


def links_in_force(
    home: Home, connection: sqlite3.Connection, every: Sequence[store.Act], dead: Dead
) -> Linked:
    """The links by these acts, but for what only dead batches say."""
    counting = store.in_force(every)
    acts = [act for act in every if act.kind == "link" and act.number in counting]
    if not acts:
        return Linked(
            pa.array([], pa.string()), Links(np.empty(0, np.int64), np.empty(0, np.int64))
        )
    key = file_key(acts, dead)
    names = read_kept(home, f"{key}.names", _NAMES)
    members = read_kept(home, f"{key}.members", _MEMBERS)
    if names is None or members is None:
        names, members = _read(connection, every, dead)
        keep(home, f"{key}.names", names)
        keep(home, f"{key}.members", members)
    group, subject = (members.column(n).to_numpy() for n in ("group", "subject"))
    return Linked(names.column("subject"), Links(group, subject))


def _read(
    connection: sqlite3.Connection, every: Sequence[store.Act], dead: Dead
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    counting = np.array(sorted(groups_in_force(connection, every)), np.int64)
    rows = connection.execute(
        "SELECT link_group, subject, batch FROM member ORDER BY link_group, subject"
    ).fetchall()
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    group = np.array(columns[0], np.int64)
    alive = np.isin(group, counting)
    alive &= ~np.isin(np.array(columns[2], np.int64), np.array(sorted(dead), np.int64))
    subjects = pa.array(columns[1], pa.string()).filter(pa.array(alive))
    names = subjects.unique()
    names = names.take(pc.sort_indices(names))
    places = pc.index_in(subjects, value_set=names).cast(pa.int64())
    return (
        pa.record_batch([names], schema=_NAMES),
        pa.record_batch([pa.array(group[alive]), places], schema=_MEMBERS),
    )


def groups_in_force(
    connection: sqlite3.Connection, every: Sequence[store.Act]
) -> Mapping[int, bytes]:
    """Digests of the link groups that were begun and not ended by those of these acts in force."""
    counting = store.in_force(every)
    ended = {group for group, act in connection.execute("SELECT * FROM ended") if act in counting}
    rows = connection.execute("SELECT number, act, digest FROM link_group ORDER BY number")
    return {n: digest for n, act, digest in rows if act in counting and n not in ended}


def file_key(acts: Iterable[store.Act], dead: Dead) -> str:
    """The name of what follows from these acts without these batches, and from nothing else."""
    told = [(act.number, act.kind, act.undoes, act.content.hex()) for act in acts]
    text = repr((store.FORMAT, told, sorted(dead.values())))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_kept(home: Home, name: str, schema: pa.Schema) -> pa.RecordBatch | None:
    """A kept file, mapped into memory; None where there is none that can be read."""
    try:
        batch = pa.ipc.open_file(pa.memory_map(str(_folder(home) / name))).get_batch(0)
    except (OSError, pa.ArrowInvalid):
        return None
    return batch if batch.schema.equals(schema) else None


def keep(home: Home, name: str, batch: pa.RecordBatch) -> None:
    """Keeping is a convenience: a full or read-only disk stops nothing. Old files go."""
    folder = _folder(home)
    with suppress(OSError):
        make_folder(folder)
        part = folder / f".{uuid4().hex}"
        with pa.ipc.new_file(str(part), batch.schema) as writer:
            writer.write_batch(batch)
        part.replace(folder / name)
        for one in sorted(folder.iterdir(), key=_made, reverse=True)[_KEPT:]:
            one.unlink(missing_ok=True)


def _made(path: Path) -> int:
    return path.stat().st_mtime_ns


def _folder(home: Home) -> Path:
    return home.identity / "kept"
