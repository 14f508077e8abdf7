"""How the found stays and pairs are put together, step by step."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql.expressions import pairs, schemas, stays


def open_stays(found: tuple[str, ...]) -> ir.Table:
    """Stays of the focuses but for the closed ones."""
    columns = {name: kind for name, kind in schemas.STAY.items() if name != "disputed"}
    stay = _union([schemas.relation(name, columns) for name in found])
    closed = schemas.relation("closed", schemas.CLOSED)
    return stays.disputed(
        stay.anti_join(closed, ["focus", "place", "stay_start"]), "stay_start", "stay_end"
    )


def wanted_places(events: bool) -> ir.Table:
    columns = {name: kind for name, kind in schemas.STAY.items() if name != "disputed"}
    told = [schemas.relation("found_presence", columns).select("place")]
    if events:
        told.append(schemas.relation("raw_event", schemas.RAW_EVENT).select("place"))
    return _union(told).distinct()


def others(events: bool) -> ir.Table:
    found = [stays.other_presences()]
    if events:
        found.append(stays.other_dwells())
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


def wanted_subjects() -> ir.Table:
    found = schemas.relation("found_overlap", schemas.OVERLAP)
    focus = schemas.relation("focus", schemas.FOCUS)
    return found.select(subject="other").union(focus.select("subject"), distinct=True)


def numbered_overlaps(roles: bool) -> ir.Table:
    found = schemas.relation("found_overlap", schemas.OVERLAP)
    told = pairs.with_roles(found) if roles else found
    return told.mutate(overlap_id=ibis.row_number())


def _union(tables: list[ir.Table]) -> ir.Table:
    whole = tables[0]
    for table in tables[1:]:
        whole = whole.union(table)
    return whole


def all_rows(table: str) -> ir.Table:
    return schemas.lake_table(table, "first")


def rows_among(table: str, column: str) -> ir.Table:
    wanted = schemas.relation("wanted_key", {"key": "string"})
    rows = schemas.lake_table(table, "first")
    return rows.semi_join(wanted, rows[column] == wanted.key)
