"""Rows of a small world, by dice.

Times lie on a grid of quarter hours around midnight UTC, so that boundaries coincide often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from random import Random

from ringfence.records import TABLES
from ringfence.records.vocabularies import RELATIONS

from .snapshots import DAY, Row

BASE = 1_657_404_000  # 2022-07-09 22:00 UTC; midnight is eight steps later
STEP = 15 * 60
STEPS = 24

SUBJECTS = tuple(f"s{n}" for n in range(8))
PLACES = ("p0", "p1", "p2", "p3")
PLACE_KINDS = ("restaurant", "bar", "home", "park")
VENTILATIONS = ("good", "poor", "open_air")
ROLES = ("student", "staff")
DISEASES = ("covid-19", "measles")
SOURCES = ("desk", "clinic")
CERTAINTIES = (None, None, None, "recorded", "measured", "declared", "assumed", "denied")

LENGTHS = (1, 1, 2, 3, 4, 6, 12, 96, 100, 400)
"""In steps: 96 are exactly a day."""


class Dice(Random):
    """The same dice for the same words, so that one row does not depend on the rows before it."""

    def __init__(self, *words: object) -> None:
        super().__init__("/".join(map(str, words)))

    def truth(self) -> bool | None:
        return self.choice((None, True, True, False))

    def instant(self) -> int:
        return BASE + self.randint(0, STEPS) * STEP

    def start(self) -> int:
        return self.instant() - self.choice((0, 0, 0, 0, 0, 0, DAY, 3 * DAY))

    def end(self, start: int) -> int:
        return start + self.choice(LENGTHS) * STEP

    def lineage(self) -> Row:
        return {"source": self.choice(SOURCES), "delivery": self.choice((0, 0, 1, 2))}


def _subject(dice: Dice, people: tuple[str, ...], _: tuple[str, ...]) -> Row:
    return {"subject": dice.choice(people), "role": dice.choice((None, *ROLES))}


def _place(dice: Dice, _: tuple[str, ...], places: tuple[str, ...]) -> Row:
    return {
        "place": dice.choice(places),
        "kind": dice.choice(PLACE_KINDS),
        "ventilation": dice.choice((None, *VENTILATIONS)),
    }


def _presence(dice: Dice, people: tuple[str, ...], places: tuple[str, ...]) -> Row:
    start = dice.start()
    return {
        "subject": dice.choice(people),
        "place": dice.choice(places),
        "start": start,
        "end": dice.choice((None, *[dice.end(start)] * 7)),
        "zone": dice.choice((None, None, "A", "B")),
        "role": dice.choice((None, None, *ROLES)),
        "mask": dice.truth(),
        "certainty": dice.choice(CERTAINTIES),
    }


def _event(dice: Dice, people: tuple[str, ...], places: tuple[str, ...]) -> Row:
    return {
        "subject": dice.choice(people),
        "place": dice.choice(places),
        "at": dice.instant(),
        "kind": dice.choice(("scan", "gate")),
    }


def _encounter(dice: Dice, people: tuple[str, ...], _: tuple[str, ...]) -> Row:
    start = dice.start()
    return {
        **_pair(dice, people),
        "start": start,
        "end": dice.end(start),
        "distance_m": dice.choice((None, 0.0, 0.5, 1.0, 1.5, 2.0)),
        "physical": dice.truth(),
        "indoor": dice.truth(),
        "mask_a": dice.truth(),
        "mask_b": dice.truth(),
    }


def _link(dice: Dice, people: tuple[str, ...], _: tuple[str, ...]) -> Row:
    start = dice.choice((None, dice.start()))
    return {
        **_pair(dice, people),
        "relation": dice.choice(tuple(RELATIONS)),
        "start": start,
        "end": dice.choice((None, dice.end(BASE if start is None else start))),
        "ppe": dice.truth(),
    }


def _pair(dice: Dice, people: tuple[str, ...]) -> Row:
    first, second = sorted(dice.sample(people, 2))
    return {"subject_a": first, "subject_b": second}


def _vaccination(dice: Dice, people: tuple[str, ...], _: tuple[str, ...]) -> Row:
    return {
        "subject": dice.choice(people),
        "disease": dice.choice(DISEASES),
        "date": date(2022, 7, dice.randint(7, 11)),
    }


Maker = Callable[[Dice, tuple[str, ...], tuple[str, ...]], Row]

ROWS: Mapping[str, tuple[Maker, int]] = {
    "subject": (_subject, 6),
    "place": (_place, 5),
    "presence": (_presence, 18),
    "event": (_event, 6),
    "encounter": (_encounter, 6),
    "link": (_link, 5),
    "vaccination": (_vaccination, 8),
}
"""How a row of each table is made, and how many there are at most."""


def row(dice: Dice, table: str, people: tuple[str, ...], places: tuple[str, ...]) -> Row:
    return ROWS[table][0](dice, people, places) | dice.lineage()


def again(dice: Dice, table: str, before: Row, told: Row) -> Row:
    """A row that speaks of the same thing as the one before: an update, or another source."""
    key = {name: before[name] for name in TABLES[table].key}
    same = {**told, **key}
    start, end = same.get("start"), same.get("end")
    if start is not None and end is not None and end <= start:
        same["end"] = dice.end(start)
    return same
