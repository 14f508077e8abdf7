"""`ringfence city answers`: what it tells on the terminal, in numbers as one says them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.cli.main import main


def at(day: int, hour: int) -> datetime:
    return datetime(2022, 7, day, hour, tzinfo=UTC)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """One case, C1, who ate with one person; and C2, who met two at the market."""

    def write(name: str, **columns: Any) -> None:
        pq.write_table(pa.table(columns), tmp_path / "answers" / f"{name}.parquet")

    (tmp_path / "answers").mkdir()
    write("case", case=["C1", "C2"], subject=["p1", "p2"])
    write("case_event", case=["C1", "C2"], kind=["onset"] * 2, at=["2022-07-10"] * 2)
    write("place", place=["R", "M"], kind=["restaurant", "market"])
    write(
        "presence",
        subject=["p1", "k1", "p2", "k2", "k3"],
        place=["R", "R", "M", "M", "M"],
        start=[at(9, 10)] * 5,
        end=[at(9, 11)] * 5,
    )
    told = {"format": 1, "first_day": "2022-07-01", "parameters": {"days": 14}}
    (tmp_path / "city.json").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


def head(city: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["city", "answers", str(city), "--protocol", "covid-who", *words]) == 0
    return capsys.readouterr().out.splitlines()[0]


def test_one_is_told_as_one(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = head(city, capsys, "--case", "C1", "--lang", "en")
    assert told.startswith("1 case, 1 true exposure, as of 2022-07-14")
    told = head(city, capsys, "--case", "C1", "--lang", "zh")
    assert told.startswith("病例 1 例，真实暴露 1 次，截至 2022-07-14")


def test_several_are_told_as_several(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert head(city, capsys, "--lang", "en").startswith("2 cases, 3 true exposures, ")
