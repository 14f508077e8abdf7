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
from ringfence_city.truth import transport_tables
from ringfence_city.truth.city import City

_HEADER = (
    "序号,车次,始发日期,乘车站,到达站,席位,席别,票价,旅客姓名,证件类型,证件号码,联系电话,票状态"
)


def sold(city: City, rides: Columns) -> NDArray[np.bool_]:
    """Which rides are on a ticket: those of trains; crews have none, buses ask for no name."""
    code = _codes(rides)
    first = np.zeros(len(code), dtype=np.int64)
    for day in np.unique(code // DAYS_OF_RUNS).tolist():
        first[code // DAYS_OF_RUNS == day] = runs_of_lines.runs(city, day).first_train
    on_train: NDArray[np.bool_] = (code % DAYS_OF_RUNS >= first) & (np.asarray(rides["seat"]) >= 0)
    return on_train


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
        pa.array(runs_of_lines.SEAT_LETTERS).take(pa.array(rides["seat"])),
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
        "已检票",
    )
    titles = ("环渭车站旅客实名信息查询结果", "导出方式：按日期")
    totals = f"合计,{rows} 人" + "," * 11
    content = office_table(titles, _HEADER, table, totals, "gb18030")
    return Sheet("rail-tickets", "csv", ("ride", "subject"), content, rows)


def _codes(rides: Columns) -> Numbers:
    return np.asarray(rides["service"], dtype=np.int64)


def _runs(clerk: Clerk, code: Numbers) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Public number, day, and stations of each ride. A train of the city goes without stops."""
    days, at = np.unique(code // DAYS_OF_RUNS, return_inverse=True)
    trains = [transport_tables.trains(clerk.city, day) for day in days.tolist()]
    before = np.cumsum([0, *(len(told.numbers) for told in trains)])
    first = np.array([told.first for told in trains])
    rows = pa.array(before[at] + code % DAYS_OF_RUNS - first[at])
    told_days = [(clerk.asked.first_day + timedelta(days=day)).isoformat() for day in days.tolist()]
    return (
        pa.concat_arrays([told.numbers for told in trains]).take(rows),
        pa.array(told_days, pa.string()).take(pa.array(at)),
        pa.concat_arrays([told.origins for told in trains]).take(rows),
        pa.concat_arrays([told.goals for told in trains]).take(rows),
    )
