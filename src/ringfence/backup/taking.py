"""Taking a backup while imports, acts and a server go on.

What refers to something is taken before it. The catalog is taken at one moment, together with what
stands beside the home (a server's database); then the files that it names, which nobody changes or
deletes meanwhile; then the vault, which knew each person before the catalog acknowledged the batch;
then who is one person, and work between agencies; the audit last, which has a row of all that.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ringfence.audit import append, last_number, lines_of, register_of
from ringfence.backup.manifest import Manifest, Part, Source, Writable
from ringfence.backup.shelf import Shelf, new_name, writing
from ringfence.errors import StorageError
from ringfence.lake import Home, catalog
from ringfence.lake.durable import storage_faults
from ringfence.lake.leases import lease, workplace, writer
from ringfence.lake.sqlite_file import open_file
from ringfence.lake.verification import acknowledged_files
from ringfence.vault import backup_key

HOME = "home"
ACT = "home.backup"
CATALOG = "catalog.sqlite"
MARK = "home.json"
REGISTER = "register_lines"
_FIXED = (MARK, "keys/tombstone.key")
_STORES = ("vault", "identity", "operations", "audit")
"""Folders of SQLite stores, in the order in which they are taken."""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Beside:
    """What is kept with a home. `moment`: held while the catalog is taken."""

    moment: Callable[[], AbstractContextManager[None]] = nullcontext
    sources: Sequence[Source] = ()
    facts: Callable[[], Mapping[str, Any]] = field(default=dict)


@contextmanager
def alone() -> Iterator[Beside]:
    """Nothing beside the home."""
    yield Beside()


@dataclass(frozen=True)
class Begun:
    name: str
    at: datetime


@dataclass(frozen=True)
class Taken:
    """`copied`: bytes that the backup folder did not have yet. `dropped`: older backups."""

    manifest: Manifest
    path: Path
    copied: int
    dropped: int

    def as_json(self) -> dict[str, Any]:
        return {
            "backup": self.manifest.name,
            "made_at": self.manifest.made_at.isoformat(),
            "files": len(self.manifest.parts),
            "bytes": self.manifest.bytes,
            "copied": self.copied,
            "dropped": self.dropped,
            "facts": dict(self.manifest.facts),
        }


def take(
    home: Home,
    folder: Path,
    *,
    by: str,
    now: datetime,
    keep: int | None = None,
    beside: Callable[[], AbstractContextManager[Beside]] = alone,
    progress: Callable[[int], None] = lambda _: None,
) -> Taken:
    """A new backup in a folder, durable on return; killed before, there is none.

    `keep`: how many backups stay, this one among them. `progress` is told bytes. The audit tells
    who took it, and the copy of it that is kept does so too.
    """
    key, wrapped = backup_key(home)
    with writing(folder, key, wrapped) as shelf:
        begun = Begun(new_name(now), now.astimezone(UTC))
        append(home, ACT, by=by, at=now, about={"backup": begun.name})
        made, copied = _made(home, shelf, begun, beside, progress)
        path = shelf.acknowledge(made)
        dropped = shelf.keep(keep)
    return Taken(made, path, copied, dropped)


def _made(
    home: Home,
    shelf: Shelf,
    begun: Begun,
    beside: Callable[[], AbstractContextManager[Beside]],
    progress: Callable[[int], None],
) -> tuple[Manifest, int]:
    with storage_faults(), writer(home):
        pass  # it sweeps what a killed backup left in the home
    with storage_faults(), workplace(home) as work, beside() as others:
        with others.moment():
            rows, since = last_number(home), _remembered_so_far(home)
            held = _catalog_held(home, work / CATALOG)
        try:
            parts, copied = [], 0
            for source, digest in _sources(home, work, others):
                part, fresh = _kept(shelf, home, source, digest)
                copied += part.bytes if fresh else 0
                parts.append(part)
                progress(part.bytes)
        finally:
            if held is not None:
                os.close(held)
        facts = {
            "sequence": _sequence(work / CATALOG),
            "audit_rows": rows,
            REGISTER: since,
            "jurisdiction": home.jurisdiction,
            "synthetic": home.synthetic,
            **others.facts(),
        }
    return Manifest(begun.name, begun.at, tuple(parts), facts), copied


def _kept(shelf: Shelf, home: Home, source: Source, digest: str | None) -> tuple[Part, bool]:
    """Whether it had to be copied: a content that is known may lie there from before."""
    if digest is None:
        return shelf.put(source), True
    name = shelf.object_of(digest)
    if not shelf.has(name):
        return shelf.put(source, name), True
    size = (home.root / source.path.removeprefix(f"{HOME}/")).stat().st_size
    return Part(source.path, name, size, digest), False


def _catalog_held(home: Home, copy: Path) -> int | None:
    """A copy of the catalog; the files that it names stay until the handle is closed."""
    while True:
        with catalog.reading(home.catalog) as connection:
            epoch = catalog.epoch(connection)
        held = lease(home, epoch)
        copy.unlink(missing_ok=True)
        _copy_database(home.catalog, copy)
        with catalog.reading(copy) as connection:
            if catalog.epoch(connection) == epoch:
                return held
        if held is not None:
            os.close(held)


def _remembered_so_far(home: Home) -> int:
    path = register_of(home)
    return 0 if path is None else lines_of(path)


def _sequence(copy: Path) -> int:
    with catalog.reading(copy) as connection:
        return catalog.last_sequence(connection)


def _sources(home: Home, work: Path, others: Beside) -> Iterator[tuple[Source, str | None]]:
    """What is to be kept, in order, with its sum where that is known."""
    yield from ((source, None) for source in others.sources)
    yield _file(f"{HOME}/{CATALOG}", work / CATALOG), None
    with catalog.reading(work / CATALOG) as connection:
        named = acknowledged_files(connection)
    for kept, digest in named.items():
        yield _file(f"{HOME}/{kept}", home.root / kept), digest
    for name in _FIXED:
        yield _file(f"{HOME}/{name}", home.root / name), None
    for folder in (home.protocols, home.layouts):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield _file(f"{HOME}/{path.relative_to(home.root)}", path), None
    for store in _STORES:
        for path in sorted((home.root / store).glob("*.sqlite")):
            copy = work / f"{store}-{path.name}"
            if _copied(path, copy):
                yield _file(f"{HOME}/{store}/{path.name}", copy), None
                copy.unlink()


def _copied(path: Path, copy: Path) -> bool:
    """False: it was shredded in the meantime."""
    try:
        _copy_database(path, copy)
    except sqlite3.OperationalError:
        if path.exists():
            raise
        return False
    return True


def _copy_database(path: Path, copy: Path) -> None:
    """As of one moment, while others write."""
    with closing(open_file(path)) as source, closing(sqlite3.connect(copy)) as target:
        copy.chmod(0o600)
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def _file(path: str, file: Path) -> Source:
    def content(to: Writable) -> None:
        try:
            with file.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    to.write(block)
        except FileNotFoundError:
            raise StorageError(
                f"{path} is missing: run `ringfence lake verify`",
                f"缺少 {path}：请运行 `ringfence lake verify`",
            ) from None

    return Source(path, content)
