"""A list far longer than a trace makes: what a long one costs to read."""

from __future__ import annotations

from django.db import connection

from bench.server.rows.copying import look_over
from ringfence_server.tracing.models import Contact

_OWN = ("id", "rank", "person")


def crowded(run: int, contacts: int) -> None:
    """The run has so many contacts from here on: those beyond its own are like its last."""
    own = Contact.objects.filter(run=run).order_by("-rank")
    last = own[0]
    like = [field.column for field in Contact._meta.local_concrete_fields]
    same = ", ".join(f'"{name}"' for name in like if name not in _OWN)
    table = Contact._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (rank, person, {same}) '
            f"SELECT n, 'crowd' || n, {same} FROM \"{table}\", generate_series(%s, %s) n "
            "WHERE id = %s",
            [last.rank + 1, contacts - 1, last.pk],
        )
    look_over()
