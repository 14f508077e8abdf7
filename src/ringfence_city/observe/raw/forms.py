"""Which channel delivers in which form, and what of a channel stays canonical."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ringfence_city.observe.raw import doors, hotels, passages, scans, tickets, tills
from ringfence_city.observe.raw.sheet import Clerk, Sheet
from ringfence_city.observe.rows import Columns, chosen

Tables = Mapping[str, Columns]
Written = tuple[list[Sheet | None], Tables]
"""Sheets, and the tables that no form took."""


def _scans(clerk: Clerk, tables: Tables) -> Written:
    return [scans.write(clerk, tables.get("presence", {}), tables.get("event", {}))], {}


def _payments(clerk: Clerk, tables: Tables) -> Written:
    return [tills.write(clerk, tables.get("event", {}))], {}


def _doors(clerk: Clerk, tables: Tables) -> Written:
    return [doors.visitors(clerk, tables.get("link", {}))], {}


def _hotels(clerk: Clerk, tables: Tables) -> Written:
    return [hotels.write(clerk, tables.get("presence", {}))], {}


def _carriers(clerk: Clerk, tables: Tables) -> Written:
    """Rail tickets and cameras; lists of other carriers, cards and meters stay canonical."""
    rest = dict(tables)
    sheets = [passages.write(clerk, rest.pop("sighting", {}))]
    if "ride" in rest:
        on_train = tickets.sold(rest["ride"])
        sheets.append(tickets.write(clerk, chosen(rest["ride"], on_train)))
        rest["ride"] = chosen(rest["ride"], ~on_train)
    return sheets, rest


FORMS: Mapping[str, Callable[[Clerk, Tables], Written]] = {
    "venue-scans": _scans,
    "payments": _payments,
    "door-to-door": _doors,
    "hotel-register": _hotels,
    "transport": _carriers,
}
