"""A backup of a served home, taken while it is served.

The database leads: what an act owes the home is delivered from it. So database and catalog are
taken at one moment at which no delivery is under way: a snapshot of the database is exported, the
catalog is copied, and deliveries go on. Each delivery is then in both, or in neither and waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel

from ringfence.backup import Beside, Source, Taken, take
from ringfence.backup.manifest import Writable
from ringfence.errors import StorageError
from ringfence.lake import Home
from ringfence_server.deployment.reading import Deployment
from ringfence_server.keeping.dumping import dump
from ringfence_server.tasks.own_kinds import content_of

DATABASE = "database/dump"
FILE = "deployment/deployment.toml"
SECRET = "deployment/secret"  # noqa: S105 - the place of the file that holds it
KINDS = "deployment/kinds.yaml"
_FACTS = {
    "database_version": "SHOW server_version",
    "audit_row": "SELECT coalesce(max(id), 0) FROM outbox_auditrow",
    "deliveries": "SELECT count(*) FROM outbox_delivery",
}


def back_up(
    served: Deployment,
    file: Path,
    home: Home,
    folder: Path,
    *,
    by: str,
    now: datetime,
    keep: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Taken:
    """`file`: the deployment's. StorageError: disk or database is at fault, and there is none.
    NotFound: the file of kinds that the deployment names is not there.
    """
    kinds = None if served.kinds is None else content_of(served.kinds)
    beside = partial(_database, served, file, kinds)
    return take(home, folder, by=by, now=now, keep=keep, beside=beside, progress=progress)


@contextmanager
def _database(served: Deployment, file: Path, kinds: bytes | None) -> Iterator[Beside]:
    # A restore needs the names of the parts before Django is set up for any deployment.
    from ringfence_server.outbox.delivering import DELIVERING

    facts: dict[str, Any] = {}
    snapshot: list[str] = []
    try:
        with psycopg.connect(served.database) as seen:
            seen.isolation_level = IsolationLevel.REPEATABLE_READ
            seen.read_only = True

            @contextmanager
            def moment() -> Iterator[None]:
                with psycopg.connect(served.database) as held:
                    held.execute("SELECT pg_advisory_xact_lock(%s)", [DELIVERING])
                    snapshot.append(_one(seen, "SELECT pg_export_snapshot()"))
                    yield
                facts.update({name: _one(seen, query) for name, query in _FACTS.items()})

            def dumped(to: Writable) -> None:
                dump(served.database, snapshot[0], to)

            yield Beside(
                moment,
                (
                    Source(DATABASE, dumped),
                    Source(FILE, _written(file.read_bytes())),
                    Source(SECRET, _written(served.secret.encode())),
                    *([] if kinds is None else [Source(KINDS, _written(kinds))]),
                ),
                lambda: facts,
            )
    except psycopg.Error as fault:
        raise StorageError(
            "the database does not answer: there is no backup",
            "数据库没有响应：未完成备份",
        ) from fault


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _written(content: bytes) -> Callable[[Writable], None]:
    def write(to: Writable) -> None:
        to.write(content)

    return write
