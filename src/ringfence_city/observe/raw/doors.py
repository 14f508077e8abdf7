"""Doors: the sheets of community workers, who lives there and who has come to visit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet, office_table
from ringfence_city.observe.rows import ALIAS, Columns, Numbers, count

_HEADER = (
    "序号,小区,住址,姓名,性别,证件号码,联系电话,与户主关系,户主证件号码,"
    "来访时间,离开时间,登记日期,登记人,备注"
)
_TITLES = ("社区入户排查登记表,,,,,,,,,,,,,", "填表单位：社区居委会,,,,,,,,,,,,,", ",,,,,,,,,,,,,")
_AT = "%Y-%m-%d %H:%M"


def visitors(clerk: Clerk, links: Columns) -> Sheet | None:
    """Who came to whom; `subject_b` opened the door."""
    if not count(links):
        return None
    host = np.asarray(links["subject_b"], dtype=np.int64)
    came = lines.times(clerk.asked, np.asarray(links["start"]), _AT)
    left = lines.times(clerk.asked, np.asarray(links["end"]), _AT)
    return _sheet(clerk, np.asarray(links["subject_a"]), host, ("来访", came, left))


def households(clerk: Clerk, members: Numbers, heads: Numbers) -> Sheet | None:
    """Who lives with whom: a row for each member, with the head of the household."""
    if not len(members):
        return None
    is_head = pa.array(np.asarray(members) == np.asarray(heads)).cast(pa.int8())
    relation = pa.array(["其他同住", "户主"]).take(is_head)
    return _sheet(clerk, members, heads, (relation, "", ""))


def _sheet(
    clerk: Clerk, persons: Numbers, heads: Numbers, relation: tuple[pa.Array | str, ...]
) -> Sheet:
    """`relation`: the word, coming and going."""
    rows = len(persons)
    told = clerk.copied(persons)
    sex = clerk.city.people.sex[np.asarray(persons, dtype=np.int64) % ALIAS]
    table = lines.cells(
        lines.texts(range(1, rows + 1)),
        "",
        clerk.documents.addresses(heads),
        told.name,
        pa.array(["女", "男"]).take(pa.array(sex)),
        told.id_number,
        told.phone,
        relation[0],
        clerk.documents.of(heads).id_number,
        *relation[1:],
        "",
        "网格员",
        "",
    )
    totals = f"合计,{rows} 人" + "," * 12
    content = office_table(_TITLES, _HEADER, table, totals, "gb18030")
    return Sheet("door-to-door", "csv", ("link", "subject"), content, rows)
