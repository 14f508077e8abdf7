"""Every peer answers the question as it is told by hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.peers.asking import PEERS, peer
from bench.peers.plain import Plain, write_stays

_T = 1_660_000_000
_MINUTE = 60
# who, where, from and until in minutes
_STAYS = (
    ("index", "cafe", 0, 60),
    ("index", "home", 100, 400),
    ("index", "shop", -100, -50),  # before the window
    ("long", "cafe", 30, 90),  # 30 minutes with the index
    ("twice", "cafe", 0, 8),  # 8 + 7 minutes: just enough
    ("twice", "home", 100, 107),
    ("short", "cafe", 50, 64),  # 10 minutes with the index, 14 with no seed: 50..64 with long
    ("early", "shop", -100, -50),
    ("after", "gym", 200, 260),
    ("long", "gym", 210, 230),  # 20 minutes with `after`
    ("twice", "gym", 240, 260),  # isolated by then
    ("late", "gym", 235, 260),
    ("short", "office", 500, 600),
)
_CONFINED = (("twice", 200, None), ("long", 20, 25), ("long", 300, None))


def _at(minute: int | None) -> int | None:
    return None if minute is None else _T + minute * _MINUTE


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    folder = tmp_path_factory.mktemp("plain")
    made = Plain(folder, _T + 1000 * _MINUTE)
    stays = pa.table(
        {
            "subject": [row[0] for row in _STAYS],
            "place": [row[1] for row in _STAYS],
            "begins": [_at(row[2]) for row in _STAYS],
            "ends": [_at(row[3]) for row in _STAYS],
        }
    )
    pq.write_table(stays, made.stays)
    windows = {"case": ["C1"], "subject": ["index"], "begins": [_T], "ends": [_at(300)]}
    pq.write_table(pa.table(windows), made.windows)
    confined = {
        "subject": [row[0] for row in _CONFINED],
        "begins": pa.array([_at(row[1]) for row in _CONFINED], pa.int64()),
        "ends": pa.array([_at(row[2]) for row in _CONFINED], pa.int64()),
    }
    pq.write_table(pa.table(confined), made.confined)
    return made


@pytest.mark.parametrize("name", PEERS)
def test_both_rings_are_those_worked_out_by_hand(name: str, plain: Plain, tmp_path: Path) -> None:
    chosen = peer(name)
    why = chosen.missing()
    if why is not None:
        pytest.skip(why)
    with chosen.loaded(plain, tmp_path) as loaded:
        assert loaded.ask("C1") == (["long", "twice"], ["after"])
        assert loaded.ask("nobody") == ([], [])


def test_two_records_of_one_hour_become_one_stay(tmp_path: Path) -> None:
    told = pa.table(
        {
            "subject": ["P1"] * 5,
            "place": ["R1"] * 4 + ["R2"],
            "start": pa.array([0, 30, 60, 200, 0], pa.timestamp("us", "UTC")),
            "end": pa.array([60, 50, 90, None, 10], pa.timestamp("us", "UTC")),
            "certainty": [None, "declared", None, None, "denied"],
        }
    )
    for name in ("start", "end"):
        number = told.schema.get_field_index(name)
        seconds = [
            None if t is None else t * 1_000_000 for t in told[name].cast("int64").to_pylist()
        ]
        told = told.set_column(number, name, pa.array(seconds, pa.timestamp("us", "UTC")))
    pq.write_table(told, tmp_path / "presence.parquet")
    plain = Plain(tmp_path / "plain", 500)
    assert write_stays(plain, [str(tmp_path / "presence.parquet")]) == 2
    assert sorted(tuple(row.values()) for row in pq.read_table(plain.stays).to_pylist()) == [
        ("P1", "R1", 0, 90),
        ("P1", "R1", 200, 500),
    ]
