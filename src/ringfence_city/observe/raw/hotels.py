"""Guests of hotels: the register that hotels upload, a row for each time a guest was in."""

from __future__ import annotations

import numpy as np

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet, office_table
from ringfence_city.observe.rows import Columns, count, zones
from ringfence_city.truth import registers

_HEADER = (
    "序号,旅馆编码,旅馆名称,姓名,证件类型,证件号码,联系电话,房号,"
    "入住日期,入住时间,离店时间,状态,备注"
)


def write(clerk: Clerk, stays: Columns) -> Sheet | None:
    rows = count(stays)
    if not rows:
        return None
    place = np.asarray(stays["place"], dtype=np.int64)
    start = np.asarray(stays["start"], dtype=np.int64)
    told = clerk.copied(np.asarray(stays["subject"]))
    table = lines.cells(
        lines.texts(range(1, rows + 1)),
        lines.texts(place),
        registers.place_names(clerk.city, place.astype(np.int32)),
        told.name,
        "身份证",
        told.id_number,
        told.phone,
        zones(np.asarray(stays["zone"])),
        lines.times(clerk.asked, start, "%Y-%m-%d"),
        lines.times(clerk.asked, start, "%H:%M"),
        lines.times(clerk.asked, np.asarray(stays["end"]), "%Y-%m-%d %H:%M"),
        "已离店",
        "",
    )
    totals = f"合计,{rows} 人" + "," * 11
    content = office_table((), _HEADER, table, totals, "gb18030")
    return Sheet("hotel-register", "csv", ("presence", "subject"), content, rows)
