"""Deliveries of a city in order, into a home: one by one, or united by channel and table."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.deliveries import deliveries, next_morning, presences
from bench.truth.desk import filled, some_of

from ringfence.engines.sql import SqlEngine
from ringfence.lake import snapshot

_RECEIVED = ("2022-09-01T08:00:00+08:00", "2022-09-02T08:00:00+08:00", "2022-09-02T09:00:00+08:00")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A place, then two days of scans; the second day tells of one stay again, with its end."""
    folder = tmp_path / "city" / "deliveries"
    folder.mkdir(parents=True)
    at = pa.timestamp("us", "UTC")
    hour = 3_600_000_000
    first = 1_661_990_400_000_000  # 2022-09-01 00:00 UTC
    tables = [
        ("registers", "place", {"place": ["R1"], "kind": ["cafe"], "name": ["R1"]}),
        ("venue-scans", "presence", _stays([("P1", first, None), ("P2", first, first + hour)], at)),
        ("venue-scans", "presence", _stays([("P1", first, first + 2 * hour)], at)),
    ]
    lines = ["received,channel,table,path,rows"]
    for number, ((channel, table, columns), received) in enumerate(
        zip(tables, _RECEIVED, strict=True)
    ):
        made = pa.table(columns)
        path = f"deliveries/{number}.parquet"
        pq.write_table(made, tmp_path / "city" / path)
        lines.append(f"{received},{channel},{table},{path},{made.num_rows}")
    (folder / "files.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "city"


def _stays(rows: list[tuple[str, int, int | None]], at: pa.DataType) -> dict[str, pa.Array]:
    return {
        "subject": pa.array([row[0] for row in rows]).dictionary_encode(),
        "place": pa.array(["R1"] * len(rows)).dictionary_encode(),
        "start": pa.array([row[1] for row in rows], pa.int64()).cast(at),
        "end": pa.array([row[2] for row in rows], pa.int64()).cast(at),
    }


def test_list_is_read_with_paths_and_times(city: Path) -> None:
    given = deliveries(city)
    assert [one.channel for one in given] == ["registers", "venue-scans", "venue-scans"]
    assert all(one.path.exists() for one in given)
    assert sum(one.rows for one in presences(given)) == 3
    assert next_morning(given).isoformat() == "2022-09-03T09:00:00+08:00"


def test_united_files_leave_what_single_ones_leave(city: Path, tmp_path: Path) -> None:
    desk = filled(city, tmp_path / "home")
    rows = SqlEngine(snapshot(desk.home, desk.now)).rows("presence", "subject", None).to_pylist()
    lengths = {row["subject"]: (row["end"] - row["start"]) / timedelta(hours=1) for row in rows}
    assert lengths == {"P1": 2, "P2": 1}
    assert len(rows) == 2
    assert {one.channel for one in desk.given} == {"registers", "venue-scans"}


def test_channels_can_be_left_out(city: Path, tmp_path: Path) -> None:
    desk = filled(city, tmp_path / "home", [])
    assert {one.channel for one in desk.given} == {"registers"}


def test_some_cases_are_neither_the_first_nor_others_when_asked_again() -> None:
    cases = [f"C{number:06d}" for number in range(100)]
    chosen = some_of(cases, 5)
    assert len(chosen) == 5
    assert chosen == some_of(cases[::-1], 5)
    assert chosen != cases[:5]
    assert some_of(cases[:3], 5) == cases[:3]
