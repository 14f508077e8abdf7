"""Reading the tree. Other parts of the server come here, never to the models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from ringfence_server.jurisdictions.models import COLUMNS, Unit

Row = TypeVar("Row", bound=Model)


def within(rows: QuerySet[Row], units: Iterable[Unit]) -> QuerySet[Row]:
    """The rows (`InLine`) that lie in one of these units; none where there is none."""
    units = list(units)
    if any(unit.level == "country" for unit in units):
        return rows
    if not units:
        return rows.none()
    lies_in = Q()
    for unit in units:
        lies_in |= Q(**{unit.level: unit.code})
    return rows.filter(lies_in)


def covers(above: Unit, below: Unit) -> bool:
    """A unit covers itself."""
    return above.level == "country" or getattr(below, above.level) == above.code


def line_above(unit: Unit) -> list[Unit]:
    """From the top down to the unit itself."""
    codes = [code for code in unit.line.values() if code]
    found = {one.code: one for one in Unit.objects.filter(code__in=codes)}
    return [found[code] for level in COLUMNS if (code := getattr(unit, level))]
