"""Lines written anew after units were added or moved: of the units below, and of all rows in them.

A temporary table `changed` names the units to begin with. Levels go down strictly, so one statement
a level, from the top, finds each parent's line already right.
"""

# ruff: noqa: S608 - put together from our own names of columns; what is told goes in as values.

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.utils import CursorWrapper

from ringfence_server.jurisdictions.models import COLUMNS, LEVELS, InUnit

_UNITS = "jurisdictions_unit"
_DIFFERS = (
    f"({', '.join(f'of.{level}' for level in COLUMNS)}) IS DISTINCT FROM "
    f"({', '.join(f'line.{level}' for level in COLUMNS)})"
)
_COPY = ", ".join(f"{level} = line.{level}" for level in COLUMNS)
_LINE = ", ".join(
    f"CASE WHEN u.level = '{level}' THEN u.code ELSE coalesce(p.{level}, '') END AS {level}"
    for level in COLUMNS
)
_BELOW = f"""
    INSERT INTO changed SELECT u.code FROM {_UNITS} u JOIN changed c ON u.parent_id = c.code
    WHERE u.level = %s ON CONFLICT DO NOTHING"""
_WRITE = f"""
    UPDATE {_UNITS} of SET {_COPY} FROM (
        SELECT u.code, {_LINE} FROM changed c JOIN {_UNITS} u ON u.code = c.code
        LEFT JOIN {_UNITS} p ON p.code = u.parent_id WHERE u.level = %s
    ) line WHERE of.code = line.code AND {_DIFFERS}"""


def write_lines(cursor: CursorWrapper) -> None:
    for level in LEVELS:
        cursor.execute(_BELOW, [level])
        cursor.execute("ANALYZE changed")
        cursor.execute(_WRITE, [level])
    for model in in_units():
        unit = model._meta.get_field("unit").column
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" of SET {_COPY} FROM {_UNITS} line '
            f'JOIN changed c ON c.code = line.code WHERE of."{unit}" = line.code AND {_DIFFERS}'
        )


def in_units() -> Iterator[type[InUnit]]:
    """All models whose table has the columns of a line and belongs to a unit."""
    for model in apps.get_models():
        if issubclass(model, InUnit) and not model._meta.proxy and _own(model):
            yield model


def _own(model: type[InUnit]) -> bool:
    return any(field.name == "unit" for field in model._meta.local_fields)
