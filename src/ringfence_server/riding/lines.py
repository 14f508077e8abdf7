"""A list of passengers as its page shows it: one run, its seats, its people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.safestring import SafeString

from ringfence.errors import Text
from ringfence.operations.riding import words
from ringfence.operations.riding.asking import PassengerList
from ringfence.operations.riding.seats import carriages, key
from ringfence.protocols.model import Outcome
from ringfence.rides.companions import ATTACK_RATES, NEARNESS_TERMS, Companion
from ringfence.trace.words import CLASS_SHORT, rule_title
from ringfence_server.web.surroundings import language

MOST = 200
"""So many at first: of a full train without a protocol everybody is listed."""
_TONES = {Outcome.CLOSE: "bad", Outcome.GENERAL: "warn", Outcome.SECOND: "info", None: "plain"}


def run_shown(told: PassengerList, most: int | None) -> dict[str, Any]:
    """Of one run; `most` of its people, the most urgent first, None: all."""
    return {
        "run": told.run,
        "protocol": told.protocol,
        "warnings": told.warnings,
        "own": [
            (leg.seat.label, words.stations(told.run, leg.board, leg.alight)) for leg in told.mine
        ],
        "figures": _figures(told),
        "plan": _plan(told),
        "lines": [_line(told, one) for one in told.people[:most]],
        "left": 0 if most is None else max(0, len(told.people) - most),
    }


def _plan(told: PassengerList) -> SafeString:
    """What records say is escaped where it is drawn."""
    here = language()
    drawn = "".join(carriages(told, here))
    return SafeString("".join(key(here)) + drawn if drawn else "")


def _figures(told: PassengerList) -> list[tuple[Text, int]]:
    counted = Counter(_class(one) for one in told.people)
    return [*counted.items(), (Text("aboard by all records", "全部记录中的乘车人"), told.aboard)]


def _class(one: Companion) -> Text:
    if one.outcome is not None:
        return CLASS_SHORT[one.outcome]
    return words.TO_ASK if one.open else words.NO_CLASS


def _line(told: PassengerList, one: Companion) -> dict[str, Any]:
    return {
        "person": one.person,
        "class": _class(one),
        "tone": _TONES[one.outcome],
        "seats": words.seats(one.meetings),
        "nearness": NEARNESS_TERMS[one.nearness],
        "rate": ATTACK_RATES.get(one.nearness),
        "spans": words.spans(told.run, one.meetings, told.zone),
        "minutes": one.minutes,
        "rules": [rule_title(rule) for rule in one.rules] if one.outcome is not None else [],
        "open": [words.doubt(fact) for fact in one.open],
        "graver": one.outcome is not None,
    }
