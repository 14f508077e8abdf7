"""Locking out who tries too often: five wrong tries in a quarter of an hour, for any name.

A try is written down before the password is looked at, so that tries at once are counted as well,
and forgotten when it was right. A name that no account has is counted too: whether there is one is
not to be told from the answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from ringfence_server.accounts.models import Attempt, User
from ringfence_server.outbox.auditing import told

MOST = 5
WINDOW = timedelta(minutes=15)
_SWEPT_AT_ONCE = 200
NOBODY = "nobody:"
"""In the audit, for a name that no account has: what was typed may be a password."""


def begin(name: str, at: datetime) -> Attempt | None:
    """None: locked."""
    digest = _digest(name)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(digest)])
        cursor.execute(
            "DELETE FROM accounts_attempt WHERE id IN (SELECT id FROM accounts_attempt"
            " WHERE at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)",
            [at - WINDOW, _SWEPT_AT_ONCE],
        )
        if _counted(digest, at) >= MOST:
            return None
        return Attempt.objects.create(name=digest, at=at)


def right(attempt: Attempt) -> None:
    attempt.delete()


def wrong(attempt: Attempt, user: User | None, at: datetime, what: str) -> None:
    """It stays counted, and is told. `what`: what was wrong."""
    by = NOBODY if user is None else user.username
    with transaction.atomic():
        told("account.refuse", by=by, at=at, about={"wrong": what})
        if _counted(attempt.name, at) == MOST:
            told("account.lock", by=by, at=at, about={})


def forget(username: str) -> None:
    """After signing in, or when an administrator lifts the lock."""
    Attempt.objects.filter(name=_digest(username)).delete()


def locked(username: str, at: datetime) -> bool:
    return _counted(_digest(username), at) >= MOST


def _counted(digest: str, at: datetime) -> int:
    return Attempt.objects.filter(name=digest, at__gt=at - WINDOW).count()


def _digest(name: str) -> str:
    salt = "ringfence_server.accounts.lockout"
    return salted_hmac(salt, name, algorithm="sha256").hexdigest()


def _number(digest: str) -> int:
    return int(digest[:16], 16) - (1 << 63)
