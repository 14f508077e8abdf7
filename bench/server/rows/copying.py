"""Rows into a model's table by COPY: as the application writes them, only quicker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from django.db import connection, models
from psycopg import Connection
from psycopg.types.json import Jsonb

from ringfence_server.jurisdictions.models import COLUMNS, Unit

Row = Sequence[Any]


def copy(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> int:
    """`fields`: names of columns, `id` among them where others refer to the rows; how many.

    While the rows are made, nothing else can be asked of this connection.
    """
    named = {field.column: field for field in model._meta.local_concrete_fields}
    for name in fields:
        assert name in named, f"{model.__name__} has no column {name}"
    as_json = [isinstance(named[name], models.JSONField) for name in fields]
    columns = ", ".join(f'"{name}"' for name in fields)
    copied = 0
    asked = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    with _driver().cursor() as cursor, cursor.copy(asked) as into:
        for row in rows:
            told = zip(row, as_json, strict=True)
            into.write_row([Jsonb(v) if json and v is not None else v for v, json in told])
            copied += 1
    if "id" in fields:
        _follow(model)
    return copied


def numbers(model: type[models.Model]) -> Callable[[], int]:
    """Free keys of the table, one after the other."""
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
    running = count(last + 1)
    return lambda: next(running)


def lines() -> dict[str, tuple[str, ...]]:
    """By unit, the codes that a row in it carries, in the order of `COLUMNS`."""
    return {unit.pk: tuple(unit.line[level] for level in COLUMNS) for unit in Unit.objects.all()}


def look_over() -> None:
    """What autovacuum would have done a minute after such a load."""
    driver = _driver()
    assert driver.autocommit
    driver.execute("VACUUM (ANALYZE)")


def _follow(model: type[models.Model]) -> None:
    """The table's own numbering goes on after ours."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\""
        )


def _driver() -> Connection[Any]:
    connection.ensure_connection()
    driver: Connection[Any] = connection.connection
    return driver
