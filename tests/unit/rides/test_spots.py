"""Where a ticket's seat is in a vehicle, and how near two of them are."""

from __future__ import annotations

import pytest

from ringfence.rides.catalogue import layouts
from ringfence.rides.spots import (
    Seat,
    Spot,
    around,
    same_carriage,
    same_seat,
    spot_of,
    within_bays,
    within_rows,
)

TRAIN, PLANE = "train", "aircraft"


@pytest.mark.parametrize(
    ("layout", "kind", "seat", "row", "across", "bay"),
    [
        ("high-speed-second", TRAIN, Seat("8", "12", "A"), 12, 0, 0),
        ("high-speed-second", TRAIN, Seat("8", "12", "F"), 12, 4, 0),
        ("high-speed-first", TRAIN, Seat("1", "3", "D"), 3, 2, 0),
        ("high-speed-business", TRAIN, Seat("1", "1", "F"), 1, 2, 0),
        ("hard-seat", TRAIN, Seat("3", None, "1"), 1, None, 1),
        ("hard-seat", TRAIN, Seat("3", None, "45"), 9, None, 5),
        ("hard-seat", TRAIN, Seat("3", None, "46"), 10, None, 5),
        ("hard-sleeper", TRAIN, Seat("5", "11", "下"), None, None, 6),
        ("hard-sleeper", TRAIN, Seat("5", "12", "上铺"), None, None, 6),
        ("hard-sleeper", TRAIN, Seat("5", "13", "middle"), None, None, 7),
        ("soft-sleeper", TRAIN, Seat("9", "4", "上"), None, None, 1),
        ("soft-sleeper", TRAIN, Seat("9", "5", "下"), None, None, 2),
        ("soft-sleeper", TRAIN, Seat("9", None, "8"), None, None, 2),
        ("aircraft-single-aisle", PLANE, Seat(None, "31", "D"), 31, 3, 0),
        ("aircraft-twin-aisle", PLANE, Seat(None, "31", "K"), 31, 7, 0),
        ("coach", "coach", Seat(None, None, "13"), 4, None, 0),
        (None, TRAIN, Seat("8", "12", "F"), 12, None, None),
        (None, TRAIN, Seat("5", "11", "下"), None, None, None),
    ],
)
def test_where_a_seat_is(  # noqa: PLR0917 - columns of the table above
    layout: str | None, kind: str, seat: Seat, row: int | None, across: int | None, bay: int | None
) -> None:
    spot = spot_of(seat, kind, layouts()[layout] if layout else None)
    assert (spot.row, spot.across, spot.bay, spot.wrong) == (row, across, bay, False)
    assert spot.carriage == ("" if kind != TRAIN else seat.carriage)


@pytest.mark.parametrize(
    ("layout", "seat"),
    [
        ("high-speed-second", Seat("8", "12", "E")),
        ("high-speed-second", Seat("8", "21", "A")),
        ("high-speed-second", Seat("8", None, "45")),
        ("hard-sleeper", Seat("5", "23", "下")),
        ("hard-sleeper", Seat("5", "11", "A")),
        ("soft-sleeper", Seat("5", "11", "中")),
        ("hard-seat", Seat("3", None, "0")),
        ("hard-seat", Seat("3", None, "１２")),
    ],
)
def test_a_seat_that_the_vehicle_has_not_is_not_known(layout: str, seat: Seat) -> None:
    spot = spot_of(seat, TRAIN, layouts()[layout])
    assert spot == Spot(seat.carriage, wrong=True)


def test_who_stands_has_a_carriage_at_most() -> None:
    assert spot_of(Seat("4"), TRAIN, layouts()["high-speed-second"]) == Spot("4")


HERE = Spot("8", 12, 4, 0)


@pytest.mark.parametrize(
    ("other", "rows", "seats", "carriage"),
    [
        (Spot("8", 12, 3, 0), True, True, True),
        (Spot("8", 15, 0, 0), True, False, True),
        (Spot("8", 16, 4, 0), False, False, True),
        (Spot("7", 12, 4, 0), False, False, False),
        (Spot("8"), None, None, True),
        (Spot(None), None, None, None),
        (Spot(None, 40, 0, 0), False, False, None),
        (Spot("7"), False, False, False),
        (Spot("8", 13, None, 0), True, None, True),
    ],
)
def test_rows_and_seats(
    other: Spot, rows: bool | None, seats: bool | None, carriage: bool | None
) -> None:
    assert within_rows(HERE, other, 3) is rows
    assert around(HERE, other, 2) is seats
    assert same_carriage(HERE, other) is carriage
    assert within_rows(other, HERE, 3) is rows


@pytest.mark.parametrize(
    ("one", "other", "same", "next_to"),
    [
        (Spot("5", bay=6), Spot("5", bay=6), True, True),
        (Spot("5", bay=6), Spot("5", bay=7), False, True),
        (Spot("5", bay=6), Spot("5", bay=8), False, False),
        (Spot("5", bay=6), Spot("6", bay=6), False, False),
        (Spot("5", bay=6), Spot("5"), None, None),
        (Spot("5", 3, 1, 0), Spot("5", 3, 2, 0), False, False),
        (Spot("", zone="C12"), Spot("", zone="C12"), True, None),
        (Spot("", zone="C12"), Spot("", zone="C14"), False, None),
    ],
)
def test_bays_and_cabins(one: Spot, other: Spot, same: bool | None, next_to: bool | None) -> None:
    assert within_bays(one, other, 0) is same
    assert within_bays(one, other, 1) is next_to


def test_the_same_seat_is_that_of_the_same_carriage() -> None:
    mine = Seat("8", "12", "F")
    assert same_seat(mine, Seat("8", "12", "F"), TRAIN) is True
    assert same_seat(mine, Seat("7", "12", "F"), TRAIN) is False
    assert same_seat(mine, Seat(None, "12", "F"), TRAIN) is None
    assert same_seat(mine, Seat("8"), TRAIN) is None
    assert same_seat(Seat(None, "12", "F"), Seat(None, "12", "F"), PLANE) is True
