"""What a home knows of divisions: units in its lake, years of region codes beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pyarrow.compute as pc

from ringfence.engines.sql import SqlEngine
from ringfence.errors import Text
from ringfence.lake import Home, snapshot
from ringfence.sources.normalise.divisions import Divisions, Unit, divisions_of
from ringfence.sources.normalise.kept import Content, Kept
from ringfence.sources.normalise.regions import OPEN, RegionYears

_YEARS = Kept(
    "divisions", "region-years.json", Text("; load the codes again", "；请重新导入代码表")
)


def known_divisions(home: Home, now: datetime) -> Divisions | None:
    """All units that the home knows; None where nothing was loaded."""
    table = SqlEngine(snapshot(home, now)).rows("jurisdiction", "code", None)
    if not table.num_rows:
        return None
    columns = (table.column(name).to_pylist() for name in ("code", "parent", "level", "name_zh"))
    return divisions_of(
        Unit(code, parent, level, name or "")
        for code, parent, level, name in zip(*columns, strict=True)
    )


def regions_in_use(home: Home, now: datetime) -> RegionYears | None:
    """What ID numbers are judged by: years as loaded, with the districts of today's divisions.

    None where no years were loaded: then nothing but the province is judged.
    """
    years = region_years(home)
    if years is None:
        return None
    codes = SqlEngine(snapshot(home, now)).rows("jurisdiction", "code", None).column("code")
    today = codes.filter(pc.match_substring_regex(codes, "^[0-9]{6}$")).to_pylist()
    return replace(years, last_year=years.last_year | {int(code): OPEN for code in today})


def region_years(home: Home) -> RegionYears | None:
    """Years of region codes as loaded."""
    content = _YEARS.read(home)
    return None if content is None else _of_content(content)


def add_years(home: Home, told: RegionYears) -> RegionYears:
    """What was loaded before stays: the later year of each code counts."""

    def changed(content: Content | None) -> Content:
        added = told if content is None else _together(_of_content(content), told)
        return {
            "covers_from": added.covers_from,
            "covers_to": added.covers_to,
            "codes": {f"{code:06d}": year for code, year in sorted(added.last_year.items())},
        }

    return _of_content(_YEARS.change(home, changed))


def _together(before: RegionYears, told: RegionYears) -> RegionYears:
    last = dict(before.last_year)
    for code, year in told.last_year.items():
        last[code] = max(year, last.get(code, 0))
    return RegionYears(
        min(before.covers_from, told.covers_from), max(before.covers_to, told.covers_to), last
    )


def _of_content(content: Content) -> RegionYears:
    last = {int(code): year for code, year in content["codes"].items()}
    return RegionYears(content["covers_from"], content["covers_to"], last)
