"""How the found stays and pairs are put together, step by step."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import pairs, schemas, stays

_FOUND_STAY = {name: kind for name, kind in columns.STAY.items() if name != "disputed"}


def open_stays(found: tuple[str, ...], denied: bool) -> ir.Table:
    """Stays of the focuses but for the closed ones. `denied`: somebody denied a stay."""
    stay = _union([schemas.relation(name, _FOUND_STAY) for name in found])
    closed = schemas.relation("closed", columns.CLOSED)
    still_open = stay.anti_join(closed, ["focus", "place", "stay_start"])
    if not denied:
        return still_open.mutate(disputed=ibis.literal(False))
    return stays.disputed(still_open, "stay_start", "stay_end")


def wanted_places(events: bool) -> ir.Table:
    told = [schemas.relation("found_presence", _FOUND_STAY).select("place")]
    if events:
        told.append(schemas.relation("raw_event", columns.RAW_EVENT).select("place"))
    return _union(told).distinct()


def others(events: bool, denied: bool) -> ir.Table:
    """Stays of others near those of the focuses."""
    found = [stays.other_presences()]
    if events:
        found.append(stays.other_dwells())
    if not denied:
        return _union(found).mutate(disputed=ibis.literal(False))
    return stays.disputed(_union(found), "start", "end")


def found_overlaps(places: bool, encounters: bool, links: bool, lag: int) -> ir.Table:
    found = []
    if places:
        found.append(pairs.place_overlaps(lag))
    if encounters:
        found.append(pairs.encounters())
    if links:
        found.append(pairs.links())
    return _union(found)


def overlaps(places: bool, encounters: bool, links: bool, lag: int) -> ir.Table:
    """The overlaps found, numbered."""
    return _numbered(found_overlaps(places, encounters, links, lag))


def wanted_subjects() -> ir.Table:
    found = schemas.relation("found_overlap", columns.OVERLAP)
    focus = schemas.relation("focus", columns.FOCUS)
    return found.select(subject="other").union(focus.select("subject"), distinct=True)


def numbered_overlaps(roles: bool) -> ir.Table:
    found = schemas.relation("found_overlap", columns.OVERLAP)
    return _numbered(pairs.with_roles(found) if roles else found)


def _numbered(found: ir.Table) -> ir.Table:
    return found.mutate(overlap_id=ibis.row_number())


def _union(tables: list[ir.Table]) -> ir.Table:
    whole = tables[0]
    for table in tables[1:]:
        whole = whole.union(table)
    return whole


def all_rows(table: str) -> ir.Table:
    return schemas.lake_table(table)


def rows_among(table: str, column: str, narrowed: bool) -> ir.Table:
    """Rows whose column is one of the keys; `narrowed`: of those bound by that column."""
    wanted = schemas.relation("wanted_key", {"key": "string"})
    rows = schemas.lake_table(table, column if narrowed else None)
    return rows.semi_join(wanted, rows[column] == wanted.key)
