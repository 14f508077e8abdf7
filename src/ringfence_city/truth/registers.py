"""What is registered of the city, as canonical tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.records.vocabularies import PLACE_KINDS
from ringfence_city.chance import Chance
from ringfence_city.truth import keys
from ringfence_city.truth.city import KINDS, ROLE_WORDS, VENTILATION_WORDS, City, Int32
from ringfence_city.truth.jurisdictions import grid_codes, units

_BRANDS = (
    "金桥",
    "春晖",
    "永兴",
    "福源",
    "明珠",
    "长乐",
    "安康",
    "迎宾",
    "翠竹",
    "新世纪",
    "好邻居",
    "百顺",
    "同心",
    "万家",
    "老城",
    "江南",
    "四海",
    "祥云",
    "绿洲",
    "蓝天",
)
_HOMES_OF_A_BUILDING = 40


def place_names(city: City, chosen: Int32) -> pa.Array:
    """Names of places: an invented brand, the kind and a number; homes by building and door."""
    kinds = pa.array([text.zh for _, text in PLACE_KINDS.values()])
    kind = kinds.take(pa.array(city.places.kind[chosen]))
    number = pc.cast(pa.array(chosen), pa.string())
    brand = pa.array(_BRANDS).take(
        pa.array(Chance.of(city.asked.seed, "brand").below(len(_BRANDS), chosen))
    )
    building = pc.cast(pa.array(chosen // _HOMES_OF_A_BUILDING + 1), pa.string())
    door = pc.cast(pa.array(doors(chosen)), pa.string())
    venue = pc.binary_join_element_wise(brand, kind, number, "")
    home = pc.binary_join_element_wise(building, "栋", door, "室", "")
    return pc.if_else(pa.array(chosen < city.homes), home, venue)


def doors(homes: Int32) -> Int32:
    """Door numbers: floor and door, four doors a floor."""
    within = homes % _HOMES_OF_A_BUILDING
    return (within // 4 + 1) * 100 + within % 4 + 1


def places(city: City, numbers: Int32 | None = None) -> pa.Table:
    """The canonical place table of `numbers` (all, where none are given)."""
    at = city.places
    chosen = np.arange(at.count, dtype=np.int32) if numbers is None else numbers
    return pa.table(
        {
            "place": keys.place_keys(city, chosen),
            "kind": keys.coded(at.kind[chosen], pa.array(KINDS)),
            "name": place_names(city, chosen),
            "lat": at.lat_e5[chosen] / 100_000,
            "lon": at.lon_e5[chosen] / 100_000,
            "ventilation": keys.coded(at.ventilation[chosen], pa.array(VENTILATION_WORDS)),
            "grid": keys.coded(at.grid[chosen], grid_codes(city)),
        }
    )


def subjects(city: City, persons: Int32) -> pa.Table:
    """The canonical subject table without identity."""
    people = city.people
    return pa.table(
        {
            "subject": keys.subject_keys(persons),
            "grid": keys.coded(people.grid[persons], grid_codes(city)),
            "role": keys.coded(people.role[persons], pa.array(ROLE_WORDS)),
        }
    )


def jurisdictions(city: City) -> pa.Table:
    """The canonical jurisdiction table: the whole tree."""
    tree = units(city.grids)
    names = ("code", "parent", "level", "name_zh", "name_en")
    return pa.table(
        {name: pa.array([getattr(unit, name) for unit in tree], pa.string()) for name in names}
    )


def vaccinations(city: City, persons: Int32, disease: str = "covid-19") -> pa.Table:
    doses = city.people.doses[persons]
    person = np.repeat(persons, doses)
    nth = np.concatenate([[0], np.cumsum(doses)])[:-1]
    number = np.arange(len(person)) - np.repeat(nth, doses)
    draw = Chance.of(city.asked.seed, "vaccination")
    ago = 500 - 150 * number + draw.below(60, person, number)
    epoch = np.datetime64(city.asked.first_day, "D")
    return pa.table(
        {
            "subject": keys.subject_keys(person),
            "disease": keys.coded(np.zeros(len(person), np.int32), pa.array([disease])),
            "date": pa.array(epoch - ago.astype("timedelta64[D]"), pa.date32()),
        }
    )
