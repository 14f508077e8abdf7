"""How early an infected person was on a list, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bench.truth.answers import Answers, Infection
from bench.truth.living import Seen, figures

_DAY_0 = datetime(2022, 9, 1, tzinfo=UTC)


def _day(days: float) -> datetime:
    return _DAY_0 + timedelta(days=days)


_TRUTH = Answers(
    contacts={},
    infections=(
        Infection("early", "index", _day(1)),
        Infection("late", "index", _day(1)),
        Infection("never", "hidden", _day(2)),
        Infection("before", "early", _day(6)),  # on the list for another reason
    ),
    subject_of={},
    reported={"early": _day(6), "late": _day(4), "index": _day(2)},
    onset={"early": _day(4), "late": _day(3)},
)
_SEEN = Seen(
    listed={"early": _day(3.5), "late": _day(5), "before": _day(3.5), "else": _day(3)},
    traced={"index": _day(2), "early": _day(6)},
    evenings=9,
)


def test_infections_whose_infector_was_traced_and_who_was_listed() -> None:
    told = figures(_SEEN, _TRUTH)
    assert told["infections"] == 4
    assert told["infector_traced"] == 3
    assert told["listed"] == 3
    assert told["listed_of_traced"] == 3
    assert told["people_listed"] == 4


def test_listed_before_onset_and_before_the_own_report() -> None:
    told = figures(_SEEN, _TRUTH)
    assert (told["listed_before_onset"], told["with_onset"]) == (1, 2)
    assert (told["listed_before_report"], told["reported"]) == (1, 2)


def test_days_count_from_the_infection() -> None:
    told = figures(_SEEN, _TRUTH)
    assert told["median_days"] == 3.25  # 2.5 and 4; who was listed before is not counted
    assert told["by_day"] == [0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2]
