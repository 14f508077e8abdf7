"""A list of passengers as a page: the carriages in which the case sat, seat by seat, then all."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib import resources

from ringfence.errors import Text
from ringfence.operations.riding import words
from ringfence.operations.riding.asking import PassengerList
from ringfence.operations.riding.seats import ASK, CASE, KEY, carriages, key
from ringfence.operations.sheet import scrolling, sheet
from ringfence.rides.companions import ATTACK_RATES, NEARNESS_TERMS, Companion
from ringfence.trace.views.figures import NO_FIGURE
from ringfence.trace.words import CLASS_SHORT, rule_title

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


def page(told: PassengerList, language: str = "en") -> str:
    """One file that needs no network; it names people by their numbers alone."""
    style = (resources.files(__package__) / "plan.css").read_text("utf-8")
    title = f"{told.run.name} {words.day(told.run)} · {told.case}"
    heading = Text(f"Who rode with case {told.case}", f"与病例 {told.case} 同乘的人员")
    return sheet(title, heading.to(language), style, _run(told, language), language=language)


def _run(told: PassengerList, language: str) -> Iterator[str]:
    run = told.run
    yield f"<section><h2>{escape(run.name)} · {words.day(run)}</h2>"
    if told.protocol is not None:
        draft = _t(Text(" (draft)", "（草案）"), language) if told.protocol.draft else ""
        yield f'<p class="soft">{escape(told.protocol.title.to(language))}{draft}</p>'
    for warning in told.warnings:
        yield f'<p class="warning">{escape(warning.to(language))}</p>'
    yield from key(language)
    yield from carriages(told, language)
    yield from _people(told, language)
    yield "</section>"
    if told.onward is not None:
        yield from _run(told.onward, language)


def _people(told: PassengerList, language: str) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{_t(head, language)}</th>' for head in _HEADS)
    name = Text(f"People on {told.run.name}", f"{told.run.name} 人员名单").to(language)
    yield f"{scrolling('wide', name)}<table><thead><tr>{heads}</tr></thead><tbody>"
    for leg in told.mine:
        where = escape(words.stations(told.run, leg.board, leg.alight))
        cells = (escape(told.case), _t(KEY[CASE], language), escape(leg.seat.label), "", where)
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in (*cells, "", "", "")) + "</tr>"
    for one in told.people:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in _cells(told, one, language)) + "</tr>"
    yield "</tbody></table></div>"


def _cells(told: PassengerList, one: Companion, language: str) -> Iterator[str]:
    stop = Text(", ", "、").to(language)
    yield escape(one.person)
    yield _t(CLASS_SHORT[one.outcome] if one.outcome is not None else KEY[ASK], language)
    yield escape(stop.join(words.seats(one.meetings)))
    rate = ATTACK_RATES.get(one.nearness)
    yield _t(NEARNESS_TERMS[one.nearness], language) + (f" ({rate:g} %)" if rate else "")
    spans = words.spans(told.run, one.meetings, told.zone)
    yield "<br>".join(escape(span) for span in spans)
    yield NO_FIGURE if one.minutes is None else f"{one.minutes:g}"
    yield "<br>".join(escape(rule_title(rule).to(language)) for rule in one.rules)
    yield escape(stop.join(words.doubt(fact).to(language) for fact in one.open))


def _t(text: Text, language: str) -> str:
    return escape(text.to(language))
