"""Payments: the transactions of a payment company, as a table for an office program."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet, office_table
from ringfence_city.observe.rows import Columns, count, places
from ringfence_city.truth import registers

_HEADER = (
    "交易流水号,商户编号,商户名称,交易时间,交易金额,付款方姓名,付款方证件号,付款方手机号,交易类型"
)
_MOST_CENTS = 20_000


def write(clerk: Clerk, payments: Columns) -> Sheet | None:
    rows = count(payments)
    if not rows:
        return None
    place = np.asarray(payments["place"], dtype=np.int64)
    at = np.asarray(payments["at"], dtype=np.int64)
    told = clerk.copied(np.asarray(payments["subject"]))
    used, merchant = np.unique(place, return_inverse=True)
    names = registers.place_names(clerk.city, used.astype(np.int32))
    cents = clerk.disguise.chance("amount").below(_MOST_CENTS, place, at)
    amount = lines.joined(lines.texts(cents // 100), ".", lines.texts(cents % 100, 2))
    table = lines.cells(
        clerk.serials(rows),
        places(clerk.city, place),
        names.take(pa.array(merchant)),
        lines.times(clerk.asked, at, "%Y-%m-%d %H:%M:00"),
        amount,
        told.name,
        told.id_number,
        told.phone,
        "扫码支付",
    )
    content = office_table((), _HEADER, table, "", "utf-8")
    return Sheet("payments", "csv", ("event", "subject"), content, rows)
