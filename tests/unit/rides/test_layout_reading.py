"""Layout files: what is shipped can be read, and each fault is named with line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.errors import DataError
from ringfence.protocols.faults import ProtocolError
from ringfence.rides.catalogue import layouts, shipped_folder
from ringfence.rides.layout_reading import layout_of

GOOD = """\
id: night-train
title: {en: a night train, zh: 夜行列车}
source: its operator
cabins:
  - title: {en: seats, zh: 座位}
    carriages: [1, 2]
    rows: [1, 18]
    seats: A B C | D F
  - title: {en: berths, zh: 铺位}
    numbers: [1, 22]
    levels: [lower, middle, upper]
    bay: 2
"""


def test_what_is_shipped_is_named_after_its_file() -> None:
    assert sorted(layouts()) == sorted(path.stem for path in shipped_folder().glob("*.yaml"))


def test_a_layout_of_several_cabins() -> None:
    found = layout_of(GOOD.encode(), "x")
    seats, berths = found.cabins
    assert (seats.carriages, seats.rows, seats.letters) == (("1", "2"), (1, 18), tuple("ABCDF"))
    assert (berths.numbers, berths.levels[0], berths.bay) == ((1, 22), "lower", 2)
    assert found.cabins_of("2") == (seats,)
    assert found.cabins_of("9") == (berths,)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("seats: A B C | D F", "seats: A B C | C F", "line 8, cabins[1].seats"),
        ("seats: A B C | D F", "seats: ABC|DF", "line 8, cabins[1].seats"),
        ("rows: [1, 18]", "rows: [18, 1]", "line 7, cabins[1].rows"),
        ("rows: [1, 18]", "rows: [1]", "line 7, cabins[1].rows"),
        ("rows: [1, 18]", "rows: [1, 1000]", "1 to 999"),
        ("carriages: [1, 2]", "carriages: [01]", "line 6, cabins[1].carriages"),
        ("    seats: A B C | D F\n", "", "'seats' is missing"),
        ("    rows: [1, 18]\n", "    numbers: [1, 9]\n    rows: [1, 18]\n", "line 5, cabins[1]"),
        ("levels: [lower, middle, upper]", "levels: [cellar]", "line 11"),
        ("bay: 2", "abreast: 4", "berths stand in no rows"),
        ("source: its operator\n", "", "'source' is missing"),
        ("id: night-train", "id: Night Train", "line 1, id"),
        ("cabins:", "wings:", "no field"),
    ],
)
def test_each_fault_is_named(written: str, instead: str, said: str) -> None:
    with pytest.raises(ProtocolError, match="x") as told:
        layout_of(GOOD.replace(written, instead).encode(), "x")
    assert said in str(told.value)


def test_two_layouts_of_one_id(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace("night-train", "coach"), encoding="utf-8")
    with pytest.raises(DataError, match="already"):
        layouts(tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    assert "night-train" in layouts(tmp_path)
