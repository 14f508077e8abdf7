"""446 records of one case from eleven channels, of which the truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ringfence_city.stories.days import CASE
from ringfence_city.stories.judging import judged
from ringfence_city.stories.one_case import RECORDS, story, write

from .small_home import SmallHome

LATER = "2022-07-16T09:00:00+08:00"


def _answer(folder: Path, capsys: pytest.CaptureFixture[str], seed: int) -> tuple[Any, SmallHome]:
    home = SmallHome(folder, capsys)
    files = folder / "files"
    files.mkdir()
    for file, table, source in write(story(seed), files):
        words = ("import", str(file), "--as", table, "--source", source, "--json")
        taken = home.run(*words, clock=LATER)
        assert taken.code == 0, taken.err
        assert taken.json()["quarantined"] == 0, file
    answer = home.run("trajectory", CASE, "--json", clock=LATER)
    assert answer.code == 0, answer.err
    return answer.json(), home


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_the_days_are_restored_and_every_wrong_thing_is_told_as_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    told = story(seed)
    assert told.count == RECORDS
    assert len({channel for channel, _ in told.records}) == 11
    answer, _ = _answer(tmp_path, capsys, seed)
    assert answer["rows"] == RECORDS
    assert len(answer["sources"]) == 11
    score = judged(told, answer)
    assert score.restored >= 0.9 * score.stays
    assert score.minutes_restored >= 0.9 * score.minutes
    assert score.untrue == 0
    assert score.found == score.planted == 13
    assert score.false == 0


def test_a_payment_that_nothing_contradicts_is_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Booked while the case was at a gym near by, of which only the turnstile tells."""
    told = story(3)
    answer, _ = _answer(tmp_path, capsys, 3)
    score = judged(told, answer)
    assert (score.found, score.false, score.untrue) == (12, 0, 1)
    kinds = {conflict["kind"] for conflict in answer["conflicts"]}
    assert "posting_time" not in kinds
