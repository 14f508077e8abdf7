"""Tickets of trains: a list with titles above and sums below, seats as one word.

Whom the railway knows by another key, it knows by a passport.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet, office_table
from ringfence_city.observe.rows import ALIAS, DAYS_OF_RUNS, Columns, Numbers, count
from ringfence_city.truth import lines as runs_of_lines
from ringfence_city.truth import seats
from ringfence_city.truth.far_runs import far_runs
from ringfence_city.truth.journeys import BOARDED, NO_SHOW, STATUS_WORDS, TICKETED

_HEADER = (
    "序号,车次,始发日期,乘车站,到达站,席位,席别,票价,旅客姓名,证件类型,证件号码,联系电话,票状态"
)

_STATES = pa.array(
    [
        {BOARDED: "已检票", TICKETED: "已售", NO_SHOW: "未乘车"}.get(number)
        for number in range(len(STATUS_WORDS))
    ]
)


def sold(rides: Columns) -> NDArray[np.bool_]:
    """Which rides are on a ticket of the railway: only its seats are in a carriage."""
    on_train: NDArray[np.bool_] = np.asarray(rides["carriage"]) >= 0
    return on_train & (np.asarray(rides["seat"]) >= 0)


def write(clerk: Clerk, rides: Columns) -> Sheet | None:
    rows = count(rides)
    if not rows:
        return None
    told = clerk.copied(np.asarray(rides["subject"]))
    persons = np.asarray(rides["subject"], dtype=np.int64) % ALIAS
    by_passport = pc.is_null(told.id_number)
    passports = lines.joined("E", lines.texts(persons, 8))
    seat = lines.joined(
        lines.texts(np.asarray(rides["carriage"]), 2),
        "车",
        lines.texts(np.asarray(rides["row"]), 3),
        pa.array(seats.WORDS).take(pa.array(rides["seat"])),
        "号",
    )
    table = lines.cells(
        lines.texts(range(1, rows + 1)),
        *_runs(clerk, _codes(rides)),
        seat,
        "二等座",
        "74.5",
        told.name,
        pc.if_else(by_passport, "护照", "居民身份证"),
        pc.if_else(by_passport, passports, told.id_number),
        told.phone,
        _STATES.take(pa.array(rides["status"])),
    )
    titles = ("环渭车站旅客实名信息查询结果", "导出方式：按日期")
    totals = f"合计,{rows} 人" + "," * 11
    content = office_table(titles, _HEADER, table, totals, "gb18030")
    return Sheet("rail-tickets", "csv", ("ride", "subject"), content, rows)


def _codes(rides: Columns) -> Numbers:
    return np.asarray(rides["service"], dtype=np.int64)


def _runs(clerk: Clerk, code: Numbers) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Public number, day, and stations of each ride. Trains of the city go without stops."""
    days, at = np.unique(code // DAYS_OF_RUNS, return_inverse=True)
    told = [runs_of_lines.runs(clerk.city, day) for day in days.tolist()]
    far = [far_runs(one) for one in told]
    before = np.cumsum([0, *(len(one) for one in far)])
    first = np.array([one.first_far for one in told])
    rows = pa.array(before[at] + code % DAYS_OF_RUNS - first[at])
    every = [one for listed in far for one in listed]
    told_days = [(clerk.asked.first_day + timedelta(days=day)).isoformat() for day in days.tolist()]
    return (
        pa.array([one.number for one in every], pa.string()).take(rows),
        pa.array(told_days, pa.string()).take(pa.array(at)),
        pa.array([one.stations[0] for one in every], pa.string()).take(rows),
        pa.array([one.stations[-1] for one in every], pa.string()).take(rows),
    )
