"""Rows of trains and of who was aboard, by dice: numbers, seats and stops agree only at times."""

from __future__ import annotations

from datetime import date, timedelta

from ringfence.protocols.model import Outcome, RideRule, Rule

from .random_rows import BASE, STEP, Dice
from .snapshots import DAY, Row

_FIRST = date(2022, 7, 10)
"""The local day of BASE."""
_RUNS, _STOPS = 6, 4
_KEYS = tuple(f"run{n}" for n in range(_RUNS))


def _number(run: int) -> str:
    """Two runs may bear one number, on one day or on two."""
    return f"D{run % 4}"


def _day(run: int) -> date:
    return _FIRST + timedelta(days=run % 3)


def service(dice: Dice) -> Row:
    run = dice.randint(0, _RUNS - 1)
    return {
        "service": _KEYS[run],
        "kind": dice.choice(("train", "train", "coach")),
        "date": _day(run),
        "numbers": [_number(run), *dice.choice(((), ("D9",)))],
        "sealed": dice.truth(),
    }


def stop(dice: Dice) -> Row:
    run, seq = dice.randint(0, _RUNS - 1), dice.randint(0, _STOPS - 1)
    at = BASE + run % 3 * DAY + seq * 3 * STEP
    return {
        "service": _KEYS[run],
        "seq": seq,
        "station": f"station {seq}",
        "arrive": at,
        "depart": at + dice.choice((0, STEP)),
        "cancelled": dice.choice((None, None, False, True)),
    }


def ride(dice: Dice, people: tuple[str, ...]) -> Row:
    run = dice.randint(0, _RUNS - 1)
    key = dice.choice((_KEYS[run], _KEYS[run], f"train-{_number(run)}-{_day(run)}", "nowhere"))
    board = dice.randint(0, _STOPS - 2)
    return {
        "subject": dice.choice(people),
        "service": key,
        "board_seq": board,
        "alight_seq": dice.choice((board + 1, _STOPS - 1, None)),
        "from": None,
        "to": None,
        "carriage": dice.choice((None, "1", "2")),
        "row": "1",
        "seat": dice.choice((None, "A", "B")),
        "status": dice.choice(("boarded", "boarded", "ticketed", "no_show", None)),
    }


def occupancy(dice: Dice, people: tuple[str, ...]) -> Row:
    start = BASE + dice.randint(0, 5) * DAY + dice.randint(0, 20) * STEP
    return {
        "vehicle": dice.choice(("taxi1", "taxi2", "taxi3")),
        "subject": dice.choice(people),
        "start": start,
        "end": dice.choice((start + STEP, start + 3 * STEP, start + DAY)),
    }


def rules(order: int) -> list[Rule]:
    carriage = RideRule(same_carriage=True)
    outcome = Outcome.CLOSE if order == 1 else Outcome.SECOND
    return [
        Rule(f"carriage{order}", order, outcome, 8, evidence=("ride",), ride=carriage),
        Rule(f"vehicle{order}", order, outcome, 8, evidence=("occupancy",), lag_minutes=20),
    ]
