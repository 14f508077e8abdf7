"""Names, ID numbers, telephones and addresses: invented, of a region that does not exist."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth import jurisdictions, keys, names, registers
from ringfence_city.truth.city import City, Int32, Int64

Days = NDArray[np.datetime64]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Of the digits of an ID number (GB 11643)."""
_CHECKS = "10X98765432"

_REGIONS, _OF_A_SEX = 9_999, 500
_ROUND = _REGIONS * _OF_A_SEX
"""Persons after whom regions and serial numbers begin again; their birthdays differ then."""
_DAYS_APART = 122

_PLAIN_YEAR = np.datetime64("2001-01-01", "D")
"""A year without a 29 February: nobody was born on one."""

_PHONE_PREFIX = "154"
"""A prefix that no operator has been given."""
_PHONES = 10**8
_PHONE_FROM, _PHONE_SPARE = 8, 85


def identities(city: City, persons: Int32) -> pa.Table:
    """The canonical subject table with identity columns. Any part can be asked for by itself."""
    who = np.asarray(persons, dtype=np.int64)
    sex = city.people.sex[who]
    births = birth_dates(city, who)
    return pa.table(
        {
            "subject": keys.subject_keys(persons),
            "name": _names(city, who),
            "sex": keys.coded(sex, pa.array(["female", "male"])),
            "birth_date": pa.array(births, pa.date32()),
            "id_kind": keys.coded(np.zeros(len(who), np.int32), pa.array(["resident"])),
            "id_number": id_numbers(city, who, births),
            "phone": _phones(city, who),
            "address": addresses(city, who),
        }
    )


@dataclass(frozen=True)
class Papers:
    """What agencies copy from a person's documents; no telephone: null."""

    name: pa.StringArray
    id_number: pa.StringArray
    phone: pa.StringArray


def papers(city: City, who: Int64) -> Papers:
    return Papers(
        _names(city, who), id_numbers(city, who, birth_dates(city, who)), _phones(city, who)
    )


def birth_dates(city: City, who: Int64) -> Days:
    """Days of birth, such that ages are those of the eve of the first day, when persons are
    registered: nobody is born later.
    """
    draw = Chance.of(city.asked.seed, "birth")
    day = draw.below(365, who % _ROUND) + who // _ROUND * _DAYS_APART
    template = _PLAIN_YEAR + (day % 365).astype("timedelta64[D]")
    month = template.astype("datetime64[M]")
    within = template - month.astype("datetime64[D]")
    month_of_year = month - _PLAIN_YEAR.astype("datetime64[M]")
    today = np.datetime64(city.asked.first_day, "D") - 1
    year = today.astype("datetime64[Y]")
    passed = year.astype("datetime64[M]") + month_of_year
    to_come = passed.astype("datetime64[D]") + within > today
    age = city.people.age[who].astype(np.int64)
    born = year - (age + to_come).astype("timedelta64[Y]")
    told: Days = (born.astype("datetime64[M]") + month_of_year).astype("datetime64[D]") + within
    return told


def id_numbers(city: City, who: Int64, births: Days) -> pa.Array:
    """Resident ID numbers of the region 00xxxx with the right check character, no two alike."""
    region = 1 + who % _ROUND // _OF_A_SEX
    serial = who % _OF_A_SEX * 2 + city.people.sex[who]
    months = births.astype("datetime64[M]")
    year = births.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (births - months.astype("datetime64[D]")).astype(np.int64) + 1
    number = region * 10**11 + (year * 10_000 + month * 100 + day) * 1_000 + serial
    total = np.zeros(len(who), dtype=np.int64)
    for place, weight in enumerate(_WEIGHTS):
        total += number // 10 ** (16 - place) % 10 * weight
    check = pa.array(list(_CHECKS)).take(pa.array(total % 11))
    digits = pc.utf8_lpad(pc.cast(pa.array(number), pa.string()), 17, "0")
    return pc.binary_join_element_wise(digits, check, "")


def _bearer(city: City, who: Int64) -> Int64:
    """Whose surname a person bears: children and fathers' fathers that of the man of the house."""
    people = city.people
    resident = who < city.residents
    home = np.where(resident, people.home[who], 0)
    first = city.first_of_home[home].astype(np.int64)
    second = np.minimum(first + 1, city.first_of_home[home + 1] - 1)
    head = np.where(people.sex[first] == 1, first, second)
    gap = people.age[first].astype(np.int64) - people.age[who]
    child = gap >= 16
    elder = (gap <= -16) & (people.sex[who] == 1) & (people.sex[first] == 1)
    family = (who - first >= 1) & (city.places.kind[home] == _HOME)
    return np.where(resident & family & (child | elder), head, who)


_HOME = 0


def _names(city: City, who: Int64) -> pa.Array:
    draw = Chance.of(city.asked.seed, "name")
    surname = draw.pick(names.SURNAME_WEIGHTS, _bearer(city, who), 0)
    male = city.people.sex[who] == 1
    given = []
    for nth in (1, 2):
        women, men = (
            pa.array(signs).take(pa.array(draw.below(len(signs), who, nth)))
            for signs in names.GIVEN
        )
        given.append(pc.if_else(pa.array(male), men, women))
    single = draw.below(100, who, 3) < names.SINGLE
    second = pc.if_else(pa.array(single), "", given[1])
    return pc.binary_join_element_wise(
        pa.array(names.SURNAMES).take(pa.array(surname)), given[0], second, ""
    )


def _phones(city: City, who: Int64) -> pa.Array:
    """Telephone numbers, no two alike; small children and some old people have none."""
    draw = Chance.of(city.asked.seed, "phone")
    number = draw.order(_PHONES, who)
    age = city.people.age[who]
    none = (age < _PHONE_FROM) | ((age >= _PHONE_SPARE) & (draw.below(100, who, 1) < 30))
    digits = pc.utf8_lpad(pc.cast(pa.array(number), pa.string()), 8, "0")
    told = pc.binary_join_element_wise(_PHONE_PREFIX, digits, "")
    return pc.if_else(pa.array(none), pa.scalar(None, pa.string()), told)


def addresses(city: City, who: Int64) -> pa.Array:
    home = city.people.home[who]
    area = jurisdictions.addresses(city).take(pa.array(city.people.grid[who]))
    return pc.binary_join_element_wise(area, registers.place_names(city, home), "")
