"""What must hold for the server to be of use: one check each, and what to say where it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection

from ringfence.errors import Text, UserError
from ringfence_server.deployment.here import home, now
from ringfence_server.outbox.auditing import waiting_since
from ringfence_server.watching.schema import schema

HEARTBEAT_SECONDS = 60
AUDIT_WAITS_AT_MOST = timedelta(minutes=10)
_LAST_STEP = "SELECT max(id) FROM django_migrations"
_HEARTBEAT = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
_SILENT = Text("the database does not answer", "数据库没有响应")
_OLD = Text("its tables are not of this program", "数据表与程序版本不符")
_NO_HOME = Text("the home cannot be opened", "无法打开数据目录")
_NO_WORKER = Text("no worker shows a sign of life", "没有后台进程的心跳")
_AUDIT_WAITS = Text(
    "rows of the audit have waited for more than 10 minutes", "审计记录等待写入已超过 10 分钟"
)
# The last step of a schema that was found to be current: looking again costs a tenth of a second.
_current: set[float] = set()


def failures() -> dict[str, Text]:
    """By check; empty: ready."""
    found = {}
    for name, check in _CHECKS.items():
        try:
            said = check()
        except (DatabaseError, InterfaceError):
            said = _SILENT
        if said is not None:
            found[name] = said
        if "database" in found:
            break
    return found


def heartbeat_age() -> float | None:
    """Seconds since a worker last showed that it lives; None: there is none."""
    return _one(_HEARTBEAT)


def _database() -> Text | None:
    _one("SELECT 1")
    return None


def _schema() -> Text | None:
    last = _one(_LAST_STEP)
    if last in _current:
        return None
    if not schema().current:
        return _OLD
    if last is not None:
        _current.add(last)
    return None


def _home() -> Text | None:
    try:
        home()
    except UserError:
        return _NO_HOME
    return None


def _worker() -> Text | None:
    age = heartbeat_age()
    return _NO_WORKER if age is None or age > HEARTBEAT_SECONDS else None


def _audit() -> Text | None:
    since = waiting_since()
    return None if since is None or now() - since <= AUDIT_WAITS_AT_MOST else _AUDIT_WAITS


def _one(query: str) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone()
    return None if value is None else float(value)


_CHECKS: dict[str, Callable[[], Text | None]] = {
    "database": _database,
    "schema": _schema,
    "home": _home,
    "worker": _worker,
    "audit": _audit,
}
