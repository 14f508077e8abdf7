"""Places of a Chinese map through a mapping: tried, imported, put right, said in another datum."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.unit.sources.mapping.test_datums import SHOPS

from ringfence.cli.main import main
from ringfence.sources import reasons

from .small_home import NOON
from .test_mappings import Desk

HEADER = "编码,纬度,经度\n"
GATE = "gate,39.908692,116.397477\n"
SWAPPED = "swapped,116.397477,39.908692\n"
HALF = "half,39.908692,\n"
ON_EARTH = (39.9072908, 116.3912359)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shops.csv"
    path.write_text(HEADER + GATE + SWAPPED + HALF, encoding="utf-8")
    return path


def written(home: Desk, version: int = 1, datum: str = "gcj-02") -> None:
    text = SHOPS.replace("version: 1", f"version: {version}").replace("gcj-02", datum)
    path = home.folder / "mappings" / "shops" / f"v{version}" / "mapping.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def taken(home: Desk, file: Path, *words: str) -> dict[str, Any]:
    said = home.run("import", str(file), "--mapping", "shops", "--json", *words).json()
    assert isinstance(said, dict)
    return said


def places(home: Desk) -> list[tuple[str, tuple[float, float]]]:
    parts = [pq.read_table(path) for path in sorted(home.folder.rglob("deliveries/place/*"))]
    rows = [row for part in parts for row in part.to_pylist() if row.get("lat") is not None]
    return [(row["place"], (row["lat"], row["lon"])) for row in rows]


def test_a_dry_run_judges_and_stores_nothing(home: Desk, file: Path) -> None:
    written(home)
    said = taken(home, file, "--dry-run")
    assert (said["accepted"], said["quarantined"]) == (1, 2)
    assert not places(home)


def test_positions_are_stored_as_wgs84(home: Desk, file: Path) -> None:
    written(home)
    said = taken(home, file)
    assert places(home) == [("gate", ON_EARTH)]
    told = [(reject["row"], reject["field"], reject["reason"]) for reject in said["rejects"]]
    assert told == [
        (3, "纬度", "is outside -90 … 90 degree"),
        (4, "经度", reasons.HALF_POSITION.en),
    ]
    assert taken(home, file)["replayed"]


def test_refusals_are_told_in_chinese(
    home: Desk, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(home)
    where = ("--home", str(home.folder), "--clock", NOON, "--lang", "zh")
    assert main(["import", str(file), "--mapping", "shops", *where]) == 0
    out = capsys.readouterr().out
    assert "超出范围 -90 … 90" in out
    assert "为空而另一坐标已给出" in out


def test_rows_that_were_put_right_are_converted_once(home: Desk, file: Path) -> None:
    written(home)
    batch = taken(home, file)["batch"]
    refused = home.folder.parent / "refused.csv"
    home.run("quarantine", "export", batch[:12], str(refused))
    text = refused.read_text(encoding="utf-8-sig")
    right = "39.908692,116.397477"
    for wrong, put in ((SWAPPED[8:-1], right), (HALF[5:], right + "\n")):
        assert wrong in text
        text = text.replace(wrong, put)
    refused.write_text(text, encoding="utf-8")
    home.run("quarantine", "replay", batch[:12], str(refused))
    expected = [("gate", ON_EARTH), ("half", ON_EARTH), ("swapped", ON_EARTH)]
    assert sorted(places(home)) == expected


def test_another_datum_is_another_delivery_by_another_version(home: Desk, file: Path) -> None:
    written(home, datum="wgs-84")
    first = taken(home, file)
    written(home)
    home.run("import", str(file), "--mapping", "shops", code=10)
    written(home, datum="wgs-84")
    written(home, version=2)
    second = taken(home, file)
    assert first["batch"] != second["batch"]
    assert not second["replayed"]
    assert {table["table"]: table["updated"] for table in second["tables"]} == {"place": 1}
    assert ("gate", ON_EARTH) in places(home)
