"""The rides of a case's person: the latest run first, and none that was not taken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home
from ringfence.operations.riding.own import rides_of

from .riding import LATER, given, ride, rides, train
from .small_home import SmallHome


def test_each_seat_of_each_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = SmallHome(tmp_path, capsys)
    people = [
        ride("case", "3/1A", stops="2-4", service="train-D4-2022-07-05"),
        ride("case", "8/12F", stops="1-2"),
        ride("case", service="bus-12-2022-07-06", stops="-", start="a", end="b"),
        ride("case", "1/1A", service="train-G9-2022-07-07", status="refunded"),
        ride("other", "8/12D"),
    ]
    given(home, **train(), **rides(*people))
    now = datetime.fromisoformat(LATER).astimezone(UTC)
    found = rides_of(open_home(home.folder), "case", make_engine=SqlEngine, now=now)
    assert [(one.run.name, one.leg.seat.label, one.stations) for one in found] == [
        ("12", "?", "a–b"),
        ("D1/D4", "8/12F", "station 1–station 2"),
        ("D1/D4", "3/1A", "station 2–station 4"),
    ]
    nobody = rides_of(open_home(home.folder), "nobody", make_engine=SqlEngine, now=now)
    assert nobody == ()
