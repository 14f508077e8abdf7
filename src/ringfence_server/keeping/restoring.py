"""A server out of a backup, on an empty machine: home, database, deployment, whole or not at all.

Built beside its place: home, then database, then what was deleted and revoked since, then what the
outbox still owes; the folder gets its name last.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from ringfence.backup import Manifest, Shelf, building, open_shelf, unpack
from ringfence.backup.restoring import write_part
from ringfence.errors import StorageError, Text, UsageError
from ringfence.lake import Home
from ringfence.lake.durable import discard, write_durably
from ringfence_server.keeping.dumping import load
from ringfence_server.keeping.files import KINDS as OWN_KINDS
from ringfence_server.keeping.files import moved, told_by
from ringfence_server.keeping.taking import DATABASE, FILE, KINDS, SECRET
from ringfence_server.running import cluster
from ringfence_server.running.beginning import FILE as DEPLOYMENT

_TABLES = (
    "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
)


@dataclass(frozen=True)
class Restored:
    """`lost`: rows of the audit written after the backup. `again`: acts that were applied again.
    `delivered`, `drained`: what the outbox still owed the home. `differences`: empty, or a fault.
    """

    root: Path
    manifest: Manifest
    lost: int
    again: tuple[tuple[str, str, bool], ...] = ()
    delivered: int = 0
    drained: int = 0
    differences: tuple[Text, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "deployment": str(self.root / DEPLOYMENT),
            "backup": self.manifest.name,
            "made_at": self.manifest.made_at.isoformat(),
            "audit_rows_since": self.lost,
            "again": [
                {"act": act, "about": about, "done": done} for act, about, done in self.again
            ],
            "delivered": self.delivered,
            "drained": self.drained,
            "differences": [one.en for one in self.differences],
        }


def restore(
    folder: Path,
    to: Path,
    *,
    name: str | None = None,
    database: str | None = None,
    by: str,
    now: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> Restored:
    """Into a new or empty folder. `database`: an empty one; none: a private one in the folder.

    `now`: asked once the deployment is there, whose clock it is.
    """
    shelf, found = _served(folder, name)
    with (
        building(to, _clear) as place,
        _built(shelf, found, place, database, progress) as (home, lost),
    ):
        from ringfence_server.keeping.again import set_right

        done = set_right(home, found, by=by, at=now())
        restored = Restored(to.absolute(), found, lost, **done)
        if restored.differences:
            raise StorageError(*restored.differences[0])
        told = told_by(b"".join(shelf.read(_part(found, FILE))))
        final = to.absolute()
        where = database or cluster.Cluster(final / "database").address
        text = moved(told, final, where, private=database is None)
        (place / DEPLOYMENT).unlink()
        write_durably(place / DEPLOYMENT, text.encode(), 0o600)
    return restored


def drill(
    folder: Path,
    work: Path,
    *,
    name: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Restored:
    """Restored into a folder that is gone on return, with a private database; nothing is written to
    the audit, and nothing outside the folder is changed.
    """
    shelf, found = _served(folder, name)
    work.mkdir(mode=0o711)
    try:
        with _built(shelf, found, work, None, progress) as (home, lost):
            from ringfence_server.keeping.agreement import differences
            from ringfence_server.tasks.gone_kinds import check_kinds

            check_kinds()
            return Restored(work, found, lost, differences=tuple(differences(home)))
    finally:
        _clear(work)


def _served(folder: Path, name: str | None) -> tuple[Shelf, Manifest]:
    shelf, path = open_shelf(folder, name)
    found = shelf.manifest(path)
    if found.part(FILE) is None or found.part(DATABASE) is None:
        raise UsageError(
            f"{found.name} holds a home without a server: use `ringfence restore`",
            f"{found.name} 只含数据目录，不含服务器：请使用 `ringfence restore`",
        )
    return shelf, found


@contextmanager
def _built(
    shelf: Shelf,
    found: Manifest,
    place: Path,
    database: str | None,
    progress: Callable[[int], None],
) -> Iterator[tuple[Home, int]]:
    """Home and database as they were, the database running and this process set up for them."""
    if database is not None:
        _refuse_full(database)
    home, lost = unpack(shelf, found, place / "home", progress)
    write_part(shelf, _part(found, SECRET), place, "secret")
    told = told_by(b"".join(shelf.read(_part(found, FILE))))
    if "kinds" in told:
        write_part(shelf, _part(found, KINDS), place, OWN_KINDS)
    address, own = database or "", None
    if database is None:
        own = cluster.make(place / "database", lasting=True)
        address = own.address
        cluster.start(own)
    try:
        load(address, shelf.read(_part(found, DATABASE)))
        progress(_part(found, DATABASE).bytes)
        text = moved(told, place, address, private=own is not None)
        write_durably(place / DEPLOYMENT, text.encode(), 0o600)
        _prepared(place / DEPLOYMENT)
        yield home, lost
    finally:
        _release()
        if own is not None:
            cluster.stop(own)


def _prepared(file: Path) -> None:
    """With the tables of this program, which may be newer than the backup."""
    from ringfence_server.running.migrating import migrate
    from ringfence_server.running.preparing import prepare

    prepare(file)
    migrate()


def _release() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()


def _part(found: Manifest, path: str) -> Any:
    part = found.part(path)
    if part is None:
        raise StorageError(f"{path} is not in the backup", f"备份中没有 {path}")
    return part


def _refuse_full(database: str) -> None:
    try:
        with psycopg.connect(database) as connection:
            row = connection.execute(_TABLES.encode()).fetchone()
    except psycopg.Error:
        raise StorageError("the database does not answer", "数据库没有响应") from None
    if row is None or row[0]:
        raise UsageError(
            "the database is not empty: a backup is restored into an empty one"
            " (dropdb, createdb; docs/how-to/back-up-and-restore.md)",
            "数据库不是空的：请恢复到空数据库"
            "（dropdb、createdb；见 docs/how-to/back-up-and-restore.md）",
        )


def _clear(place: Path) -> None:
    """A killed restore leaves its database running."""
    own = cluster.Cluster(place / "database")
    if own.data.exists():
        cluster.stop(own, at_once=True)
    discard(place)
    if place.exists():
        shutil.rmtree(place)
