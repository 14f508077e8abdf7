"""All overlaps of the focuses with others, of every kind of record that was found."""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import pairs, schemas, stays


def overlaps(kinds: tuple[str, ...], lag: int, denied: bool) -> ir.Table:
    """OVERLAP. `kinds`: those of which there are records; `denied`: somebody denied a stay."""
    found = []
    if "presence" in kinds or "event" in kinds:
        found.append(pairs.place_overlaps(_stays(kinds, denied), _others(kinds, denied), lag))
    if "encounter" in kinds:
        found.append(pairs.encounters())
    if "link" in kinds:
        found.append(pairs.links())
    return _union(found)


def _stays(kinds: tuple[str, ...], denied: bool) -> ir.Table:
    """Stays of the focuses but for the closed ones."""
    found = []
    if "presence" in kinds:
        found.append(stays.focus_presences())
    if "event" in kinds:
        found.append(stays.focus_dwells())
    closed = schemas.relation("closed", columns.CLOSED)
    still_open = _union(found).anti_join(closed, ["focus", "place", "stay_start"])
    return (
        stays.disputed(still_open, "stay_start", "stay_end") if denied else _undisputed(still_open)
    )


def _others(kinds: tuple[str, ...], denied: bool) -> ir.Table:
    """Stays of others at the places of the focuses."""
    found = []
    if "presence" in kinds:
        found.append(stays.other_presences())
    if "event" in kinds:
        found.append(stays.other_dwells())
    return stays.disputed(_union(found), "start", "end") if denied else _undisputed(_union(found))


def _undisputed(found: ir.Table) -> ir.Table:
    return found.mutate(disputed=ibis.literal(False))


def _union(tables: list[ir.Table]) -> ir.Table:
    return reduce(lambda whole, table: whole.union(table), tables)
