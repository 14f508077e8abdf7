"""Small worlds in which everything is told once, and protocols of every kind, by dice."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.generative import random_rules
from tests.generative.random_rows import BASE, DISEASES, PLACES, ROWS, STEP, SUBJECTS, Dice
from tests.generative.random_rows import row as random_row
from tests.generative.snapshots import Row, SmallWorld

from ringfence.errors import Text
from ringfence.protocols.model import Anchor, EndTerm, Outcome, Protocol, Rule, Source
from ringfence.records import TABLES

ANCHORS = ("onset", "sample", "report", "rash")
CASES = ("C1", "C2", "C3")
_BEGINS = {"case_event": "at", "symptom": "start", "test": "sampled", "measure": "start"}
NATURAL = {name: TABLES[name].key for name in ROWS}


def world(seed: int) -> SmallWorld:
    """One source, one delivery, and no two rows about the same thing."""
    dice = Dice(seed, "world")
    people = SUBJECTS[: dice.choice((3, 5, 8))]
    places = PLACES[: dice.choice((1, 2, 4))]
    tables: dict[str, tuple[Row, ...]] = {}
    for table, (_, most) in ROWS.items():
        told: dict[tuple[object, ...], Row] = {}
        for number in range(most):
            row = random_row(Dice(seed, table, number), table, people, places)
            told[tuple(row[name] for name in NATURAL[table])] = _once(row)
        tables[table] = tuple(told.values())
    tables |= _illness(dice, people)
    as_of = BASE + STEP * dice.choice((1000, 500, 124, 124))  # every illness has begun by then
    return SmallWorld(tables, as_of, "Asia/Shanghai", compacted=0, replacing=False)


def told_by(small: SmallWorld, as_of: int) -> SmallWorld:
    """The world as agencies can have told of it by then: of what had begun, and had ended."""
    told = {
        name: tuple(
            row if (row.get("end") or 0) < as_of else {**row, "end": None, "end_precision": None}
            for row in small.tables[name]
            if row[begins] < as_of
        )
        for name, begins in _BEGINS.items()
    }
    return replace(small, tables={**small.tables, **told}, as_of=as_of)


def _once(row: Row) -> Row:
    certainty = row.get("certainty")
    true = {"certainty": None} if certainty == "denied" else {}
    return {**row, **true, "source": "desk", "delivery": 0}


def _illness(dice: Dice, people: tuple[str, ...]) -> dict[str, tuple[Row, ...]]:
    ill = dice.sample(people, min(len(people), dice.randint(1, 3)))
    cases = [
        {
            "case": case,
            "subject": subject,
            "disease": DISEASES[0],
            "classification": "confirmed",
            "symptomatic": dice.choice((True, True, False, None)),
            "jurisdiction": None,
        }
        for case, subject in zip(CASES, ill, strict=False)
    ]
    events = [
        {"case": case["case"], "kind": kind, **_moment(dice, "at", "precision")}
        for case in cases
        for kind in ("onset", "report", "rash", "isolated", "released")
        if dice.randint(0, 2)
    ]
    symptoms = [
        {"subject": subject, "kind": kind, **_moment(dice, "start"), **_end(dice)}
        for subject in [case["subject"] for case in cases if case["symptomatic"] is not False]
        for kind in ("fever", "cough")
        if not dice.randint(0, 2)
    ]
    tests = {
        (subject, at["sampled"]): {"subject": subject, **at, "result": result}
        for subject in ill
        for result in ("positive", "negative", "positive")
        for at in [_moment(dice, "sampled")]
    }
    measures = [
        {"subject": subject, "kind": kind, **_moment(dice, "start"), **_end(dice)}
        for subject in people
        for kind in ("facility", "home", "monitoring")
        if not dice.randint(0, 4)
    ]
    rows = {
        "case": cases,
        "case_event": events,
        "symptom": symptoms,
        "test": list(tests.values()),
        "measure": measures,
    }
    return {name: tuple(_once(row) for row in told) for name, told in rows.items()}


def _moment(dice: Dice, name: str, precision: str | None = None) -> Row:
    at = dice.instant() + dice.choice((-86_400, 0, 0, 86_400))
    day = dice.truth() is True
    if day:
        at = (at + 8 * 3_600) // 86_400 * 86_400 - 8 * 3_600
    return {name: at, precision or f"{name}_precision": "day" if day else "instant"}


def _end(dice: Dice) -> Row:
    if not dice.randint(0, 2):
        return {"end": None, "end_precision": None}
    end = _moment(dice, "end")
    return {**end, "end": end["end"] + 3 * 86_400}


def protocol(seed: int) -> Protocol:
    dice = Dice(seed, "protocol")
    rules = tuple(_rule(dice, number) for number in range(dice.randint(1, 8)))
    firsts = [r.id for r in rules if r.order == 1 and r.outcome is Outcome.CLOSE]
    some = dice.sample(firsts, dice.randint(1, len(firsts))) if firsts else []
    seeds = frozenset(some) if some and dice.truth() else None
    return Protocol(
        id="generated",
        version=1,
        title=Text("generated", "生成"),
        disease=DISEASES[0],
        jurisdiction="CN",
        valid_from=date(2022, 1, 1),
        valid_to=None,
        source=Source(),
        anchors=tuple(_anchor(dice) for _ in range(dice.randint(1, 3))),
        rules=rules,
        digest=hashlib.sha256(repr(rules).encode()).hexdigest(),
        dwells=random_rules.dwells(dice),
        seeds=seeds,
    )


def _rule(dice: Dice, number: int) -> Rule:
    plain = random_rules.rule(
        dice,
        f"rule{number}",
        1 if number == 0 else dice.choice((1, 2)),
        conditions=dice.choice((0, 0, 1, 2)),
        exemptions=dice.choice((0, 0, 1)),
        plain=dice.choice((True, False)),
    )
    first = (Outcome.CLOSE, Outcome.CLOSE, Outcome.GENERAL)
    outcome = Outcome.SECOND if plain.order == 2 else dice.choice(first)
    return Rule(**{**vars(plain), "outcome": outcome})


def _anchor(dice: Dice) -> Anchor:
    ends = tuple(
        EndTerm(
            event=dice.choice((None, "isolated", "released")),
            offset_days=dice.choice((0, 1, 3)),
            symptom_free_days=dice.choice((None, None, 1, 3)),
        )
        if dice.truth()
        else EndTerm(event="isolated")
        for _ in range(dice.randint(1, 2))
    )
    classes = ("symptomatic", "asymptomatic", "any", "any")
    return Anchor(dice.choice(classes), dice.choice(ANCHORS), dice.choice((-4, -2, 0)), ends)


def write(small: SmallWorld, folder: Path) -> Path:
    """The world as the folder `answers` of a city."""
    for name, rows in small.tables.items():
        schema = pa.schema([f for f in TABLES[name].schema if f.name not in _LINEAGE])
        columns = {
            field.name: pa.array(
                [_stored(row.get(field.name), field.type) for row in rows], field.type
            )
            for field in schema
        }
        pq.write_table(pa.table(columns, schema=schema), folder / f"{name}.parquet")
    return folder


_LINEAGE = ("source", "batch", "source_row")


def _stored(value: object, kind: pa.DataType) -> object:
    if isinstance(value, int) and pa.types.is_timestamp(kind):
        return value * 1_000_000
    return value
