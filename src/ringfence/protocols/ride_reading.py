"""Seats, vehicle and trip of a rule → model.RideRule."""

from __future__ import annotations

from ringfence.protocols import quantities as q
from ringfence.protocols.fields import Section
from ringfence.protocols.model import RideRule

RIDDEN = ("seat", "vehicle", "trip")
SEAT_FIELDS = (
    "rows",
    "same_carriage",
    "same_compartment",
    "adjacent_bays",
    "everyone",
    "staff_of_zone",
    "around",
    "reused",
)
_MOST_SEATS = 20


def ride(section: Section) -> RideRule | None:
    if not any(name in section for name in RIDDEN):
        return None

    seat = section.get(
        "seat",
        lambda value: value.section(*SEAT_FIELDS),
        None,
    )
    vehicle = section.get("vehicle", lambda value: value.section("sealed", "hepa"), None)
    trip = section.get("trip", lambda value: value.section("at_least"), None)
    hours = trip.need("at_least", q.duration, 0) if trip else None

    def says(name: str) -> bool:
        return seat.get(name, q.truth, False) if seat else False

    return RideRule(
        rows=seat.get("rows", q.whole(0, 100), None) if seat else None,
        same_carriage=says("same_carriage"),
        same_compartment=says("same_compartment"),
        adjacent_bays=says("adjacent_bays"),
        everyone=says("everyone"),
        staff_of_zone=says("staff_of_zone"),
        sealed=vehicle.get("sealed", q.truth, None) if vehicle else None,
        hepa=vehicle.get("hepa", q.truth, None) if vehicle else None,
        around=seat.get("around", q.whole(1, _MOST_SEATS), None) if seat else None,
        reused=says("reused"),
        trip_hours=None if hours is None else hours / 60,
    )
