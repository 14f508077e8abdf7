"""Where everything is known, every engine lists exactly whom each protocol should list.

The city's own evaluation says whom; it shares no line with the engines. Compared are person, order,
class, first and last exposure, and minutes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence import lake
from ringfence.engines.question import EngineMaker
from ringfence.engines.reference import ReferenceEngine
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.protocols.catalogue import load_all
from ringfence.protocols.model import Protocol
from ringfence.sources import import_file
from ringfence.trace.result import Trace
from ringfence.trace.tracing import trace_cases
from ringfence_city.answers.city_folder import CityFolder, open_city
from ringfence_city.answers.evaluating import evaluate, listed_together
from ringfence_city.answers.loading import load
from ringfence_city.answers.writing import answer
from ringfence_city.making import Request, make
from ringfence_city.parameters import Parameters

ENGINES: dict[str, EngineMaker] = {"reference": ReferenceEngine, "sql": SqlEngine}
PROTOCOLS: dict[str, Protocol] = {
    file.protocol.id: file.protocol
    for file in load_all()
    if any(rule.ride is None for rule in file.protocol.rules)
}
"""Not those for journeys alone: too few of a small city's cases travel far."""
CITIES = {
    "reference": Parameters(people=240, days=8, seed=11, index_cases=6, full=True),
    "sql": Parameters(people=1_500, days=12, seed=13, index_cases=8, full=True),
}
"""A city of each engine's own size: the reference looks at every pair of rows."""

ON_THE_WAY = {"reference": {"ride"}, "sql": {"ride", "occupancy"}}
"""Evidence that is there besides; the smaller city's cases meet nobody in a taxi."""

TRACED = {"reference": 2, "sql": 6}
ILL = 6
"""People who fall ill with measles beside."""

Row = tuple[int, str, datetime, datetime, float]


@dataclass(frozen=True)
class World:
    """A city in which everything was delivered, and the home that received it."""

    engine: str
    city: CityFolder
    as_of: datetime
    snapshot: Snapshot
    truth: Mapping[tuple[str, str], Mapping[str, Row]]

    def cases(self, protocol: Protocol) -> list[str]:
        letter = "M" if protocol.disease == "measles" else "C"
        return sorted({case for _, case in self.truth if case.startswith(letter)})[
            : TRACED[self.engine]
        ]

    def traced(self, protocol: Protocol, cases: Sequence[str], orders: int) -> Trace:
        engine = ENGINES[self.engine](self.snapshot)
        return trace_cases(self.snapshot, engine, protocol, cases, orders, crowd_limit=False)


@pytest.fixture(scope="module", params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    root = tmp_path_factory.mktemp("truth")
    make(root / "city", Request(CITIES[request.param]))
    city = open_city(root / "city")
    as_of = city.all_known + timedelta(hours=1)
    _add_measles(city)
    answer(city.answers, as_of, tuple(PROTOCOLS.values()))
    home = lake.create_home(
        root / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=city.start
    )
    for row in city.deliveries():
        path, received = city.path / row["path"], datetime.fromisoformat(row["received"])
        receipt = import_file(
            home, path, table=row["table"], source=row["channel"], now=max(received, city.start)
        )
        assert not receipt.quarantined, f"{row['path']}: a row was refused"
    return World(request.param, city, as_of, lake.snapshot(home, now=as_of), _truth(city))


def _add_measles(city: CityFolder) -> None:
    """Some of the city's people fall ill with measles too; others had their doses, or one."""
    ill = pq.read_table(city.answers / "case.parquet")["subject"].to_pylist()[:ILL]
    rash = [city.first_day + timedelta(days=4 + number % 5) for number in range(ILL)]
    names = [f"M{number:06d}" for number in range(1, ILL + 1)]
    people = pq.read_table(city.answers / "subject" / "subject-000.parquet")["subject"].to_pylist()
    doses = [(who, n) for at, who in enumerate(people) for n in range(at % 4) if at % 4 < 3]
    extra = {
        "case": {
            "case": names,
            "subject": ill,
            "disease": ["measles"] * ILL,
            "classification": ["confirmed"] * ILL,
            "symptomatic": [True] * ILL,
        },
        "case_event": {
            "case": names,
            "kind": ["rash"] * ILL,
            "at": [day.isoformat() for day in rash],
        },
        "vaccination": {
            "subject": [who for who, _ in doses],
            "disease": ["measles"] * len(doses),
            "date": pa.array([date(2015 + n, 3, 1) for _, n in doses], pa.date32()),
        },
    }
    listed = city.path / "deliveries" / "files.csv"
    with listed.open("a", encoding="utf-8", newline="") as file:
        for table, columns in extra.items():
            new = pa.table(columns)
            path = Path("deliveries") / "measles" / f"{table}.parquet"
            (city.path / path).parent.mkdir(exist_ok=True)
            pq.write_table(new, city.path / path)
            _append(city.answers, table, new)
            received = (city.end + timedelta(hours=1)).isoformat()
            csv.writer(file).writerow([received, "measles", table, path, new.num_rows])


def _append(answers: Path, table: str, new: pa.Table) -> None:
    single = answers / f"{table}.parquet"
    if single.is_file():
        old = pq.read_table(single)
        pq.write_table(pa.concat_tables([old, new], promote_options="permissive"), single)
    else:
        pq.write_table(new, answers / table / "measles.parquet")


def _truth(city: CityFolder) -> dict[tuple[str, str], dict[str, Row]]:
    """What contact.parquet says, by protocol and case."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    cases = pq.read_table(city.answers / "case.parquet")["case"].to_pylist()
    for protocol in PROTOCOLS:
        for case in cases:
            found[protocol, case] = {}
    for row in pq.read_table(city.answers / "contact.parquet").to_pylist():
        found[row["protocol"], row["case"]][row["subject"]] = (
            row["order"],
            row["class"],
            row["first_exposure"],
            row["last_exposure"],
            round(row["minutes"], 6),
        )
    return found


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_one_case_alone(world: World, protocol: Protocol) -> None:
    seen = 0
    for case in world.cases(protocol):
        trace = world.traced(protocol, (case,), 2)
        listed: dict[str, Row] = {
            contact.person: (
                contact.order,
                str(contact.outcome),
                contact.first_exposure.astimezone(UTC),
                contact.last_exposure.astimezone(UTC),
                round(contact.minutes, 6),
            )
            for contact in trace.contacts
        }
        true = dict(world.truth[protocol.id, case])
        assert _wrong(listed, true) == {}, case
        assert _shares(listed, true) == (1.0, 1.0)
        seen += len(true)
    assert seen > 0, "the city is too quiet to tell anything"


@pytest.mark.parametrize("orders", [1, 2])
@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_several_cases_together(world: World, protocol: Protocol, orders: int) -> None:
    cases = world.cases(protocol)
    trace = world.traced(protocol, cases, orders)
    facts = load(world.city.answers, int(world.as_of.timestamp()))
    chosen = [case for case in facts.cases if case.case in cases]
    (found,) = evaluate(facts, [protocol], chosen)
    true = {
        facts.person_names.name(person): (contact.order, str(contact.outcome))
        for person, contact in listed_together(found, cases, orders).items()
    }
    listed = {contact.person: (contact.order, str(contact.outcome)) for contact in trace.contacts}
    assert _wrong(listed, true) == {}
    assert _shares(listed, true) == (1.0, 1.0)


def test_both_rings_and_all_classes_were_there(world: World) -> None:
    kinds = {(row[0], row[1]) for rows in world.truth.values() for row in rows.values()}
    assert kinds == {(1, "close"), (1, "general"), (2, "second")}


def test_some_were_exposed_on_the_way(world: World) -> None:
    traces = [world.traced(one, world.cases(one), 1) for one in PROTOCOLS.values()]
    kinds = {e.kind for trace in traces for contact in trace.contacts for e in contact.evidence}
    assert ON_THE_WAY[world.engine] <= kinds


def _wrong(listed: Mapping[str, object], true: Mapping[str, object]) -> dict[str, object]:
    """Whoever is missing, should not be listed, or is listed otherwise than is true."""
    return {
        person: (listed.get(person), true.get(person))
        for person in _persons(listed, true)
        if listed.get(person) != true.get(person)
    }


def _persons(*told: Mapping[str, object]) -> Iterator[str]:
    yield from sorted(set().union(*told))


def _shares(listed: Mapping[str, object], true: Mapping[str, object]) -> tuple[float, float]:
    """Precision and recall."""
    both = len(listed.keys() & true.keys())
    return (both / len(listed) if listed else 1.0, both / len(true) if true else 1.0)
