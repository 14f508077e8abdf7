"""What a home knows of divisions: units in its lake, years of region codes beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc

from ringfence.engines.sql import SqlEngine
from ringfence.errors import DataError
from ringfence.lake import Home, snapshot
from ringfence.lake.durable import make_folder, move_durably, storage_faults, write_durably
from ringfence.lake.leases import workplace
from ringfence.sources.normalise.divisions import Divisions, Unit, divisions_of
from ringfence.sources.normalise.regions import OPEN, RegionYears

_FORMAT = 1


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


def region_years(home: Home, divisions: Divisions | None = None) -> RegionYears | None:
    """Years of region codes as loaded; districts of today's divisions are in use as well."""
    path = _years_file(home)
    if not path.exists():
        return None
    with storage_faults(path):
        content = json.loads(path.read_text(encoding="utf-8"))
    if content.get("format") != _FORMAT:
        raise DataError(
            f"{path} has a format that this program does not know; load the codes again",
            f"{path} 的格式无法识别；请重新导入代码表",
        )
    last = {int(code): year for code, year in content["codes"].items()}
    if divisions is not None:
        last |= {
            int(code): OPEN
            for code in divisions.units
            if len(code) == 6 and code.isascii() and code.isdigit()
        }
    return RegionYears(content["covers_from"], content["covers_to"], last)


def add_years(home: Home, told: RegionYears) -> RegionYears:
    """What was loaded before stays: the later year of each code counts."""
    before = region_years(home)
    if before is not None:
        last = dict(before.last_year)
        for code, year in told.last_year.items():
            last[code] = max(year, last.get(code, 0))
        told = RegionYears(
            min(before.covers_from, told.covers_from), max(before.covers_to, told.covers_to), last
        )
    content = {
        "format": _FORMAT,
        "covers_from": told.covers_from,
        "covers_to": told.covers_to,
        "codes": {f"{code:06d}": year for code, year in sorted(told.last_year.items())},
    }
    target = _years_file(home)
    with storage_faults(target), workplace(home) as folder:
        make_folder(target.parent)
        fresh = folder / target.name
        write_durably(fresh, json.dumps(content, indent=0).encode())
        move_durably(fresh, target)
    return told


def _years_file(home: Home) -> Path:
    return home.root / "divisions" / "region-years.json"
