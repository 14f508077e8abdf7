"""The tree of jurisdictions: country, province, city, districts, streets, communities, grids.

Codes have the shape of GB/T 2260 and its extensions, under the province number 00, which no
province has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ringfence_city.truth.city import City
from ringfence_city.truth.geography import (
    COMMUNITIES_PER_STREET,
    GRIDS_PER_COMMUNITY,
    STREETS_PER_DISTRICT,
)

COUNTRY, PROVINCE, CITY = "CN", "000000", "000100"
CITY_NAME = ("环围市", "Huanwei")

_SIDES = (("东", "Dong"), ("南", "Nan"), ("西", "Xi"), ("北", "Bei"), ("中", "Zhong"))
_LANDS = (
    ("河", "he"),
    ("湖", "hu"),
    ("林", "lin"),
    ("桥", "qiao"),
    ("湾", "wan"),
    ("岭", "ling"),
    ("塘", "tang"),
)
_GOOD = (
    ("和平", "Heping"), ("建设", "Jianshe"), ("光明", "Guangming"), ("人民", "Renmin"),
    ("新华", "Xinhua"), ("朝阳", "Chaoyang"), ("文化", "Wenhua"), ("胜利", "Shengli"),
    ("春晖", "Chunhui"), ("青年", "Qingnian"), ("友谊", "Youyi"), ("花园", "Huayuan"),
    ("迎宾", "Yingbin"), ("安康", "Ankang"), ("长乐", "Changle"), ("金桥", "Jinqiao"),
    ("翠竹", "Cuizhu"), ("杏林", "Xinglin"), ("永兴", "Yongxing"), ("福源", "Fuyuan"),
    ("石榴", "Shiliu"), ("明珠", "Mingzhu"), ("梧桐", "Wutong"),
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    code: str
    parent: str | None
    level: str
    name_zh: str
    name_en: str


def _named(number: int, base: int) -> tuple[str, str]:
    zh, en = _GOOD[(number * 7 + base) % len(_GOOD)]
    again = number // len(_GOOD)
    return (f"{zh}{again + 1}", f"{en} {again + 1}") if again else (zh, en)


def _district(number: int) -> Unit:
    side = _SIDES[number % len(_SIDES)]
    land = _LANDS[number // len(_SIDES) % len(_LANDS)]
    again = number // (len(_SIDES) * len(_LANDS))
    told = f"{again + 1}" if again else ""
    return Unit(
        f"0001{number + 1:02d}",
        CITY,
        "district",
        f"{side[0]}{land[0]}{told}区",
        f"{side[1]}{land[1]} {told}".rstrip() + " District",
    )


def _street(number: int) -> Unit:
    district, within = divmod(number, STREETS_PER_DISTRICT)
    zh, en = _named(within, district * 5)
    parent = f"0001{district + 1:02d}"
    return Unit(f"{parent}{within + 1:03d}", parent, "street", f"{zh}街道", f"{en} Street")


def _community(number: int) -> Unit:
    street, within = divmod(number, COMMUNITIES_PER_STREET)
    zh, en = _named(within, street * 3 + 11)
    parent = _street(street).code
    return Unit(f"{parent}{within + 1:03d}", parent, "community", f"{zh}社区", f"{en} Community")


def _grid(number: int) -> Unit:
    community, within = divmod(number, GRIDS_PER_COMMUNITY)
    parent = _community(community).code
    name = within + 1
    return Unit(f"{parent}-{name:02d}", parent, "grid", f"第{name}网格", f"Grid {name}")


def units(grids: int) -> list[Unit]:
    """The whole tree of a city with so many grids, parents before their children."""
    communities = -(-grids // GRIDS_PER_COMMUNITY)
    streets = -(-communities // COMMUNITIES_PER_STREET)
    districts = -(-streets // STREETS_PER_DISTRICT)
    return [
        Unit(COUNTRY, None, "country", "中国", "China"),
        Unit(PROVINCE, COUNTRY, "province", "虚构省", "Imaginary Province"),
        Unit(CITY, PROVINCE, "city", *CITY_NAME),
        *(_district(number) for number in range(districts)),
        *(_street(number) for number in range(streets)),
        *(_community(number) for number in range(communities)),
        *(_grid(number) for number in range(grids)),
    ]


def grid_codes(city: City) -> pa.Array:
    """Codes of the grids, by their number."""
    return pa.array([_grid(number).code for number in range(city.grids)])


def addresses(city: City) -> pa.Array:
    """City, district, street and community of each grid as an address begins, in Chinese."""
    told: list[str] = []
    for community in range(-(-city.grids // GRIDS_PER_COMMUNITY)):
        street = community // COMMUNITIES_PER_STREET
        names = (
            _district(street // STREETS_PER_DISTRICT).name_zh,
            _street(street).name_zh,
            _community(community).name_zh,
        )
        told.append(CITY_NAME[0] + "".join(names))
    index = np.arange(city.grids) // GRIDS_PER_COMMUNITY
    return pa.array(told).take(pa.array(index))
