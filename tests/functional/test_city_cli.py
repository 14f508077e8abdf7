"""`ringfence city make`: the whole folder, the same bytes again, and what cannot be made."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.faults import fill, small_disk

from ringfence.cli.main import main
from ringfence.errors import UsageError
from ringfence.lake import Home, create_home
from ringfence.records import TABLES
from ringfence.sources import import_file
from ringfence_city.making import Request, make
from ringfence_city.observe.models import NOISE_OF
from ringfence_city.observe.noise import Agencies
from ringfence_city.parameters import Parameters

SMALL = ("--people", "400", "--days", "6", "--seed", "3", "--workers", "1", "--canonical")


def made(folder: Path, *options: str) -> Path:
    out = folder / "city"
    assert main(["city", "make", *SMALL, *options, str(out)]) == 0
    return out


def told(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "city.json").read_text(encoding="utf-8"))
    return content


def listed(out: Path) -> list[dict[str, str]]:
    with (out / "deliveries" / "files.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hashes(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("noisy"))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("quiet"), "--noise", "0")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("full"), "--full")


def test_every_file_is_listed_with_its_hash_and_rows(noisy: Path) -> None:
    found = hashes(noisy)
    del found["city.json"]
    assert {file["path"]: file["sha256"] for file in told(noisy)["files"]} == found
    for file in told(noisy)["files"]:
        if file["path"].endswith(".parquet"):
            assert pq.read_metadata(noisy / file["path"]).num_rows == file["rows"]


def test_deliveries_are_listed_in_the_order_in_which_they_are_received(noisy: Path) -> None:
    rows = listed(noisy)
    times = [datetime.fromisoformat(row["received"]) for row in rows]
    assert times == sorted(times)
    assert {row["path"] for row in rows} == {
        path for path in hashes(noisy) if path.startswith("deliveries/") and path[-3:] != "csv"
    }
    assert {row["channel"] for row in rows} <= {*NOISE_OF, "registers"}


def test_nothing_is_received_before_it_happened(noisy: Path) -> None:
    for row in listed(noisy):
        rows = pq.read_table(noisy / row["path"])
        received = datetime.fromisoformat(row["received"])
        for column in TABLES[row["table"]].columns:
            may_come = column.tense.value == "may_come"
            if column.name not in rows.column_names or column.kind.value != "instant" or may_come:
                continue
            assert max(v for v in rows[column.name].to_pylist() if v is not None) <= received


def home_of(folder: Path, out: Path) -> tuple[Home, list[tuple[str, int, int]]]:
    """Deliver a city; channel, quarantined and unresolved rows of each file."""
    rows = listed(out)
    first = datetime.fromisoformat(rows[0]["received"]).astimezone(UTC)
    home = create_home(
        folder / "home",
        synthetic=True,
        jurisdiction="CN",
        zone="Asia/Shanghai",
        now=first - timedelta(hours=1),
    )
    receipts = []
    for row in rows:
        now = datetime.fromisoformat(row["received"]).astimezone(UTC)
        receipt = import_file(
            home, out / row["path"], table=row["table"], source=row["channel"], now=now
        )
        receipts.append((row["path"], receipt.quarantined, receipt.unresolved))
    return home, receipts


@pytest.mark.parametrize("which", ["quiet", "full"])
def test_a_home_takes_every_row_of_channels_without_faults(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    home, receipts = home_of(tmp_path, request.getfixturevalue(which))
    assert home.synthetic
    assert [told for told in receipts if told[1] or told[2]] == []


def test_in_a_full_city_the_facts_are_what_is_delivered(full: Path) -> None:
    def rows(paths: list[Path]) -> list[str]:
        tables = [pq.read_table(path) for path in paths]
        return sorted(str(row) for table in tables for row in table.to_pylist())

    for name in ("presence", "encounter", "case", "case_event", "test", "ride", "measure"):
        facts = [full / "answers" / f"{name}.parquet"]
        if not facts[0].exists():
            facts = sorted((full / "answers" / name).glob("*.parquet"))
        sent = [full / row["path"] for row in listed(full) if row["table"] == name]
        assert rows(sent) == rows(facts), name


def test_the_same_seed_gives_the_same_bytes_whoever_does_the_work(tmp_path: Path) -> None:
    asked = Parameters(people=900, days=4, seed=5)
    for workers in (1, 2, 3):
        make(tmp_path / str(workers), Request(asked, workers=workers, part=200))
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2") == hashes(tmp_path / "3")


def test_raw_files_are_the_same_whoever_does_the_work(tmp_path: Path) -> None:
    asked = Parameters(people=900, days=4, seed=5)
    for workers in (1, 2):
        agencies = Agencies(raw=True)
        make(tmp_path / str(workers), Request(asked, agencies, workers=workers, part=200))
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")
    given = listed(tmp_path / "1")
    assert {row["mapping"] for row in given} > {"", "venue-scans", "payments", "door-to-door"}
    assert all(row["mapping"] in ("", row["channel"]) for row in given)
    for row in given:
        assert row["mapping"] or row["path"].endswith(".parquet")


def test_the_same_seed_gives_the_same_bytes_in_another_process(noisy: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    command = [sys.executable, "-m", "ringfence.cli.main", "city", "make", *SMALL, str(out)]
    subprocess.run(command, check=True, capture_output=True)
    assert hashes(out) == hashes(noisy)


def test_another_seed_gives_another_city(noisy: Path, tmp_path: Path) -> None:
    other = made(tmp_path, "--seed", "4")
    same = {path for path, told in hashes(other).items() if hashes(noisy).get(path) == told}
    assert not {path for path in same if "presence" in path}


def test_parts_of_the_people_do_not_change_what_happens(tmp_path: Path) -> None:
    asked = Parameters(people=900, days=5, seed=6)
    for part in (200, 900):
        make(tmp_path / str(part), Request(asked, part=part))
    infections = [
        pq.read_table(tmp_path / str(part) / "answers" / "infection.parquet").to_pylist()
        for part in (200, 900)
    ]
    assert infections[0] == infections[1]
    assert len(infections[0]) > 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--people", "0"), "--people"),
        (("--people", "30000000"), "--people"),
        (("--days", "0"), "--days"),
        (("--days", "-1"), "--days"),
        (("--seed", "-1"), "--seed"),
        (("--index-cases", "401"), "--index-cases"),
        (("--workers", "0"), "--workers"),
        (("--noise", "-1"), "--noise"),
        (("--noise", "nan"), "--noise"),
        (("--coverage", "venue-scans=1.1"), "--coverage"),
        (("--coverage", "venue-scans"), "--coverage"),
        (("--coverage", "telepathy=0.5"), "venue-scans"),
        (("--first-day", "yesterday"), "--first-day"),
        (("--first-day", "1987-01-01"), "--first-day"),
        (("--people", "60000", "--full"), "--full"),
        (("--household-size", "1000000"), "--household-size"),
        (("--household-size", "0"), "--household-size"),
    ],
)
def test_impossible_parameters_are_refused_and_leave_nothing(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "city"
    assert main(["city", "make", *SMALL, *options, str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("part", [0, -1, 1])
def test_parts_that_file_names_cannot_number_are_refused(part: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="part"):
        make(tmp_path / "city", Request(Parameters(2_000, 1, 1), part=part))


def test_one_person_is_a_city(tmp_path: Path) -> None:
    out = made(tmp_path, "--people", "1", "--days", "1")
    assert told(out)["counts"]["people"] == 1


def test_a_folder_that_is_not_empty_is_refused_and_kept(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("mine", encoding="utf-8")
    assert main(["city", "make", *SMALL, str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
    assert main(["city", "make", *SMALL, str(note)]) == 2
    assert note.read_text(encoding="utf-8") == "mine"


def test_errors_are_told_in_chinese_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["city", "make", "--days", "0", "--lang", "zh", str(tmp_path / "c")]) == 2
    assert "应在" in capsys.readouterr().err


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 8) as folder:
        yield folder


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_leaves_nothing(
    workers: str, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, ballast = disk / "city", fill(disk, leaving=300_000)
    assert main(["city", "make", *SMALL, "--workers", workers, str(out)]) == 13
    assert "disk" in capsys.readouterr().err
    assert list(disk.iterdir()) == [ballast]


@pytest.mark.parametrize(
    ("words", "whole"), [(("answers",), "answers/evaluation.json"), (("describe",), "city.html")]
)
def test_what_a_full_disk_cannot_take_of_a_city_is_not_there(
    words: tuple[str, ...], whole: str, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = made(disk)
    before = sorted(path for path in out.rglob("*"))
    ballast = fill(disk, leaving=4096)
    assert main(["city", *words, str(out)]) == 13
    assert "No space left on device" in capsys.readouterr().err
    assert sorted(path for path in out.rglob("*")) == before
    ballast.unlink()
    assert main(["city", *words, str(out)]) == 0
    assert (out / whole).is_file()
