"""What is written of the infected is all that they did while it may matter, and no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.city_reality.outbreaks import outbreak

from ringfence_city.clock import instants
from ringfence_city.making import ALL_ENCOUNTERS, Request, make
from ringfence_city.parameters import Parameters
from ringfence_city.truth import days, epidemic, followed
from ringfence_city.truth.city import DAY, subject_key
from ringfence_city.truth.epidemic import Outbreak

ASKED = Parameters(ALL_ENCOUNTERS + 100, 7, 2, index_cases=9)
Row = tuple[str, str, object]


@pytest.fixture(scope="module")
def told() -> Outbreak:
    return outbreak(ASKED)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "city"
    make(out, Request(ASKED, workers=2, part=2_000))
    return out


def written(made: Path) -> list[Row]:
    names = ["subject_a", "subject_b", "start"]
    files = sorted((made / "answers" / "encounter").glob("*.parquet"))
    tables = [pq.read_table(path, columns=names).to_pylist() for path in files]
    return sorted(tuple(row.values()) for table in tables for row in table)


def expected(told: Outbreak) -> list[Row]:
    """From everybody's days: no surroundings, no parts, no second look."""
    city = told.city
    everybody = np.arange(city.people.count, dtype=np.int32)
    rows: list[Row] = []
    for day in range(ASKED.days):
        confined, codes = epidemic.confined(told, day)
        how = np.zeros(city.people.count, dtype=np.int8)
        how[confined] = codes
        lived = days.lived(city, everybody, day, how)
        met = followed.meetings(city, followed.near(city, lived, None), day)
        ahead = told.infections.at // DAY - day
        behind = day - told.course.onset // DAY
        mine = told.infections.person[(ahead <= 3) & (behind < 11)]
        some = np.isin(met.person_a, mine) | np.isin(met.person_b, mine)
        starts = instants(ASKED, met.start[some]).to_pylist()
        for a, b, start in zip(met.person_a[some], met.person_b[some], starts, strict=True):
            rows.append((subject_key(int(a)), subject_key(int(b)), start))
    return sorted(rows)


def test_encounters_of_the_infected_are_all_there_once(made: Path, told: Outbreak) -> None:
    assert told.infections.count > 20
    assert written(made) == expected(told)


def test_a_city_in_parts_is_infected_as_one_in_memory(made: Path, told: Outbreak) -> None:
    rows = pq.read_table(made / "answers" / "infection.parquet").to_pylist()
    assert [row["infectee"] for row in rows] == list(map(subject_key, told.infections.person))
    midnight = instants(ASKED, np.array([0])).to_pylist()[0]
    minutes = [(row["at"] - midnight) // timedelta(minutes=1) for row in rows]
    assert minutes == told.infections.at.tolist()
