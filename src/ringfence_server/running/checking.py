"""What must be so before web and worker begin."""

from __future__ import annotations

from contextlib import closing

from django.db import connection

from ringfence_server.running import migrating
from ringfence_server.tasks.gone_kinds import check_kinds


def check() -> None:
    """DataError: the tables are not of this program, or the file of kinds cannot be used. No
    connection is left open, as with the tables. Kinds are read here once: processes that are forked
    from this one have them, whatever becomes of the file.
    """
    migrating.check()
    with migrating.answering(), closing(connection):
        check_kinds()
