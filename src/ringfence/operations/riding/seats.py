"""The carriages in which the case sat, drawn seat by seat. Whoever shows them brings the styles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from ringfence.errors import Text
from ringfence.operations.riding.asking import PassengerList
from ringfence.operations.sheet import scrolling
from ringfence.rides.layouts import LEVEL_TERMS, Cabin
from ringfence.rides.spots import Seat

CASE, ASK = "case", "ask"
_GRAVEST = (CASE, "close", "general", "second", ASK)
KEY = {
    CASE: Text("the case", "病例"),
    "close": Text("close contact", "密接"),
    "general": Text("general contact", "一般接触者"),
    ASK: Text("to be asked", "待核实"),
}
_MARKS = {CASE: "■", "close": "●", "general": "○", "second": "◇", ASK: "?"}
"""Beside the colour, which nobody needs to tell apart."""
_Key = tuple[str | None, str | None, str | None]


def key(language: str) -> Iterator[str]:
    """What the marks mean."""
    marks = "".join(
        f'<li><span class="seat {style}">{_MARKS[style]} {escape(text.to(language))}</span></li>'
        for style, text in KEY.items()
    )
    yield f'<ul class="key">{marks}</ul>'


def carriages(told: PassengerList, language: str) -> Iterator[str]:
    """Of this run alone; nothing where its layout is not known."""
    taken = _taken(told)
    for carriage in dict.fromkeys(leg.seat.carriage for leg in told.mine):
        yield from _carriage(told, carriage, taken, language)


def _taken(told: PassengerList) -> Mapping[_Key, str]:
    """By seat, the gravest of whoever sat there."""
    found: dict[_Key, str] = {}
    for one in told.people:
        style = one.outcome.value if one.outcome is not None else ASK
        for met in one.meetings:
            _grave(found, met.other.seat, style)
    for leg in told.mine:
        _grave(found, leg.seat, CASE)
    return found


def _grave(found: dict[_Key, str], seat: Seat, style: str) -> None:
    place = seat.carriage, seat.row, seat.seat
    before = found.get(place, style)
    found[place] = min(before, style, key=_GRAVEST.index)


def _carriage(
    told: PassengerList, carriage: str | None, taken: Mapping[_Key, str], language: str
) -> Iterator[str]:
    if told.layout is None:
        return
    for cabin in told.layout.cabins_of(carriage):
        name = cabin.title.to(language)
        if carriage is not None:
            name = Text(f"Carriage {carriage}: {name}", f"{carriage} 号车厢：{name}").to(language)
        draw = _lettered if cabin.rows is not None else _numbered
        inside = "".join(draw(cabin, carriage, taken, language))
        yield f"<h3>{escape(name)}</h3>{scrolling('car', name)}{inside}</div>"


def _lettered(
    cabin: Cabin, carriage: str | None, taken: Mapping[_Key, str], _language: str
) -> Iterator[str]:
    assert cabin.rows is not None
    first, last = cabin.rows
    for row in range(first, last + 1):
        blocks = (
            "".join(
                _seat((carriage, str(row), letter), f"{row}{letter}", taken) for letter in block
            )
            for block in cabin.blocks
        )
        yield f'<div class="line">{f"<span class=aisle>{row}</span>".join(blocks)}</div>'


def _numbered(
    cabin: Cabin, carriage: str | None, taken: Mapping[_Key, str], language: str
) -> Iterator[str]:
    assert cabin.numbers is not None
    first, last = cabin.numbers
    size = cabin.bay or cabin.abreast or last - first + 1
    yield '<div class="bays">'
    for start in range(first, last + 1, size):
        yield '<div class="bay">'
        numbers = range(start, min(start + size, last + 1))
        width = cabin.abreast or 2
        for line in range(0, len(numbers), width):
            seats = (
                _places(cabin, n, carriage, taken, language) for n in numbers[line : line + width]
            )
            yield f'<div class="line">{"".join(seats)}</div>'
        yield "</div>"
    yield "</div>"


def _places(
    cabin: Cabin, number: int, carriage: str | None, taken: Mapping[_Key, str], language: str
) -> str:
    """A numbered seat, or the berths under one number, the highest first."""
    if not cabin.levels:
        return _seat((carriage, None, str(number)), str(number), taken)
    berths = []
    for level in reversed(cabin.levels):
        term = LEVEL_TERMS[level]
        said = [(carriage, str(number), word) for word in (term.zh, f"{term.zh}铺", level)]
        key = next((one for one in said if one in taken), said[0])
        berths.append(f"<div>{_seat(key, f'{number} {term.to(language)}', taken)}</div>")
    return f"<div>{''.join(berths)}</div>"


def _seat(key: _Key, label: str, taken: Mapping[_Key, str]) -> str:
    style = taken.get(key)
    if style is None:
        return f'<span class="seat">{escape(label)}</span>'
    return f'<span class="seat {style}">{_MARKS[style]} {escape(label)}</span>'
