"""A list of vehicles is what plain counting over the sightings gives, on every engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.engines.reference import ReferenceEngine
from ringfence.engines.sql import SqlEngine
from ringfence.operations.areas.asking import VehiclesAsked, vehicles_of
from ringfence.operations.areas.risk import area_rows
from ringfence.operations.areas.seen import Seen, Span, joined

from .snapshots import SmallWorld, snapshot_of

BEGIN = 1_657_400_000
AS_OF = BEGIN + 12
PLACES = ("gate", "market", "bridge")
SOURCES = ("police", "tolls")
Row = dict[str, Any]

moments = st.integers(BEGIN, BEGIN + 15)
lineage = {"source": st.sampled_from(SOURCES), "delivery": st.integers(0, 2)}
areas = st.fixed_dictionaries(
    {
        "area": st.just("A"),
        "level": st.sampled_from(["high", "medium", "low"]),
        "from": moments,
        "to": st.none() | moments,
        "places": st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True),
        "cases": st.just(["C1"]),
        **lineage,
    }
)
sightings = st.fixed_dictionaries(
    {
        "vehicle": st.sampled_from(["V1", "V2", "V3"]),
        "place": st.sampled_from(PLACES),
        "at": moments,
        **lineage,
    }
)
CASE = {
    "case": "C1",
    "subject": "P1",
    "disease": "covid-19",
    "classification": "confirmed",
    "source": "clinic",
    "delivery": 0,
}


def unlike(rows: list[Row], *key: str) -> tuple[Row, ...]:
    """One row of each key, source and delivery."""
    return tuple({(*(r[k] for k in key), r["source"], r["delivery"]): r for r in rows}.values())


@st.composite
def worlds(draw: st.DrawFn) -> SmallWorld:
    risky = draw(areas.filter(lambda row: row["level"] != "low" and row["to"] is None))
    told = [*draw(st.lists(areas, max_size=3)), {**risky, "source": "health", "delivery": 2}]
    seen = draw(st.lists(sightings, max_size=12))
    return SmallWorld(
        {
            "area": unlike(told, "area", "from"),
            "sighting": unlike(seen, "vehicle", "place", "at"),
            "case": (CASE,),
        },
        as_of=AS_OF,
        zone="Asia/Shanghai",
        compacted=draw(st.integers(0, 3)),
        replacing=draw(st.booleans()),
    )


def current(rows: Iterable[Row], *key: str) -> list[Row]:
    """The last version of each key and source."""
    received = sorted(rows, key=lambda row: (row["delivery"], row["source"]))
    return list({(*(row[k] for k in key), row["source"]): row for row in received}.values())


def counted(world: SmallWorld) -> dict[str, tuple[object, ...]]:
    """By vehicle: first, last, how often, places, levels, later, came back: second by second."""
    levels: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row in current(world.tables["area"], "area", "from"):
        for second in range(BEGIN, AS_OF):
            begun = row["from"] <= second
            if row["level"] != "low" and begun and (row["to"] is None or second < row["to"]):
                for place in row["places"]:
                    levels[place, second].add(row["level"])
    told = {(r["vehicle"], r["place"], r["at"]) for r in world.tables["sighting"]}
    found: dict[str, tuple[object, ...]] = {}
    for vehicle in {vehicle for vehicle, _, _ in told}:
        own = {(at, place) for who, place, at in told if who == vehicle and at < AS_OF}
        inside = {(at, place) for at, place in own if levels[place, at]}
        if not inside:
            continue
        outside = own - inside
        first, last = min(inside), max(inside)
        later = max(((at, place) for at, place in outside if at > last[0]), default=None)
        found[vehicle] = (
            first,
            last,
            len(inside),
            {place for _, place in inside},
            {level for at, place in inside for level in levels[place, at]},
            later,
            any(first[0] < at < last[0] for at, _ in outside),
        )
    return found


def as_counted(seen: Seen) -> tuple[object, ...]:
    first, last = ((int(one.at.timestamp()), one.place) for one in (seen.first, seen.last))
    later = seen.later and (int(seen.later.at.timestamp()), seen.later.place)
    told = (set(seen.places), set(seen.levels), later, seen.came_back)
    return (first, last, seen.times, *told)


@settings(max_examples=25)
@given(world=worlds())
def test_the_list_is_what_plain_counting_gives(world: SmallWorld) -> None:
    with TemporaryDirectory() as folder:
        known = snapshot_of(world, Path(folder))
        lists = []
        for make in (ReferenceEngine, SqlEngine):
            engine = make(known)
            told = vehicles_of(engine, VehiclesAsked("A"), area_rows(engine, "A"))
            assert {one.vehicle: as_counted(one) for one in told.vehicles} == counted(world)
            lists.append(told.vehicles)
    assert lists[0] == lists[1]
    order = [(one.latest.at, one.vehicle) for one in lists[0]]
    assert order == sorted(order, key=lambda row: (-row[0].timestamp(), row[1]))


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


spans = st.builds(
    lambda level, start, length, place: Span(
        level,
        moment(start),
        None if length is None else moment(start + length),
        frozenset({place}),
    ),
    st.sampled_from(["high", "medium"]),
    moments,
    st.none() | st.integers(1, 5),
    st.sampled_from(PLACES),
)


@given(told=st.lists(spans, max_size=6))
def test_joined_spans_hold_the_same_moments_and_are_apart(told: list[Span]) -> None:
    def held(some: Iterable[Span]) -> set[tuple[str, frozenset[str], int]]:
        return {
            (one.level, one.places, second)
            for one in some
            for second in range(BEGIN - 1, BEGIN + 25)
            if one.start <= moment(second) and (one.end is None or moment(second) < one.end)
        }

    one = joined(told)
    assert held(one) == held(told)
    assert [span.start for span in one] == sorted(span.start for span in one)
    for before, after in combinations(one, 2):
        if (before.level, before.places) == (after.level, after.places):
            assert before.end is not None
            assert before.end < after.start
