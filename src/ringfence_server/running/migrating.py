"""The tables of the database: brought up to this program, and whether they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

from ringfence.errors import DataError, StorageError
from ringfence_server.watching.schema import schema

_MIGRATING = 0x52_46_4D_49  # the database's lock of this work


def migrate() -> int:
    """How many steps were missing. Two at once are safe: the second waits, and finds none.

    DataError: the tables are of a newer program. StorageError: the database does not answer.
    """
    with answering(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            missing = _missing()
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
    return missing


def check() -> None:
    """DataError: the tables are older than this program, or newer. No connection is left open:
    processes that are forked from this one would share it.
    """
    with answering(), closing(connection):
        if missing := _missing():
            raise DataError(
                f"the database is older than this program ({missing} steps):"
                " run `ringfence serve migrate`",
                f"数据库版本低于本程序（相差 {missing} 步）：请运行 `ringfence serve migrate`",
            )


@contextmanager
def answering() -> Iterator[None]:
    """StorageError: the database does not answer; in its own words, which name no password."""
    try:
        yield
    except OperationalError as fault:
        words = " ".join(str(fault).split())
        raise StorageError(
            f"the database does not answer: {words}", f"数据库没有响应：{words}"
        ) from fault


def _missing() -> int:
    found = schema()
    if found.newer is not None:
        raise DataError(
            f"the database is newer than this program (it has {found.newer}): install the program"
            " that it was last used with",
            f"数据库版本高于本程序（含 {found.newer}）：请安装此前使用的程序版本",
        )
    return found.missing
