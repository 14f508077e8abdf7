"""Fills a home with what was delivered, and traces its cases one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.deliveries import Delivery, deliveries, new_home, next_morning, take
from bench.truth.answers import Pair, Told
from bench.truth.scoring import Found
from ringfence.engines.persons import person_of
from ringfence.engines.sql import SqlEngine
from ringfence.identity import snapshot
from ringfence.identity.linking import link
from ringfence.lake import Home, compact
from ringfence.protocols.catalogue import named
from ringfence.trace.result import Trace
from ringfence.trace.tracing import trace_cases

ALWAYS = (
    "registers",
    "cases",
    "laboratory",
    "symptoms",
    "vaccinations",
    "measures",
)
"""Channels that tell who people and places are and who is ill, not who met whom."""


@dataclass(frozen=True)
class Filled:
    """A home that holds all that some channels delivered, on the morning after."""

    home: Home
    now: datetime
    given: tuple[Delivery, ...]


def filled(city: Path, home: Path, channels: Collection[str] | None = None) -> Filled:
    """`channels` None: all of them."""
    every = deliveries(city)
    given = [
        one for one in every if channels is None or one.channel in ALWAYS or one.channel in channels
    ]
    made = new_home(home, every)
    for delivery in _united(given, home.with_name("united")):
        take(made, delivery)
    compact(made)
    return Filled(made, next_morning(every), tuple(given))


def linked(city: Path, home: Path) -> Filled:
    """Every file as it came, and who is one person by checked numbers."""
    given = deliveries(city)
    made = new_home(home, given)
    for delivery in given:
        take(made, delivery)
    now = next_morning(given)
    link(made, by="truth report", now=now)
    compact(made)
    return Filled(made, now, tuple(given))


def _united(given: Sequence[Delivery], folder: Path) -> list[Delivery]:
    """One file for all that a channel delivered to a table, rows in the order of their receipt.

    What is known in the end is the same, and a home is filled in a tenth of the time.
    """
    folder.mkdir()
    groups: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in given:
        groups.setdefault((delivery.channel, delivery.table), []).append(delivery)
    united = []
    for (channel, table), parts in groups.items():
        path = folder / f"{channel}-{table}.parquet"
        rows = [_undivided(pq.read_table(part.path)) for part in parts]
        pq.write_table(pa.concat_tables(rows, promote_options="default"), path)
        united.append(replace(parts[-1], path=path, rows=sum(part.rows for part in parts)))
    return sorted(united, key=lambda delivery: delivery.received)


def _undivided(rows: pa.Table) -> pa.Table:
    """Without dictionaries: each file has its own."""
    types = [t.value_type if pa.types.is_dictionary(t) else t for t in rows.schema.types]
    return rows.cast(pa.schema(list(zip(rows.schema.names, types, strict=True))))


def some_of(cases: Collection[str], most: int) -> list[str]:
    """At most so many cases, in a hashed order: neither the first nor the last ones only."""
    return sorted(sorted(cases, key=lambda case: hashlib.sha256(case.encode()).digest())[:most])


def persons(
    desk: Filled, truth: Mapping[Pair, Told], as_of: datetime | None = None
) -> dict[Pair, Told]:
    """What is true, told of persons as the home knows them: one person may have many numbers."""
    known = snapshot(desk.home, desk.now, as_of).persons
    return {(case, person_of(known, subject)): told for (case, subject), told in truth.items()}


def found(
    desk: Filled,
    protocol: str,
    cases: Sequence[str],
    *,
    crowd_limit: bool = True,
    as_of: datetime | None = None,
) -> Found:
    """What the program tells of each case, both rings; `as_of` None: of all that was received."""
    rules = named(protocol).protocol
    listed: dict[Pair, Told] = {}
    review: set[Pair] = set()
    questions = venues = 0
    taken = snapshot(desk.home, desk.now, as_of)
    engine = SqlEngine(taken)
    for case in cases:
        made = trace_cases(taken, engine, rules, [case], 2, crowd_limit=crowd_limit)
        listed |= _listed(case, made)
        review |= {(case, person) for item in made.review for person in item.people}
        questions += len(made.review)
        venues += len(made.venues)
    return Found(tuple(cases), listed, frozenset(review), questions, venues)


def _listed(case: str, made: Trace) -> dict[Pair, Told]:
    return {
        (case, contact.person): Told(contact.order, str(contact.outcome), contact.rules)
        for contact in made.contacts
    }
