"""Homes with an outbreak, by dice: cases, what happened to them, and what people did meanwhile.

People are many and days several, so that most batches touch some of the cases and not the others.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ringfence import lake
from ringfence.errors import Text
from ringfence.protocols.model import Anchor, EndTerm, Minutes, Outcome, Protocol, Rule, Source
from ringfence.records import INSTANT, TABLES

from . import random_rides, random_rows, random_rules
from .random_rows import BASE, STEP, Dice
from .snapshots import DAY, Row

PEOPLE = tuple(f"s{n}" for n in range(40))
PLACES = tuple(f"p{n}" for n in range(20))
CASES = tuple(f"c{n}" for n in range(12))
DAYS = 6
NOW = datetime.fromtimestamp(BASE + DAYS * DAY, UTC)
BEGIN = datetime(2022, 7, 1, tzinfo=UTC)
SOURCES = ("desk", "clinic")
_HOME, _BATCHES = "home", "batches.json"
_DELIVERIES = {"presence": 24, "event": 6}
"""How many there are of a table, else 3: small ones touch few cases."""


def _case(dice: Dice) -> Row:
    number = dice.randint(0, len(CASES) - 1)
    return {
        "case": CASES[number],
        "subject": PEOPLE[number if dice.randint(0, 9) else 0],
        "disease": "covid-19",
        "classification": dice.choice(("confirmed",) * 9 + ("suspected", "discarded")),
        "symptomatic": dice.truth(),
        "jurisdiction": dice.choice((None, "CN", "CN-1")),
    }


def _case_event(dice: Dice) -> Row:
    kinds = ("onset",) * 9 + ("report", "isolated", "isolated", "released", "withdrawn")
    return {
        "case": dice.choice(CASES),
        "kind": dice.choice(kinds),
        "at": _some_day(dice) + 9 * STEP,
        "precision": dice.choice(("day", "minute")),
    }


def _symptom(dice: Dice) -> Row:
    start = _some_day(dice)
    return {
        "subject": dice.choice(PEOPLE[: len(CASES)]),
        "kind": "fever",
        "start": start,
        "start_precision": "day",
        "end": dice.choice((None, start + DAY)),
        "end_precision": "day",
    }


def _test(dice: Dice) -> Row:
    return {
        "subject": dice.choice(PEOPLE[: len(CASES)]),
        "sampled": _some_day(dice),
        "sampled_precision": "day",
        "result": dice.choice(("positive", "positive", "negative")),
    }


def _measure(dice: Dice) -> Row:
    start = _some_day(dice)
    return {
        "subject": dice.choice(PEOPLE),
        "kind": dice.choice(("home", "facility", "testing")),
        "start": start,
        "start_precision": dice.choice(("day", "minute")),
        "end": dice.choice((None, start + DAY)),
        "end_precision": "day",
    }


def _jurisdiction(dice: Dice) -> Row:
    return {"code": "CN-1", "parent": dice.choice((None, "CN")), "level": "province"}


def _some_day(dice: Dice) -> int:
    return BASE + dice.randint(0, DAYS - 1) * DAY


def _moved(table: str) -> Callable[[Dice], Row]:
    """A row as in the small worlds, on another day."""
    make = random_rows.ROWS[table][0]

    def row(dice: Dice) -> Row:
        told = make(dice, PEOPLE, PLACES)
        days = dice.randint(0, DAYS - 1) * DAY
        for name in ("start", "end", "at"):
            if told.get(name) is not None:
                told[name] += days
        if told.get("end") is None and "end" in told and dice.randint(0, 5):
            told["end"] = (told["start"] or BASE) + 4 * STEP
        return told

    return row


ROWS: Mapping[str, tuple[Callable[[Dice], Row], int]] = {
    "subject": (_moved("subject"), 20),
    "place": (_moved("place"), 20),
    "presence": (_moved("presence"), 220),
    "event": (_moved("event"), 60),
    "encounter": (_moved("encounter"), 25),
    "link": (_moved("link"), 10),
    "vaccination": (_moved("vaccination"), 15),
    "case": (_case, 16),
    "case_event": (_case_event, 30),
    "symptom": (_symptom, 5),
    "test": (_test, 5),
    "measure": (_measure, 10),
    "jurisdiction": (_jurisdiction, 2),
    "service": (random_rides.service, 12),
    "stop": (random_rides.stop, 40),
    "ride": (lambda dice: random_rides.ride(dice, PEOPLE), 60),
    "occupancy": (lambda dice: random_rides.occupancy(dice, PEOPLE), 30),
}


@dataclass(frozen=True)
class Outbreak:
    home: lake.Home
    protocols: tuple[Protocol, ...]
    batches: Mapping[str, str]
    """The table of each batch."""


Outbreaks = Callable[[Path, int], Outbreak]
"""Puts the outbreak of a seed into a folder, to be used at will."""


def keep(folder: Path, made: Outbreak) -> None:
    """Beside its home, so that a copy of the folder can be told what it holds."""
    (folder / _BATCHES).write_text(json.dumps(dict(made.batches)), encoding="utf-8")


def kept(folder: Path, seed: int) -> Outbreak:
    batches: dict[str, str] = json.loads((folder / _BATCHES).read_text(encoding="utf-8"))
    return Outbreak(lake.open_home(folder / _HOME), _protocols(seed), batches)


def outbreak(folder: Path, seed: int) -> Outbreak:
    home = lake.create_home(
        folder / _HOME, synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
    )
    batches: dict[str, str] = {}
    told = {table: _rows(seed, table) for table in ROWS}
    for delivery in range(max(_DELIVERIES.values())):
        for table in ROWS:
            for source in SOURCES:
                rows = told[table].get((source, delivery))
                if rows:
                    batches[_deliver(home, table, source, delivery, rows)] = table
        if delivery == Dice(seed, "compacted").randint(0, 23):
            lake.compact(home)
    return Outbreak(home, _protocols(seed), batches)


def _rows(seed: int, table: str) -> dict[tuple[str, int], list[Row]]:
    """Rows by source and delivery; some tell again, or otherwise, what another one told."""
    make, many = ROWS[table]
    last = _DELIVERIES.get(table, 3) - 1
    rows: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for number in range(many):
        dice = Dice(seed, table, number)
        told = make(dice)
        delivered = dice.choice(SOURCES), dice.randint(0, last)
        if dice.randint(0, 3) == 0:
            other = Dice(seed, table, number, "again")
            delivered_again = other.choice(SOURCES), other.randint(0, last)
            again = random_rows.again(other, table, told, make(other))
            rows[delivered_again].append(again if other.truth() else told)
        rows[delivered].append(told)
    keys = TABLES[table].key
    return {
        delivered: list({tuple(row.get(name) for name in keys): row for row in same}.values())
        for delivered, same in rows.items()
    }


def _deliver(home: lake.Home, table: str, source: str, delivery: int, rows: list[Row]) -> str:
    batch = hashlib.sha256(f"{table} {source} {delivery}".encode()).hexdigest()
    schema = pa.schema([f for f in TABLES[table].schema if f.name not in ("source", "batch")])
    columns: dict[str, list[Any]] = {}
    for field in schema:
        values = [row.get(field.name) for row in rows]
        if field.type == INSTANT:
            values = [None if v is None else datetime.fromtimestamp(v, UTC) for v in values]
        columns[field.name] = values
    columns["source_row"] = list(range(1, len(rows) + 1))
    with lake.stage(home, table=table, source=source, batch=batch, file_name="f.csv") as staging:
        for part in pa.table(columns, schema=schema).to_batches():
            staging.write(part)
        staging.commit(BEGIN, len(rows))
    return batch


def _protocols(seed: int) -> tuple[Protocol, ...]:
    return _protocol(seed, "CN"), _protocol(seed, "CN-1")


def _protocol(seed: int, jurisdiction: str) -> Protocol:
    dice = Dice(seed, "protocol", jurisdiction)
    rules = [
        replace(
            random_rules.rule(
                dice, f"rule{number}", order, conditions=1, exemptions=number % 2, plain=number == 0
            ),
            order=order,
            id=f"rule{order}{number}",
        )
        for order in (1, 2)
        for number in range(3)
    ]
    rules += [_anybody(1), _anybody(2), *random_rides.rules(1), *random_rides.rules(2)]
    ends = (EndTerm("isolated"), EndTerm(None, dice.randint(1, 3)))
    return Protocol(
        id=f"generated-{jurisdiction}",
        version=1,
        title=Text("generated", "生成"),
        disease="covid-19",
        jurisdiction=jurisdiction,
        valid_from=date(2022, 1, 1),
        valid_to=None,
        source=Source(),
        anchors=(Anchor("any", "onset", -1, ends), Anchor("any", "sample", 0, ends)),
        rules=tuple(rules),
        digest=hashlib.sha256(repr((seed, rules, ends)).encode()).hexdigest(),
        dwells=random_rules.dwells(dice),
        crowd_limit=dice.choice((2, 4, 200)),
    )


def _anybody(order: int) -> Rule:
    """So that there are contacts in any world."""
    return Rule(
        f"anybody{order}",
        order,
        Outcome.CLOSE,
        9,
        evidence=("presence", "encounter"),
        minutes=Minutes(10),
        accepts_assumed=True,
    )
