"""An answer about one case's movements beside the truth of its story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ringfence_city.stories.days import SPOTS, Stay
from ringfence_city.stories.one_case import Story, Wrong

LEAST = timedelta(minutes=15)
"""Shorter stays are not asked for."""
COVERED = 0.5
"""A stay counts as restored where so much of it is told, in its place."""
_METRES_A_DEGREE = 95_000
"""Of longitude, where the story is."""
_BESIDE = timedelta(hours=1)
_OTHER_NAMES = {"noodles-2": "noodles"}
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """`stays`, `minutes`: really lived; `restored`: of them told at the right place and time.
    `untrue`: told, and not lived. `planted`: what is wrong in the records; `found`: of it told as
    what it is; `false`: conflicts that are none.
    """

    stays: int
    restored: int
    minutes: float
    minutes_restored: float
    untrue: int
    planted: int
    found: int
    false: int


def judged(story: Story, answer: Told) -> Score:
    """`answer`: the JSON of a trajectory."""
    told = [_told(one) for one in answer["timeline"]]
    lived = [stay for stay in story.lived if stay.end - stay.start >= LEAST]
    covered = [_covered(stay, told) for stay in lived]
    conflicts: Sequence[Told] = answer["conflicts"]
    found = [wrong for wrong in story.wrong if any(_meant(wrong, one) for one in conflicts)]
    false = [one for one in conflicts if not any(_meant(wrong, one) for wrong in story.wrong)]
    return Score(
        stays=len(lived),
        restored=sum(
            1
            for stay, minutes in zip(lived, covered, strict=True)
            if minutes >= COVERED * stay.minutes
        ),
        minutes=sum(stay.minutes for stay in lived),
        minutes_restored=sum(covered),
        untrue=sum(
            1
            for one, stay in zip(answer["timeline"], told, strict=True)
            if not _lived(stay, story.lived) and not _about_there(one["where"], stay, story.lived)
        ),
        planted=len(story.wrong),
        found=len(found),
        false=len(false),
    )


def _told(one: Told) -> Stay:
    where = one["where"]
    name = where["called"] if where["sphere"] == "run" else where["key"]
    start, end = (datetime.fromisoformat(one[edge]) for edge in ("earliest", "latest"))
    return Stay(_OTHER_NAMES.get(name, name), start, end)


def _covered(stay: Stay, told: Sequence[Stay]) -> float:
    """Minutes of a stay that are told, in its place."""
    spans = sorted(
        (max(stay.start, one.start), min(stay.end, one.end))
        for one in told
        if one.where == stay.where and one.start < stay.end and one.end > stay.start
    )
    minutes, until = 0.0, stay.start
    for start, end in spans:
        if end > until:
            minutes += (end - max(start, until)).total_seconds() / 60
            until = end
    return minutes


def _lived(told: Stay, lived: Sequence[Stay]) -> bool:
    """Whether the person was there at some time of it; who passes through leaves no stay."""
    if told.where in SPOTS and SPOTS[told.where].kind in {"street", "station", "post_office"}:
        return True
    return any(
        stay.where == told.where and stay.start < told.end + LEAST and told.start - LEAST < stay.end
        for stay in lived
    )


def _about_there(where: Told, told: Stay, lived: Sequence[Stay]) -> bool:
    """Whether the person was within a position that was told, somewhere."""
    if where["sphere"] != "position":
        return False
    there = [
        SPOTS[stay.where]
        for stay in lived
        if stay.where in SPOTS and stay.start <= told.end and told.start <= stay.end
    ]
    reach = where["radius_m"] / _METRES_A_DEGREE
    return any(
        abs(spot.lat - where["lat"]) <= reach and abs(spot.lon - where["lon"]) <= reach
        for spot in there
    )


def _meant(wrong: Wrong, conflict: Told) -> bool:
    """Whether a conflict tells of what is wrong: its kind, its place, and about its time."""
    rows = [*conflict["these"], *conflict["those"]]
    places = {_OTHER_NAMES.get(str(row["place"]), str(row["place"])) for row in rows}
    here = not wrong.where or any(wrong.where in place for place in places)
    times = [datetime.fromisoformat(row["start"]) for row in rows]
    near = any(wrong.start - _BESIDE <= time <= wrong.end + _BESIDE for time in times)
    return conflict["kind"] == wrong.kind and here and near
