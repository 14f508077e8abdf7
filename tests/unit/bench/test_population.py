"""The synthetic population: repeatable, of constant density, and possible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from bench import population
from bench.city import AS_OF, City

_CITY = City(100_000, seed=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("population")
    population.write(made, _CITY)
    return made


def _asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        for table in (*population.REGISTERS, "presence"):
            db.execute(f"CREATE VIEW \"{table}\" AS FROM '{folder / table}.parquet'")
        return db.execute(sql).fetchall()


def test_same_seed_same_rows(folder: Path, tmp_path: Path) -> None:
    population.write(tmp_path, _CITY)
    for table in (*population.REGISTERS, "presence"):
        name = f"{table}.parquet"
        assert pq.read_table(tmp_path / name).equals(pq.read_table(folder / name))


def test_another_seed_other_rows(folder: Path, tmp_path: Path) -> None:
    population.write(tmp_path, City(100_000, seed=4))
    assert not pq.read_table(tmp_path / "case.parquet").equals(
        pq.read_table(folder / "case.parquet")
    )


def test_about_a_hundred_stays_each(folder: Path) -> None:
    ((rows, subjects),) = _asked(folder, "SELECT count(*), count(DISTINCT subject) FROM presence")
    assert subjects == 1_000
    assert 97_000 < rows < 103_000


def test_nobody_is_in_two_places_at_once(folder: Path) -> None:
    overlaps = _asked(
        folder,
        'SELECT count(*) FROM (SELECT start, lag("end") OVER person AS left_at FROM presence'
        " WINDOW person AS (PARTITION BY subject ORDER BY start)) WHERE left_at > start",
    )
    assert overlaps == [(0,)]


def test_stays_end_after_they_start_and_before_as_of(folder: Path) -> None:
    ((shortest, last),) = _asked(
        folder, 'SELECT min(epoch("end") - epoch(start)), max(epoch("end")) FROM presence'
    )
    assert shortest > 0
    assert last < AS_OF.timestamp()


def test_some_places_and_their_air_are_unknown(folder: Path) -> None:
    ((airless, undescribed),) = _asked(
        folder,
        "SELECT (SELECT count(*) FROM place WHERE ventilation IS NULL AND kind <> 'home'),"
        " (SELECT count(DISTINCT place) FROM presence WHERE place NOT IN"
        " (SELECT place FROM place))",
    )
    assert airless > 0
    assert undescribed > 0


def test_what_was_written_is_not_written_again(folder: Path) -> None:
    assert population.written_before(folder, _CITY) is not None
    assert population.written_before(folder, City(100_000, seed=4)) is None
