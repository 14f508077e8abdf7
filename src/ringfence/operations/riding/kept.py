"""A list of passengers kept as JSON, and brought back for its views on another machine.

What no view shows is left out: conditions of rules, times of stops, how far apart spots are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ringfence.errors import Text
from ringfence.operations.riding.asking import PassengerList
from ringfence.protocols.model import Outcome, Protocol, Rule, Source
from ringfence.rides.companions import Companion, Nearness
from ringfence.rides.judging import Together
from ringfence.rides.layouts import LAST, Cabin, Layout
from ringfence.rides.legs import Leg
from ringfence.rides.runs import Run
from ringfence.rides.spots import Seat, Spot
from ringfence.rides.stops import Stop
from ringfence.trace.words import rule_title

_LONG_AGO = date(1970, 1, 1)


def kept(told: PassengerList) -> dict[str, Any]:
    protocol, layout = told.protocol, told.layout
    rules = dict.fromkeys(rule for one in told.people for rule in one.rules)
    return {
        "case": told.case,
        "subject": told.subject,
        "run": kept_run(told.run),
        "layout": None if layout is None else _layout(layout),
        "protocol": None if protocol is None else kept_protocol(protocol),
        "rules": [[rule.id, rule.outcome.value, *rule_title(rule)] for rule in rules],
        "as_of": told.as_of.isoformat(),
        "zone": told.zone,
        "warnings": [list(warning) for warning in told.warnings],
        "mine": [kept_leg(leg) for leg in told.mine],
        "people": [_person(one) for one in told.people],
        "aboard": told.aboard,
        "onward": None if told.onward is None else kept(told.onward),
    }


def list_of(told: Mapping[str, Any]) -> PassengerList:
    """AttributeError, KeyError, TypeError, ValueError: it was not made by `kept`."""
    rules = {
        name: Rule(name, 1, Outcome(outcome), 0, (), title=Text(en, zh))
        for name, outcome, en, zh in told["rules"]
    }
    return PassengerList(
        case=told["case"],
        subject=told["subject"],
        run=run_of(told["run"]),
        layout=None if told["layout"] is None else _layout_of(told["layout"]),
        protocol=None if told["protocol"] is None else protocol_of(told["protocol"]),
        as_of=datetime.fromisoformat(told["as_of"]).astimezone(UTC),
        zone=told["zone"],
        warnings=tuple(Text(en, zh) for en, zh in told["warnings"]),
        mine=tuple(map(leg_of, told["mine"])),
        people=tuple(_person_of(one, rules) for one in told["people"]),
        aboard=told["aboard"],
        onward=None if told["onward"] is None else list_of(told["onward"]),
    )


def kept_run(run: Run) -> dict[str, Any]:
    return {
        "keys": list(run.keys),
        "kind": run.kind,
        "date": run.date and run.date.isoformat(),
        "numbers": list(run.numbers),
        "stops": [[stop.seq, stop.station] for stop in run.stops],
    }


def run_of(told: Mapping[str, Any]) -> Run:
    departs = told["date"] and date.fromisoformat(told["date"])
    stops = tuple(Stop(seq, station, None, None) for seq, station in told["stops"])
    keys, numbers = tuple(told["keys"]), tuple(told["numbers"])
    return Run(keys, told["kind"], departs, numbers, stops=stops)


def _layout(layout: Layout) -> dict[str, Any]:
    return {
        "id": layout.id,
        "cabins": [
            {
                "title": list(cabin.title),
                "carriages": list(cabin.carriages),
                "rows": cabin.rows and list(cabin.rows),
                "blocks": [list(block) for block in cabin.blocks],
                "numbers": cabin.numbers and list(cabin.numbers),
                "levels": list(cabin.levels),
                "abreast": cabin.abreast,
                "bay": cabin.bay,
            }
            for cabin in layout.cabins
        ],
    }


def _layout_of(told: Mapping[str, Any]) -> Layout:
    cabins = tuple(
        Cabin(
            title=Text(*one["title"]),
            carriages=tuple(one["carriages"]),
            rows=_ends(one["rows"]),
            blocks=tuple(tuple(block) for block in one["blocks"]),
            numbers=_ends(one["numbers"]),
            levels=tuple(one["levels"]),
            abreast=one["abreast"],
            bay=one["bay"],
        )
        for one in told["cabins"]
    )
    return Layout(told["id"], Text("", ""), "", cabins)


def _ends(told: list[int] | None) -> tuple[int, int] | None:
    if told is None:
        return None
    first, last = told
    if not 0 < first <= last <= LAST:
        raise ValueError
    return first, last


def kept_protocol(protocol: Protocol) -> dict[str, Any]:
    return {
        "id": protocol.id,
        "version": protocol.version,
        "title": list(protocol.title),
        "draft": protocol.draft,
    }


def protocol_of(told: Mapping[str, Any]) -> Protocol:
    source = Source() if told["draft"] else Source("–", "–", _LONG_AGO)
    name, version, title = told["id"], told["version"], Text(*told["title"])
    return Protocol(name, version, title, "", "", _LONG_AGO, None, source, (), (), "")


def _person(one: Companion) -> dict[str, Any]:
    return {
        "person": one.person,
        "class": one.outcome and one.outcome.value,
        "rules": [rule.id for rule in one.rules],
        "open": list(one.open),
        "flags": list(one.flags),
        "nearness": one.nearness.value,
        "rows_apart": one.rows_apart,
        "seats_apart": one.seats_apart,
        "meetings": [
            [kept_leg(met.other), met.board, met.alight, met.start, met.end, met.reused]
            for met in one.meetings
        ],
    }


def _person_of(told: Mapping[str, Any], rules: Mapping[str, Rule]) -> Companion:
    return Companion(
        person=told["person"],
        outcome=None if told["class"] is None else Outcome(told["class"]),
        rules=tuple(rules[name] for name in told["rules"]),
        open=tuple(told["open"]),
        flags=tuple(told["flags"]),
        nearness=Nearness(told["nearness"]),
        rows_apart=told["rows_apart"],
        seats_apart=told["seats_apart"],
        meetings=tuple(_together_of(*met) for met in told["meetings"]),
    )


def _together_of(other: Mapping[str, Any], *rest: Any) -> Together:
    """Of the two, views ask for the other's seat alone."""
    leg = leg_of(other)
    return Together(leg, leg, *rest)


def kept_leg(leg: Leg) -> dict[str, Any]:
    seat = leg.seat
    return {
        "person": leg.person,
        "stops": [leg.board, leg.alight],
        "times": [leg.start, leg.end],
        "seat": [seat.carriage, seat.row, seat.seat, seat.zone],
        "batch": leg.batch,
        "row": leg.row,
    }


def leg_of(told: Mapping[str, Any]) -> Leg:
    carriage, row, seat, zone = told["seat"]
    board, alight = told["stops"]
    start, end = told["times"]
    return Leg(
        person=told["person"],
        board=board,
        alight=alight,
        start=start,
        end=end,
        seat=Seat(carriage, row, seat, zone),
        spot=Spot(),
        crew=False,
        aboard=None,
        certainty="recorded",
        batch=told["batch"],
        row=told["row"],
    )
