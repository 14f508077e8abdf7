"""Samples and results: what a laboratory's system exports, tab-separated in UTF-16."""

from __future__ import annotations

import pyarrow as pa

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet, office_table
from ringfence_city.observe.rows import Numbers

_HEADER = "\t".join(
    (
        *("门诊号", "姓名", "证件类型", "证件号码", "联系电话", "现住址", "就诊机构", "就诊时间"),
        *("离院时间", "体温", "主要症状", "主诉", "发病日期", "样本编号", "采样时间", "检测结果"),
    )
)


def write(clerk: Clerk, codes: Numbers, sampled: Numbers, positive: Numbers) -> Sheet | None:
    if not len(codes):
        return None
    told = clerk.copied(codes)
    serials = clerk.serials(len(codes))
    visit: tuple[str, ...] = ("",) * 8
    table = lines.cells(
        "",
        told.name,
        "身份证",
        told.id_number,
        told.phone,
        *visit,
        serials,
        lines.times(clerk.asked, sampled, "%Y-%m-%d %H:%M"),
        pa.array(["阴性", "阳性"]).take(pa.array(positive).cast(pa.int8())),
        comma="\t",
    )
    content = office_table((), _HEADER, table, "", "utf-16")
    return Sheet("clinic-lab", "txt", ("subject", "test"), content, len(codes))
