"""On trains, flights and coaches the trace lists exactly whom the city says that rules mean.

The city's own evaluation reads seats and layouts by itself; it shares no line with the engines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence import lake
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.protocols.catalogue import load_all
from ringfence.protocols.model import Protocol
from ringfence.sources import import_file
from ringfence.trace.tracing import trace_cases
from ringfence_city.answers.evaluating import evaluate, listed_together
from ringfence_city.answers.facts import Facts
from ringfence_city.answers.loading import load
from ringfence_city.observe.carriers import ride_columns
from ringfence_city.observe.rows import table
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days, lines, seats, transport_tables
from ringfence_city.truth.city import City, subject_key
from ringfence_city.truth.followed import taken
from ringfence_city.truth.journeys import BOARDED, NO_SHOW, Rides

AS_OF = datetime(2022, 10, 5, tzinfo=UTC)
RUSH = 12
"""The first of October."""
PROTOCOLS = {
    file.protocol.id: file.protocol
    for file in load_all()
    if file.protocol.id in {"covid-cn-9", "covid-ecdc-aircraft", "covid-jiangsu-rows", "measles"}
}
OF_ONE_KIND = {"covid-ecdc-aircraft": "aircraft", "covid-jiangsu-rows": "train"}


@dataclass(frozen=True)
class World:
    """`cases` by vehicle; those of `no_show` held a ticket for a full run and were not aboard."""

    snapshot: Snapshot
    facts: Facts
    cases: Mapping[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    root = tmp_path_factory.mktemp("far")
    city = build.city(Parameters(40_000, 14, 5))
    everybody = np.arange(city.people.count, dtype=np.int32)
    told = days.lived(city, everybody, RUSH).rides
    far = taken(told, told.run >= lines.runs(city, RUSH).first_far)
    chosen = {vehicle.kind: _fullest(far, number) for number, vehicle in enumerate(seats.VEHICLES)}
    chosen["swapped"] = np.unique(far.person[far.seat != far.sold])[:3]
    chosen["no_show"] = np.unique(far.person[far.status == NO_SHOW])[:3]
    names = {kind: tuple(f"{kind}-{n}" for n in range(len(who))) for kind, who in chosen.items()}
    answers = root / "answers"
    answers.mkdir()
    for name, rows in _tables(city, far, names, chosen).items():
        pq.write_table(rows, answers / f"{name}.parquet")
    start = datetime(2022, 9, 30, tzinfo=UTC)
    home = lake.create_home(
        root / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=start
    )
    for path in sorted(answers.glob("*.parquet")):
        receipt = import_file(
            home, path, table=path.stem, source="carriers", now=AS_OF - timedelta(hours=1)
        )
        assert not receipt.quarantined
    facts = load(answers, int(AS_OF.timestamp()))
    return World(lake.snapshot(home, now=AS_OF), facts, names)


def _fullest(far: Rides, vehicle: int) -> np.ndarray:
    """Some who are aboard the runs with most passengers."""
    here = (seats.VEHICLE[far.seat] == vehicle) & (far.status == BOARDED)
    runs, counts = np.unique(far.run[here], return_counts=True)
    told: np.ndarray = np.concatenate(
        [far.person[here & (far.run == run)][:2] for run in runs[np.argsort(-counts)][:2]]
    )
    return np.unique(told)


def _tables(
    city: City, far: Rides, names: Mapping[str, tuple[str, ...]], who: Mapping[str, np.ndarray]
) -> dict[str, pa.Table]:
    cases = [case for listed in names.values() for case in listed]
    subjects = [subject_key(int(person)) for kind in names for person in who[kind]]
    events = [(case, kind) for case in cases for kind in ("onset", "rash", "report")]
    return {
        "service": transport_tables.services(city, RUSH),
        "stop": transport_tables.stops(city, RUSH),
        "ride": table(city, ride_columns(far, RUSH)),
        "case": pa.table(
            {
                "case": cases,
                "subject": subjects,
                "disease": ["covid-19"] * len(cases),
                "classification": ["confirmed"] * len(cases),
                "symptomatic": [True] * len(cases),
            }
        ),
        "case_event": pa.table(
            {
                "case": [case for case, _ in events],
                "kind": [kind for _, kind in events],
                "at": ["2022-10-01"] * len(events),
            }
        ),
    }


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_the_trace_lists_whom_the_city_means(world: World, protocol: Protocol) -> None:
    (found,) = evaluate(world.facts, [protocol], world.facts.cases)
    listed: dict[str, int] = {}
    for kind, cases in world.cases.items():
        for case in cases:
            true = {
                world.facts.person_names.name(person): (c.order, str(c.outcome), c.seconds / 60)
                for person, c in listed_together(found, [case]).items()
            }
            engine = SqlEngine(world.snapshot)
            trace = trace_cases(world.snapshot, engine, protocol, (case,), 2, crowd_limit=False)
            assert {c.person: (c.order, str(c.outcome), c.minutes) for c in trace.contacts} == true
            assert not trace.review, "everything is known of a city"
            listed[kind] = listed.get(kind, 0) + len(true)
    assert listed.pop("no_show") == 0
    wanted = {OF_ONE_KIND[protocol.id]} if protocol.id in OF_ONE_KIND else set(listed)
    assert {kind for kind, count in listed.items() if count} >= wanted


def test_no_show_is_nobodys_contact(world: World) -> None:
    (protocol,) = (one for name, one in PROTOCOLS.items() if name == "covid-cn-9")
    (found,) = evaluate(world.facts, [protocol], world.facts.cases)
    absent = {case.person for case in world.facts.cases if case.case.startswith("no_show")}
    assert len(absent) == 3
    assert not absent & set(found.person.tolist())
