"""A list of passengers as JSON: codes and numbers, with warnings in the reader's language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from ringfence.operations.riding.asking import PassengerList
from ringfence.rides.companions import ATTACK_RATES, Companion
from ringfence.rides.judging import Together
from ringfence.rides.legs import Leg
from ringfence.rides.runs import Run
from ringfence.trace.views.figures import iso, number


def document(told: PassengerList, language: str = "en") -> dict[str, Any]:
    run, protocol = told.run, told.protocol
    return {
        "case": told.case,
        "service": run.keys[0],
        "numbers": list(run.numbers),
        "date": run.date and run.date.isoformat(),
        "kind": run.kind,
        "layout": told.layout.id if told.layout is not None else None,
        "protocol": protocol.id if protocol is not None else None,
        "protocol_version": protocol.version if protocol is not None else None,
        "draft": protocol.draft if protocol is not None else None,
        "as_of": iso(told.as_of, told.zone),
        "warnings": [warning.to(language) for warning in told.warnings],
        "case_legs": [_leg(run, leg, told.zone) for leg in told.mine],
        "aboard": told.aboard,
        "passengers": [_person(told, one) for one in told.people],
        "onward": document(told.onward, language) if told.onward is not None else None,
    }


def text(told: PassengerList, language: str = "en") -> str:
    return json.dumps(document(told, language), ensure_ascii=False, indent=2) + "\n"


def _person(told: PassengerList, one: Companion) -> dict[str, Any]:
    return {
        "person": one.person,
        "class": one.outcome.value if one.outcome is not None else None,
        "rules": [rule.id for rule in one.rules],
        "open": list(one.open),
        "flags": list(one.flags),
        "nearness": one.nearness.value,
        "attack_rate_percent": ATTACK_RATES.get(one.nearness),
        "rows_apart": one.rows_apart,
        "seats_apart": one.seats_apart,
        "minutes": None if one.minutes is None else number(one.minutes),
        "together": [_together(told.run, met, told.zone) for met in one.meetings],
    }


def _together(run: Run, met: Together, zone: str) -> dict[str, Any]:
    leg = met.other
    return {
        "seat": leg.seat.label,
        "reused": met.reused,
        **_span(run, met.board, met.alight, zone, met.start, met.end),
        "batch": leg.batch,
        "row": leg.row,
    }


def _leg(run: Run, leg: Leg, zone: str) -> dict[str, Any]:
    return {
        "seat": leg.seat.label,
        **_span(run, leg.board, leg.alight, zone, leg.start, leg.end),
        "batch": leg.batch,
        "row": leg.row,
    }


def _span(
    run: Run, board: int | None, alight: int | None, zone: str, *at: int | None
) -> dict[str, Any]:
    stops = [run.stop(seq) if seq is not None else None for seq in (board, alight)]
    names = [stop.station if stop is not None else None for stop in stops]
    start, end = (None if t is None else iso(datetime.fromtimestamp(t, UTC), zone) for t in at)
    return {
        "board_seq": board,
        "from": names[0],
        "alight_seq": alight,
        "to": names[1],
        "start": start,
        "end": end,
    }
