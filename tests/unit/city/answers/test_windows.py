"""Windows and exposures of a case: nothing that happens after the time asked about counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Anchor, EndTerm, Protocol
from ringfence_city.answers.exposures import exposures
from ringfence_city.answers.facts import Facts
from ringfence_city.answers.loading import load
from ringfence_city.answers.rings import Filed
from ringfence_city.answers.windows import Window, window_of

DAY = 86_400


def local(day: int, hour: int = 0) -> int:
    """July 2022, local time of the city, in seconds of UTC."""
    return int(datetime(2022, 7, day, hour, tzinfo=UTC).timestamp()) - 8 * 3_600


def ruled(*ends: EndTerm, case_class: str = "any") -> Protocol:
    """A protocol whose window begins two days before the onset."""
    anchor = Anchor(case_class, "onset", -2, ends)
    return replace(named("covid-cn-9").protocol, anchors=(anchor,))


FREE = ruled(EndTerm(None, 3, 3))
ISOLATED = ruled(EndTerm("isolated"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, case=["C1"], subject=["p1"], name="case")
    return tmp_path


def write(folder: Path, *, name: str, **columns: Any) -> None:
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def events(folder: Path, **told: str) -> None:
    write(folder, name="case_event", case=["C1"] * len(told), kind=list(told), at=[*told.values()])


def symptoms(folder: Path, *spells: tuple[int, int | None]) -> None:
    """First and last days."""
    write(
        folder,
        name="symptom",
        subject=["p1"] * len(spells),
        kind=[f"symptom {number}" for number in range(len(spells))],
        start=[date(2022, 7, first) for first, _ in spells],
        end=pa.array([last and date(2022, 7, last) for _, last in spells], pa.date32()),
    )


def window(folder: Path, as_of: int, protocol: Protocol) -> Window | None:
    facts: Facts = load(folder, as_of)
    (case,) = facts.cases
    return window_of(case, protocol, facts)


def test_a_symptom_that_began_later_does_not_lengthen_the_window(folder: Path) -> None:
    events(folder, onset="2022-07-10")
    symptoms(folder, (10, 11), (16, None))
    early = window(folder, local(16), FREE)
    assert early == Window("onset", local(8), local(15))
    assert window(folder, local(16, 1), FREE) == Window("onset", local(8), local(16, 1))


def test_a_symptom_that_began_later_is_no_onset_yet(folder: Path) -> None:
    symptoms(folder, (10, None))
    assert window(folder, local(10), ISOLATED) is None
    assert window(folder, local(10, 1), ISOLATED) == Window("onset", local(8), local(10, 1))


def test_a_symptom_that_began_later_does_not_tell_whether_there_were_any(folder: Path) -> None:
    events(folder, onset="2022-07-10", report="2022-07-11")
    facts = load(folder, local(12))
    symptoms(folder, (13, None))
    assert load(folder, local(12)).symptoms == facts.symptoms == {}


def test_an_end_that_is_still_to_come_is_not_known(folder: Path) -> None:
    symptoms(folder, (10, 14))
    for as_of, known in ((local(14), False), (local(14, 1), True)):
        ((spell,),) = load(folder, as_of).symptoms.values()
        assert (spell.end is not None) is known


def test_a_window_never_ends_before_it_starts(folder: Path) -> None:
    """Set apart before the window began: nobody can be a contact of this case."""
    events(folder, onset="2022-07-10", isolated="2022-07-05")
    assert window(folder, local(20), ISOLATED) == Window("onset", local(8), local(8))


@pytest.mark.parametrize(
    ("isolated", "as_of", "since"),
    [("2022-07-20", 28, 7), ("2022-07-30", 28, 14), (None, 28, 14)],
)
def test_a_case_of_unknown_infection_may_have_exposed_for_14_days_before_its_isolation(
    folder: Path, isolated: str | None, as_of: int, since: int
) -> None:
    """Before as-of where it is not isolated; a report ends nothing. A day ends with that day."""
    told = {"onset": "2022-07-08", "report": "2022-07-09"}
    events(folder, **told, **({"isolated": isolated} if isolated else {}))
    write(folder, name="place", place=["R"], kind=["restaurant"])
    write(
        folder,
        name="presence",
        subject=["p1", "k1"],
        place=["R", "R"],
        start=pa.array([1_000_000 * local(1)] * 2, pa.timestamp("us", "UTC")),
        end=pa.array([1_000_000 * local(31)] * 2, pa.timestamp("us", "UTC")),
    )
    facts = load(folder, local(as_of))
    parts = list(exposures(facts, Filed.without_instants(facts), facts.cases, {}))
    (start,) = [start for part in parts for start in part.start.tolist()]
    assert start == local(since)
