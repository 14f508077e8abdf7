"""A trace as the tables that a chapter shows: every cell in the short form of the manual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from ringfence.operations.areas.asking import VehicleList
from ringfence.operations.areas.seen import Seen
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.riding.asking import PassengerList
from ringfence.rides.companions import Companion
from ringfence.rides.runs import Run as RidesRun
from ringfence.trace.result import Contact, Evidence, ReviewItem, Trace, TracedCase, Venue

from .local_times import read_day, read_instant, show_day, show_instant
from .moving import moving_rows

Row = dict[str, str]

Answer = Trace | PassengerList | Trajectory | VehicleList
LISTS = frozenset(
    {
        "open",
        "rules",
        "flags",
        "via",
        "cases",
        "settings",
        "measures",
        "people",
        "rows",
        "sources",
        "these",
        "those",
        "likelier",
        "reasons",
        "places",
        "levels",
    }
)
NUMBERS = frozenset(
    {
        "rows_apart",
        "seats_apart",
        "minutes",
        "order",
        "priority",
        "settles",
        "limit",
        "version",
        "figure",
        "waking",
        "infectious",
        "apart_km",
        "sightings",
    }
)


def normal(column: str, cell: str, zone: str) -> str:
    """A cell of a chapter in the form in which answers are shown."""
    if column in LISTS:
        return listed(part.strip() for part in cell.split(",") if part.strip())
    if column in NUMBERS and cell:
        return f"{float(cell):g}"
    day = read_day(cell)
    if day is not None:
        return show_day(day)
    instant = read_instant(cell, zone)
    return cell if instant is None else show_instant(instant, zone)


def listed(parts: Iterable[str]) -> str:
    return ", ".join(sorted(parts))


def answer_rows(table: str, answer: Answer) -> list[Row]:
    """The rows of one table of the answer, in its order."""
    if table == "warnings":
        return [{"says": warning.en} for warning in answer.warnings]
    if isinstance(answer, Trajectory):
        return moving_rows(table, answer)
    if isinstance(answer, VehicleList):
        return [_vehicle(seen, answer) for seen in answer.vehicles]
    if isinstance(answer, PassengerList):
        return [_passenger(one, answer) for one in answer.people]
    return _ROWS[table](answer)


def _passenger(one: Companion, answer: PassengerList) -> Row:
    """`from`, `to`, `seat`: of each time together."""
    run = answer.run
    ends = [(_station(run, met.board), _station(run, met.alight)) for met in one.meetings]
    return {
        "subject": one.person,
        "class": one.outcome.value if one.outcome is not None else "",
        "rules": listed(rule.id for rule in one.rules),
        "nearness": one.nearness.value,
        "rows_apart": _number(one.rows_apart),
        "seats_apart": _number(one.seats_apart),
        "minutes": _number(one.minutes),
        "open": listed(one.open),
        "flags": listed(one.flags),
        "seat": "; ".join(dict.fromkeys(met.other.seat.label for met in one.meetings)),
        "from": "; ".join(dict.fromkeys(start for start, _ in ends)),
        "to": "; ".join(dict.fromkeys(end for _, end in ends)),
    }


def _vehicle(seen: Seen, answer: VehicleList) -> Row:
    later = seen.later
    return {
        "vehicle": seen.vehicle,
        "levels": listed(seen.levels),
        "first": show_instant(seen.first.at, answer.zone),
        "last": show_instant(seen.last.at, answer.zone),
        "sightings": str(seen.times),
        "places": listed(seen.places),
        "later": "" if later is None else show_instant(later.at, answer.zone),
        "later_place": "" if later is None else later.place,
        "came_back": _truth(seen.came_back),
    }


def _station(run: RidesRun, seq: int | None) -> str:
    stop = run.stop(seq) if seq is not None else None
    return stop.station if stop is not None else ""


def _instant(value: datetime | None, trace: Trace) -> str:
    return "" if value is None else show_instant(value, trace.zone)


def _day(value: date | None) -> str:
    return "" if value is None else show_day(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _truth(value: bool) -> str:
    return "yes" if value else "no"


def _contact(contact: Contact, trace: Trace) -> Row:
    return {
        "subject": contact.person,
        "order": str(contact.order),
        "class": str(contact.outcome),
        "priority": str(contact.priority),
        "rules": listed(contact.rules),
        "minutes": _number(contact.minutes),
        "first": _instant(contact.first_exposure, trace),
        "last": _instant(contact.last_exposure, trace),
        "flags": listed(contact.flags),
        "via": listed({evidence.via for evidence in contact.evidence if evidence.via}),
        "path": " > ".join(contact.path),
        "cases": listed(contact.cases),
        "settings": listed(contact.settings),
        "measures": listed(
            f"{ordered.measure.kind} until {show_day(ordered.until)}"
            for ordered in contact.measures
        ),
        "release_date": _day(contact.release_date),
        "provisional": _truth(contact.provisional),
    }


def _review(item: ReviewItem, trace: Trace) -> Row:
    return {
        "fact": item.fact,
        "question": item.question.en,
        "place": item.place or "",
        "start": _instant(item.start, trace),
        "end": _instant(item.end, trace),
        "settles": str(len(item.people)),
        "people": listed(item.people),
        "cases": listed(item.cases),
    }


def _venue(venue: Venue, trace: Trace) -> Row:
    return {
        "case": venue.case,
        "via": venue.via or "",
        "place": venue.place,
        "setting": venue.setting or "",
        "zone": venue.zone or "",
        "start": _instant(venue.start, trace),
        "end": _instant(venue.end, trace),
        "people": str(venue.people),
        "limit": str(venue.limit),
    }


def _evidence(contact: Contact, evidence: Evidence, trace: Trace) -> Row:
    return {
        "subject": contact.person,
        "case": evidence.case,
        "via": evidence.via or "",
        "kind": evidence.kind,
        "setting": evidence.setting or "",
        "place": evidence.place or "",
        "zone": evidence.zone or "",
        "start": _instant(evidence.start, trace),
        "end": _instant(evidence.end, trace),
        "minutes": _number(evidence.minutes),
        "rule": evidence.rule,
        "certainty": evidence.certainty,
        "rows": listed(f"{row.of} {row.source} {row.row}" for row in evidence.rows),
    }


def _window(case: TracedCase, trace: Trace) -> Row:
    return {
        "case": case.case,
        "subject": case.subject,
        "classification": case.classification,
        "provisional": _truth(case.provisional),
        "jurisdiction": case.jurisdiction,
        "anchor": case.anchor or "",
        "start": _instant(case.start, trace),
        "end": _instant(case.end, trace),
        "open": _truth(case.open_ended),
    }


def _answer(trace: Trace) -> Row:
    return {
        "protocol": trace.protocol.id,
        "version": str(trace.protocol.version),
        "draft": _truth(trace.protocol.draft),
        "as_of": _instant(trace.as_of, trace),
    }


_ROWS: Mapping[str, Callable[[Trace], list[Row]]] = {
    "contacts": lambda trace: [_contact(contact, trace) for contact in trace.contacts],
    "review": lambda trace: [_review(item, trace) for item in trace.review],
    "venues": lambda trace: [_venue(venue, trace) for venue in trace.venues],
    "evidence": lambda trace: [
        _evidence(contact, evidence, trace)
        for contact in trace.contacts
        for evidence in contact.evidence
    ],
    "windows": lambda trace: [_window(case, trace) for case in trace.cases],
    "answer": lambda trace: [_answer(trace)],
}
