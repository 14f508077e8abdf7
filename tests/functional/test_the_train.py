"""Everybody aboard three trains is known by seat and stop; the list of passengers has to be that.

With a real timetable (D3025, D3044 over nine stations from Wuhan to Wuxi, G3119) where it is there;
which train the published screening was about is not told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ringfence_city.stories.one_train import CASE, DAY, Journey, journey, tables, truly_near

from .small_home import SmallHome

STOPS = Path(__file__).parents[2] / ".." / "shared" / "data" / "cn_rail_sample" / "train_stops.csv"
LATER = "2022-07-10T12:00:00+08:00"


def _real() -> Path:
    if not STOPS.exists():
        pytest.skip("the sample of timetables (shared/data/cn_rail_sample) is not there")
    return STOPS


def _asked(home: SmallHome, told: Journey, number: str) -> dict[str, Any]:
    for table, text in tables(told).items():
        answer = home.deliver(table, text, clock=LATER)
        assert answer.code == 0, answer.err
        assert answer.json()["quarantined"] == 0, table
    words = ("passengers", number, str(DAY), "--case", CASE, "--protocol", "covid-jiangsu-rows")
    answer = home.run(*words, "--json", clock=LATER)
    assert answer.code == 0, answer.err
    found: dict[str, Any] = answer.json()
    return found


def _near(told: dict[str, Any]) -> dict[str, set[tuple[int, int]]]:
    return {
        one["person"]: {(met["board_seq"], met["alight_seq"]) for met in one["together"]}
        for one in told["passengers"]
        if one["class"] == "close"
    }


@pytest.mark.parametrize(("seed", "real"), [(1, False), (2, True), (3, True)])
def test_exactly_those_within_three_rows_by_stop_and_leg_on_every_train(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int, *, real: bool
) -> None:
    story = journey(seed, _real() if real else None)
    told: dict[str, Any] | None = _asked(
        SmallHome(tmp_path, capsys), story, story.trains[0].numbers[1]
    )
    for train, aboard in zip(story.trains, story.aboard, strict=True):
        assert told is not None, "the case changed to one more train"
        assert told["numbers"] == list(train.numbers)
        assert _near(told) == truly_near(aboard)
        assert len(_near(told)) > 10
        assert all(one["open"] == [] for one in told["passengers"])
        case = aboard[0]
        leg = told["case_legs"][0]
        stations = [train.calls[seq - 1].station for seq in (case.board, case.alight)]
        assert [leg["from"], leg["to"]] == stations
        told = told["onward"]
    assert told is None
