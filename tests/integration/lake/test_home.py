"""Making and opening homes; naming batches; what was known when."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ringfence import lake
from ringfence.errors import DataError, NotFound, UsageError

from .delivering import BEGIN, current, deliver, new_home

HOUR = timedelta(hours=1)
CAFE = "subject place start end\nann cafe 06-01T10:00 06-01T11:00"
BAR = "subject place start end\nbob bar 06-01T10:00 06-01T11:00"


def test_a_home_is_as_it_was_made(tmp_path: Path) -> None:
    made = new_home(tmp_path / "home")
    assert lake.open_home(tmp_path / "home") == made
    assert (made.zone, made.jurisdiction, made.synthetic) == ("Asia/Shanghai", "CN", True)
    assert stat.S_IMODE(made.tombstone_key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.tombstone_key.parent.stat().st_mode) == 0o700


def test_a_home_needs_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        new_home(tmp_path)
    new_home(tmp_path / "home")
    with pytest.raises(UsageError, match="not empty"):
        new_home(tmp_path / "home")


def test_making_a_home_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    made = new_home(tmp_path / "home")
    (made.root / "home.json").rename(made.root / "home.json.new")
    with pytest.raises(NotFound):
        lake.open_home(made.root)
    again = new_home(made.root)
    assert deliver(again, "presence", "a", CAFE).sequence == 1


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_the_zone_must_be_known(tmp_path: Path, zone: str) -> None:
    with pytest.raises(UsageError, match="IANA"):
        lake.create_home(
            tmp_path / "home", synthetic=False, jurisdiction="CN", zone=zone, now=BEGIN
        )


def test_there_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="ringfence init") as missing:
        lake.open_home(tmp_path)
    assert missing.value.exit_code == 11


def test_a_batch_is_named_by_its_beginning(home: lake.Home) -> None:
    batch = deliver(home, "presence", "a", CAFE).batch
    act = lake.withdraw(home, batch[:8], "wrong file", BEGIN)
    assert (act.batch, act.rows, act.reason, act.sequence) == (batch, 1, "wrong file", 2)
    with pytest.raises(DataError, match="already withdrawn"):
        lake.withdraw(home, batch, "again", BEGIN)
    lake.reinstate(home, batch, "right file", BEGIN)
    with pytest.raises(DataError, match="not withdrawn"):
        lake.reinstate(home, batch, "again", BEGIN)
    for name in (batch[:7], "not a batch", "%" * 8):
        with pytest.raises(UsageError):
            lake.withdraw(home, name, "too short", BEGIN)
    with pytest.raises(UsageError, match="reason"):
        lake.withdraw(home, batch, " ", BEGIN)
    with pytest.raises(NotFound):
        lake.withdraw(home, "0" * 64, "unknown", BEGIN)


def test_as_of_is_what_was_acknowledged_by_then(home: lake.Home) -> None:
    deliver(home, "presence", "a", CAFE, now=BEGIN)
    second = deliver(home, "presence", "a", BAR, now=BEGIN + HOUR)
    lake.withdraw(home, second.batch, "test", BEGIN + 2 * HOUR)
    now = BEGIN + 9 * HOUR

    def seen(as_of: datetime | int | None) -> tuple[int, datetime, int, bool]:
        taken = lake.snapshot(home, now, as_of)
        return taken.sequence, taken.as_of, len(current(taken, "presence")), taken.historical

    assert seen(None) == (3, now, 1, False)
    assert seen(BEGIN - HOUR) == (0, BEGIN - HOUR, 0, True)
    assert seen(BEGIN) == (1, BEGIN, 1, True)
    assert seen(BEGIN + HOUR) == (2, BEGIN + HOUR, 2, True)
    assert seen(2) == (2, BEGIN + HOUR, 2, True)
    assert seen(0) == (0, BEGIN, 0, True)
    lake.compact(home)
    assert seen(2) == (2, BEGIN + HOUR, 2, True)
    with pytest.raises(NotFound, match="last one is 3"):
        lake.snapshot(home, now, 4)
    with pytest.raises(UsageError, match="offset"):
        lake.snapshot(home, now, datetime(2022, 7, 1))  # noqa: DTZ001


def test_a_clock_that_goes_back_does_not_change_the_order(home: lake.Home) -> None:
    deliver(home, "presence", "a", CAFE, now=BEGIN + 48 * HOUR)
    second = deliver(home, "presence", "a", BAR, now=BEGIN)
    assert second.sequence == 2
    assert lake.snapshot(home, BEGIN, BEGIN).sequence == 2


def test_status_and_reports_are_json(home: lake.Home) -> None:
    batch = deliver(home, "presence", "a", CAFE).batch
    lake.compact(home)
    deliver(home, "presence", "a", BAR)
    lake.withdraw(home, batch, "test", BEGIN)
    found = json.loads(json.dumps(lake.status(home).as_json()))
    (table,) = found["tables"]
    assert (table["batches"], table["withdrawn"], table["fresh_rows"]) == (2, 1, 1)
    assert [b["withdrawn"] for b in found["batches"]] == [True, False]
    for report in (
        lake.compact(home),
        lake.verify(home),
        lake.purge(home, BEGIN, retention_days={"presence": 1}, hold=lake.Hold()),
    ):
        json.dumps(report.as_json())
