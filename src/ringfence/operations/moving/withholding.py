"""What is kept out of a public release, because it would lead to the person."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from ringfence.errors import Text, UsageError
from ringfence.movements.model import Confidence, Episode, Sphere
from ringfence.movements.sites import Site
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.trace.local_days import day_start, last_day, local_day
from ringfence.trace.seeds import instant, seconds

_MOST_NAMED = 8
_SMALL_HOURS = (timedelta(hours=1), timedelta(hours=5))
REGULAR_DAYS = 4
"""Who was at a place on so many days lives or works near it."""
PUBLIC_KINDS = frozenset(
    {
        "restaurant",
        "cafe",
        "food_court",
        "bar",
        "nightclub",
        "ktv",
        "cinema",
        "theatre",
        "internet_cafe",
        "mahjong",
        "gym",
        "bathhouse",
        "pool",
        "library",
        "shop",
        "supermarket",
        "mall",
        "market",
        "wholesale_market",
        "pharmacy",
        "hospital",
        "clinic",
        "fever_clinic",
        "test_site",
        "vaccination_site",
        "hotel",
        "banquet_hall",
        "worship",
        "funeral_home",
        "stadium",
        "conference",
        "exhibition",
        "bank",
        "salon",
        "service_hall",
        "post_office",
        "station",
        "airport",
        "port",
        "bus",
        "metro",
    }
)
"""Where anybody may come. Not homes, work, schools, care or custody: they name a small circle."""
OPEN_RUNS = frozenset({"bus", "metro"})
"""Runs whose passengers no list names; those of others are known by their tickets."""
_SURE = frozenset({Confidence.CERTAIN, Confidence.LIKELY})
_QUARTERS = re.compile(
    r"小区|社区|街道|村|单元|号楼|\d栋|花园|公寓|家园|subdistrict|residential", re.I
)


@dataclass(frozen=True)
class Private:
    """Keys of places that are not told, by why."""

    settled: set[str]
    regular: set[str]
    slept: set[str]


def private(told: Trajectory, settled: Collection[str]) -> Private:
    """Of all days that are told of. `settled`: as they are named by whoever releases.

    UsageError: it names no place of the timeline.
    """
    return Private(_settled(told, settled), _regular(told), _slept(told))


def withheld(told: Trajectory, one: Episode, known: Private) -> Text | None:
    """Why a place is not told; None: it may be."""
    key = one.where.key
    if one.where.sphere is Sphere.VEHICLE:
        return Text("who was in it is known by name", "车内人员均可查明")
    if one.where.sphere is Sphere.POSITION:
        return Text("a position, no place", "仅为定位，不是场所")
    if one.where.sphere is not Sphere.PLACE:
        run = told.movements.runs.get(key)
        open_run = run is not None and run.kind in OPEN_RUNS
        return None if open_run else Text("its passengers are known by name", "乘客有实名记录")
    there = told.movements.sites.get(key) or Site(key)
    reasons = (
        (there.kind not in PUBLIC_KINDS, Text("not a public place", "非公共场所")),
        (not there.name, Text("it has no name", "没有名称")),
        (_QUARTERS.search(there.name), Text("its name tells a quarter", "名称含居住区信息")),
        (key in known.settled, Text("all its contacts are known", "接触者已全部查明")),
        (key in known.slept, Text("the case slept there", "病例在此住宿")),
        (key in known.regular, Text("the case was there regularly", "病例经常到访")),
        (one.confidence not in _SURE, Text("not sure enough", "尚待核实")),
    )
    return next((why for holds, why in reasons if holds), None)


def _settled(told: Trajectory, named: Collection[str]) -> set[str]:
    """Keys of the places that are named by key, or as they are shown.

    UsageError: one of them is no place of the timeline.
    """
    said = words.Said(told.movements, told.zone)
    there = {
        one.where.key: words.place(said, one.where)
        for one in told.movements.episodes
        if one.where.sphere is Sphere.PLACE
    }
    found = {key for key, name in there.items() if {key, name} & set(named)}
    if all(one in there or one in there.values() for one in named):
        return found
    known = [f"{key} ({name})" if name != key else key for key, name in sorted(there.items())]
    some = [*known[:_MOST_NAMED], *(["…"] if len(known) > _MOST_NAMED else [])]
    raise UsageError(
        f"--settled names a place where the case was, as the timeline does: {', '.join(some)}",
        f"--settled 须为行程轨迹中的场所：{'、'.join(some)}",
    )


def _regular(told: Trajectory) -> set[str]:
    days: defaultdict[str, set[date]] = defaultdict(set)
    for one in told.movements.episodes:
        day = local_day(instant(one.start), told.zone)
        days[one.where.key].add(day)
        while (day := day + timedelta(days=1)) <= last_day(instant(one.end), told.zone):
            days[one.where.key].add(day)
    return {key for key, found in days.items() if len(found) >= REGULAR_DAYS}


def _slept(told: Trajectory) -> set[str]:
    """The hotels where the case was in the small hours."""
    found = set()
    for one in told.movements.episodes:
        there = told.movements.sites.get(one.where.key)
        if there is None or there.kind != "hotel":
            continue
        day = local_day(instant(one.start), told.zone) - timedelta(days=1)
        while (day := day + timedelta(days=1)) <= local_day(instant(one.end), told.zone):
            low, high = (seconds(day_start(day, told.zone) + hours) for hours in _SMALL_HOURS)
            if one.start < high and one.end > low:
                found.add(one.where.key)
    return found
