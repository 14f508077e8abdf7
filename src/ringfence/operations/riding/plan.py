"""A list of passengers as a page: the carriages in which the case sat, seat by seat, then all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from importlib import resources

from ringfence.errors import Text
from ringfence.operations.riding import words
from ringfence.operations.riding.asking import PassengerList
from ringfence.operations.sheet import scrolling, sheet
from ringfence.rides.companions import ATTACK_RATES, NEARNESS_TERMS, Companion
from ringfence.rides.layouts import LEVEL_TERMS, Cabin
from ringfence.rides.spots import Seat
from ringfence.trace.views.figures import NO_FIGURE
from ringfence.trace.words import CLASS_SHORT, rule_title

_CASE, _ASK = "case", "ask"
_GRAVEST = (_CASE, "close", "general", "second", _ASK)
_KEY = {
    _CASE: Text("the case", "病例"),
    "close": Text("close contact", "密接"),
    "general": Text("general contact", "一般接触者"),
    _ASK: Text("to be asked", "待核实"),
}
_MARKS = {_CASE: "■", "close": "●", "general": "○", "second": "◇", _ASK: "?"}
"""Beside the colour, which nobody needs to tell apart."""
_HEADS = (
    Text("person", "人员"),
    Text("class", "类别"),
    Text("seat", "座位"),
    Text("nearness", "远近"),
    Text("together", "同乘区间"),
    Text("minutes", "分钟"),
    Text("rule", "规则"),
    Text("to be asked", "待核实"),
)
_Key = tuple[str | None, str | None, str | None]


def page(told: PassengerList, language: str = "en") -> str:
    """One file that needs no network; it names people by their numbers alone."""
    style = (resources.files(__package__) / "plan.css").read_text("utf-8")
    title = f"{told.run.name} {told.run.date} · {told.case}"
    heading = Text(f"Who rode with case {told.case}", f"与病例 {told.case} 同乘的人员")
    return sheet(title, heading.to(language), style, _run(told, language), language=language)


def _run(told: PassengerList, language: str) -> Iterator[str]:
    run = told.run
    yield f"<section><h2>{escape(run.name)} · {run.date}</h2>"
    if told.protocol is not None:
        draft = _t(Text(" (draft)", "（草案）"), language) if told.protocol.draft else ""
        yield f'<p class="soft">{escape(told.protocol.title.to(language))}{draft}</p>'
    for warning in told.warnings:
        yield f'<p class="warning">{escape(warning.to(language))}</p>'
    keys = "".join(
        f'<li><span class="seat {style}">{_MARKS[style]} {_t(text, language)}</span></li>'
        for style, text in _KEY.items()
    )
    yield f'<ul class="key">{keys}</ul>'
    taken = _taken(told)
    for carriage in dict.fromkeys(leg.seat.carriage for leg in told.mine):
        yield from _carriage(told, carriage, taken, language)
    yield from _people(told, language)
    yield "</section>"
    if told.onward is not None:
        yield from _run(told.onward, language)


def _taken(told: PassengerList) -> Mapping[_Key, str]:
    """By seat, the gravest of whoever sat there."""
    found: dict[_Key, str] = {}
    for one in told.people:
        style = one.outcome.value if one.outcome is not None else _ASK
        for met in one.meetings:
            _grave(found, met.other.seat, style)
    for leg in told.mine:
        _grave(found, leg.seat, _CASE)
    return found


def _grave(found: dict[_Key, str], seat: Seat, style: str) -> None:
    key = seat.carriage, seat.row, seat.seat
    before = found.get(key, style)
    found[key] = min(before, style, key=_GRAVEST.index)


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


def _people(told: PassengerList, language: str) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{_t(head, language)}</th>' for head in _HEADS)
    name = Text(f"People on {told.run.name}", f"{told.run.name} 人员名单").to(language)
    yield f"{scrolling('wide', name)}<table><thead><tr>{heads}</tr></thead><tbody>"
    for leg in told.mine:
        where = escape(words.stations(told.run, leg.board, leg.alight))
        cells = (escape(told.case), _t(_KEY[_CASE], language), escape(leg.seat.label), "", where)
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in (*cells, "", "", "")) + "</tr>"
    for one in told.people:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in _cells(told, one, language)) + "</tr>"
    yield "</tbody></table></div>"


def _cells(told: PassengerList, one: Companion, language: str) -> Iterator[str]:
    run, stop = told.run, Text(", ", "、").to(language)
    yield escape(one.person)
    yield _t(CLASS_SHORT[one.outcome] if one.outcome is not None else _KEY[_ASK], language)
    yield escape(stop.join(dict.fromkeys(met.other.seat.label for met in one.meetings)))
    rate = ATTACK_RATES.get(one.nearness)
    yield _t(NEARNESS_TERMS[one.nearness], language) + (f" ({rate:g} %)" if rate else "")
    spans = (
        f"{words.stations(run, met.board, met.alight)} {words.times(met, run.date, told.zone)}"
        for met in one.meetings
    )
    yield "<br>".join(escape(span) for span in dict.fromkeys(spans))
    yield NO_FIGURE if one.minutes is None else f"{one.minutes:g}"
    yield "<br>".join(escape(rule_title(rule).to(language)) for rule in one.rules)
    yield escape(stop.join(words.doubt(fact).to(language) for fact in one.open))


def _t(text: Text, language: str) -> str:
    return escape(text.to(language))
