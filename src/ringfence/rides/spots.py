"""Where somebody sat, and how near two such spots are. None: it is not known."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.engines.reference.kleene import all_of
from ringfence.rides.layouts import LEVEL_TERMS, Cabin, Layout

WITHOUT_CARRIAGES = frozenset({"aircraft", "coach", "bus", "taxi", "car"})
_LEVELS = {word: level for level, terms in LEVEL_TERMS.items() for word in (level, terms.zh)}


@dataclass(frozen=True)
class Seat:
    """As a ticket names it, in canonical parts: of `08车012F号` carriage 8, row 12, seat F."""

    carriage: str | None = None
    row: str | None = None
    seat: str | None = None
    zone: str | None = None

    @property
    def named(self) -> bool:
        return self.seat is not None

    @property
    def label(self) -> str:
        """`8/12F`: carriage, row and seat, as far as they are known."""
        where = f"{self.row or ''}{self.seat or ''}" or "?"
        return f"{self.carriage}/{where}" if self.carriage else where


@dataclass(frozen=True)
class Spot:
    """`carriage` empty: the vehicle has none. `across`: from one side, aisles not counted. `bay` 0:
    the cabin has none. `wrong`: the vehicle has no such seat, so all but the carriage is not known.
    """

    carriage: str | None = None
    row: int | None = None
    across: int | None = None
    bay: int | None = None
    zone: str | None = None
    wrong: bool = False


def spot_of(seat: Seat, kind: str | None, layout: Layout | None) -> Spot:
    """`kind`: of the service. Without a layout, rows of lettered seats are known, and no more."""
    carriage = "" if kind in WITHOUT_CARRIAGES else seat.carriage
    if not seat.named:
        return Spot(carriage, zone=seat.zone)
    if layout is None:
        row = _whole(seat.row) if seat.seat is not None and _letter(seat.seat) else None
        return Spot(carriage, row, zone=seat.zone)
    for cabin in layout.cabins_of(seat.carriage):
        found = _lettered(seat, cabin) or _numbered(seat, cabin)
        if found is not None:
            row, across, bay = found
            return Spot(carriage, row, across, bay, seat.zone)
    return Spot(carriage, zone=seat.zone, wrong=True)


_Found = tuple[int | None, int | None, int | None]


def _lettered(seat: Seat, cabin: Cabin) -> _Found | None:
    row = _whole(seat.row)
    if cabin.rows is None or row is None or seat.seat not in cabin.letters:
        return None
    first, last = cabin.rows
    return (row, cabin.letters.index(seat.seat), 0) if first <= row <= last else None


def _numbered(seat: Seat, cabin: Cabin) -> _Found | None:
    """Of numbered seats the number is the seat; of berths it stands before the level."""
    if cabin.numbers is None or seat.seat is None:
        return None
    number, level = (
        (_whole(seat.row), _LEVELS.get(seat.seat.rstrip("铺")))
        if seat.row
        else (
            _whole(seat.seat),
            None,
        )
    )
    first, last = cabin.numbers
    if number is None or not first <= number <= last:
        return None
    if seat.row and (level is None or (cabin.levels and level not in cabin.levels)):
        return None
    place = number - first
    row = place // cabin.abreast + 1 if cabin.abreast else None
    return row, None, place // cabin.bay + 1 if cabin.bay else 0


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None


def _letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def same_carriage(one: Spot, other: Spot) -> bool | None:
    if one.carriage is None or other.carriage is None:
        return None
    return one.carriage == other.carriage


def within_rows(one: Spot, other: Spot, rows: int) -> bool | None:
    near = None if one.row is None or other.row is None else abs(one.row - other.row) <= rows
    return all_of([same_carriage(one, other), near])


def around(one: Spot, other: Spot, seats: int) -> bool | None:
    """So many seats in every direction, those of other rows as well."""
    if one.across is None or other.across is None:
        beside = None
    else:
        beside = abs(one.across - other.across) <= seats
    return all_of([within_rows(one, other, seats), beside])


def within_bays(one: Spot, other: Spot, bays: int) -> bool | None:
    """0: the same bay or compartment. A compartment that both tickets name tells it as well."""
    if bays == 0 and one.zone and other.zone:
        return all_of([same_carriage(one, other), one.zone == other.zone])
    if one.bay == 0 or other.bay == 0:
        return False
    near = None if one.bay is None or other.bay is None else abs(one.bay - other.bay) <= bays
    return all_of([same_carriage(one, other), near])


def same_seat(one: Seat, other: Seat, kind: str | None) -> bool | None:
    if not (one.named and other.named):
        return None
    parts = [(one.row, other.row), (one.seat, other.seat)]
    if kind not in WITHOUT_CARRIAGES:
        if one.carriage is None or other.carriage is None:
            return None
        parts.append((one.carriage, other.carriage))
    return all(mine == theirs for mine, theirs in parts)
