"""The list as CSV: a spreadsheet runs nothing that a sender wrote."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from ringfence.operations.areas.as_csv import content
from ringfence.operations.areas.asking import VehicleList
from ringfence.operations.areas.seen import Sighting, Span, vehicles_seen

AT = datetime(2022, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_starts_a_formula(start: str) -> None:
    vehicle, place = f"{start}V", f"{start}gate"
    spans = (Span("high", AT, None, frozenset({place})),)
    told = VehicleList(
        area=f"{start}A",
        spans=spans,
        cases=("C1",),
        as_of=AT,
        zone="Asia/Shanghai",
        warnings=(),
        vehicles=vehicles_seen(spans, [Sighting(vehicle, place, AT)]),
        names={place: f"{start}name"},
    )
    text = content(told).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["vehicle"], row["area"]) == (f"'{vehicle}", f"'{start}A")
    assert row["places"] == row["first_place"] == f"'{start}name ({place})"
    assert not any(cell.startswith(start) for cell in row.values())
