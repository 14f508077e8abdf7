"""What is registered: canonical tables, the tree of jurisdictions, identities."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from tests.unit.city.truth.cities import WORKDAY, everybody, town

from ringfence.records import TABLES
from ringfence_city import true_tables
from ringfence_city.observe.standing import pairs
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days, identity, registers, transport_tables
from ringfence_city.truth.city import City


def canonical() -> dict[str, pa.Table]:
    city = town()
    who = everybody(city)
    return {
        "place": registers.places(city),
        "subject": registers.subjects(city, who),
        "jurisdiction": registers.jurisdictions(city),
        "link": households(city),
        "vaccination": registers.vaccinations(city, who),
        "service": transport_tables.services(city, WORKDAY),
        "stop": transport_tables.stops(city, WORKDAY),
        **true_tables.of_day(city, days.lived(city, who, WORKDAY), WORKDAY),
    }


def households(city: City) -> pa.Table:
    homes = np.arange(city.homes, dtype=np.int32)
    return true_tables.households(city, *pairs(city.first_of_home, homes))


def test_tables_are_canonical() -> None:
    by_name = TABLES
    for name, told in canonical().items():
        table = by_name[name]
        known = {column.name: column for column in table.columns}
        assert set(told.column_names) <= set(known), name
        assert {column.name for column in table.columns if column.required} <= set(
            told.column_names
        )
        for column in told.column_names:
            words = known[column].words
            if words:
                assert set(told[column].unique().to_pylist()) <= {*words, None}, column
        key = told.select([part for part in table.key if part in told.column_names])
        plain = key.group_by(key.column_names).aggregate([]) if name != "service" else key
        assert plain.num_rows == told.num_rows, name


@pytest.mark.parametrize("people", [1, 300, 60_000])
def test_the_tree_of_jurisdictions_is_one_tree(people: int) -> None:
    city = town(people)
    tree = registers.jurisdictions(city).to_pylist()
    level = {row["code"]: row["level"] for row in tree}
    assert len(level) == len(tree)
    above = {
        "province": "country", "city": "province", "district": "city", "street": "district",
        "community": "street", "grid": "community",
    }  # fmt: skip
    roots = [row for row in tree if row["parent"] is None]
    assert [row["code"] for row in roots] == ["CN"]
    for row in tree:
        if row["parent"] is not None:
            assert level[row["parent"]] == above[row["level"]]
    grids = {row["code"] for row in tree if row["level"] == "grid"}
    assert set(registers.places(city)["grid"].unique().to_pylist()) <= grids


def test_household_links_are_all_pairs_of_each_home() -> None:
    city = build.city(Parameters(40, 1, 3))
    home = city.people.home[: city.residents].tolist()
    wanted = {
        (f"p{low:08d}", f"p{high:08d}")
        for low in range(len(home))
        for high in range(low + 1, len(home))
        if home[low] == home[high]
    }
    told = households(city)
    assert set(zip(told["subject_a"].to_pylist(), told["subject_b"].to_pylist(), strict=True)) == (
        wanted
    )


def test_an_id_number_is_of_no_region_and_right_in_itself() -> None:
    city = town(20_000)
    told = identity.identities(city, everybody(city))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    today = city.asked.first_day - timedelta(days=1)  # of registration
    age = city.people.age.tolist()
    seen = set()
    for number, (own, born, sex) in enumerate(
        zip(
            told["id_number"].to_pylist(), told["birth_date"].to_pylist(),
            told["sex"].to_pylist(), strict=True,
        )
    ):  # fmt: skip
        assert re.fullmatch(r"00(?!0000)\d{15}[\dX]", own)
        total = sum(int(digit) * weight for digit, weight in zip(own, weights, strict=False))
        assert own[17] == "10X98765432"[total % 11]
        assert own[6:14] == f"{born:%Y%m%d}"
        assert int(own[16]) % 2 == (sex == "male")
        lived = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        assert lived == age[number]
        assert born <= today
        seen.add(own)
    assert len(seen) == city.people.count


def test_id_numbers_stay_apart_where_regions_begin_again() -> None:
    city = town(300)
    ages = np.zeros(12_000_000, dtype=np.int8)
    # two people of one age and sex whose region and serial number are alike
    assert identity._ROUND == 4_999_500
    people = type(city.people)(
        *(
            ages if name == "age" else np.zeros(len(ages), np.int8) if name == "sex" else None
            for name in type(city.people).__dataclass_fields__
        )  # type: ignore[arg-type]
    )
    large = City(city.asked, people, *([None] * 9))  # type: ignore[arg-type]
    who = np.array([123, 123 + 4_999_500, 123 + 2 * 4_999_500])
    born = identity.birth_dates(large, who)
    numbers = identity.id_numbers(large, who, born).to_pylist()
    assert len({number[:6] + number[14:17] for number in numbers}) == 1
    assert len(set(numbers)) == 3


def test_names_phones_and_addresses_are_invented_and_the_same_in_any_part() -> None:
    city = town(20_000)
    told = identity.identities(city, everybody(city))
    part = identity.identities(city, everybody(city)[5_000:5_100])
    assert told.slice(5_000, 100).to_pylist() == part.to_pylist()
    names = told["name"].to_pylist()
    assert all(2 <= len(name) <= 4 for name in names)
    share = sum(name.startswith("王") for name in names) / len(names)
    assert 0.06 < share < 0.11
    phones = [phone for phone in told["phone"].to_pylist() if phone]
    assert all(re.fullmatch(r"154\d{8}", phone) for phone in phones)
    assert len(set(phones)) == len(phones)
    assert all(address.startswith("环围市") for address in told["address"].to_pylist())


def test_children_bear_a_name_of_the_house() -> None:
    city = town(20_000)
    names = identity.identities(city, everybody(city))["name"].to_pylist()
    first = city.first_of_home
    shared, children = 0, 0
    for home in range(city.homes):
        members = range(first[home], first[home + 1])
        if city.places.kind[home] or len(members) < 3:
            continue
        for person in members:
            if city.people.age[person] < 12:
                children += 1
                grown = [other for other in members if city.people.age[other] >= 18]
                shared += names[person][0] in {names[other][0] for other in grown}
    assert shared > 0.95 * children


def test_doses_were_given_before_the_first_day() -> None:
    city = town()
    told = registers.vaccinations(city, everybody(city))
    assert told.num_rows == city.people.doses.sum()
    assert max(told["date"].to_pylist()) < city.asked.first_day
    assert min(told["date"].to_pylist()) > date(2020, 12, 31)
