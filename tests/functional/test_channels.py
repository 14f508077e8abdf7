"""A city comes in through the mappings: every row is told of, nothing is invented, persons meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench.deliveries import Delivery, Taken, deliveries, new_home, next_morning, take
from scripts import channels_reference

from ringfence import identity
from ringfence.cli.main import main
from ringfence.engines.sql import SqlEngine
from ringfence.identity.linking import link
from ringfence.lake import Home
from ringfence.protocols.catalogue import named as protocol
from ringfence.sources.mapping.catalogue import entries
from ringfence.trace.tracing import trace_cases
from ringfence_city.making import Request, make
from ringfence_city.observe.noise import Agencies
from ringfence_city.parameters import Parameters

CHANNELS = (
    "clinic-lab",
    "door-to-door",
    "godata",
    "hotel-register",
    "payments",
    "rail-tickets",
    "vehicle-gates",
    "venue-scans",
)


@dataclass(frozen=True)
class City:
    """A small city in the agencies' own forms, and the home that took it in."""

    folder: Path
    home: Home
    given: tuple[Delivery, ...]
    taken: tuple[Taken, ...]

    def by_mapping(self) -> Mapping[str, Taken]:
        found: dict[str, list[Taken]] = defaultdict(list)
        for delivery, taken in zip(self.given, self.taken, strict=True):
            if delivery.mapping:
                found[delivery.mapping].append(taken)
        return {
            name: Taken(*(sum(parts) for parts in zip(*map(astuple, of), strict=True)))
            for name, of in found.items()
        }


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


def city(root: Path, key: Path, agencies: Agencies) -> City:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RINGFENCE_MASTER_KEY", str(key))
        asked = Parameters(people=400, days=4, seed=11, index_cases=6)
        make(root / "city", Request(asked, agencies))
        given = deliveries(root / "city")
        home = new_home(root / "home", given)
        taken = [take(home, delivery) for delivery in given]
        link(home, by="test", now=next_morning(given))
    return City(root / "city", home, tuple(given), tuple(taken))


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory, key: Path) -> City:
    return city(tmp_path_factory.mktemp("noisy"), key, Agencies(noise=3000, raw=True))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, key: Path) -> City:
    return city(tmp_path_factory.mktemp("quiet"), key, Agencies(noise=0, raw=True))


def test_every_channel_has_a_mapping_and_the_city_uses_each() -> None:
    assert {entry.name for entry in entries(None)} >= set(CHANNELS)


def test_every_sample_gives_what_is_expected_of_it() -> None:
    assert main(["mappings", "check"]) == 0


def test_pages_of_the_channels_are_up_to_date() -> None:
    assert channels_reference.main(["--check"]) == 0


def test_the_city_delivers_through_every_mapping(noisy: City) -> None:
    assert set(noisy.by_mapping()) == set(CHANNELS)


@pytest.mark.parametrize("which", ["noisy", "quiet"])
def test_every_row_is_accepted_skipped_or_set_aside(
    which: str, request: pytest.FixtureRequest
) -> None:
    told: City = request.getfixturevalue(which)
    for delivery, taken in zip(told.given, told.taken, strict=True):
        assert taken.accepted + taken.skipped + taken.quarantined == delivery.rows, delivery.path


def test_agencies_without_faults_lose_no_row(quiet: City) -> None:
    assert {taken.quarantined for taken in quiet.taken} == {0}


def test_wrong_numbers_are_set_aside(noisy: City) -> None:
    refused = {name: taken.quarantined for name, taken in noisy.by_mapping().items()}
    assert refused["door-to-door"] > 0
    assert refused["venue-scans"] > 0
    assert refused["godata"] == 0


def test_persons_of_all_channels_resolve_to_the_registers_own_keys(quiet: City) -> None:
    """Every document is right and nobody is known by telephone alone, so all are found."""
    taken = identity.snapshot(quiet.home, next_morning(quiet.given))
    assert taken.persons is not None
    cases = set(pq.read_table(quiet.folder / "answers" / "case.parquet")["subject"].to_pylist())
    engine = SqlEngine(taken)
    everybody = [f"p{number:08d}" for number in range(400)]
    for table, column in (("event", "subject"), ("presence", "subject"), ("link", "subject_a")):
        found = set(engine.rows(table, column, everybody)[column].to_pylist())
        assert found <= set(everybody)
        assert found, table
    assert {taken.persons.person_of(subject) for subject in cases} == cases


def test_a_case_of_go_data_is_traced_by_what_other_channels_tell(quiet: City) -> None:
    taken = identity.snapshot(quiet.home, next_morning(quiet.given))
    told = trace_cases(
        taken, SqlEngine(taken), protocol("covid-cn-9").protocol, ["C000001"], 1, crowd_limit=False
    )
    found = {contact.person for contact in told.contacts}
    assert found
    assert all(person.startswith("p") for person in found)
