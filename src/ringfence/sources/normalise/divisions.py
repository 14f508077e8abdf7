"""Administrative divisions as a tree by name, in which an address is followed downwards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ringfence.sources.normalise.division_files import unit_of

LEVELS = ("country", "province", "city", "district", "street", "community", "grid")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}

_GROUPS = re.compile(r"市辖区|县|(?:省|自治区)直辖县级行政(?:区划|单位)")
_PEOPLES = (
    r"(?:(?:壮|回|维吾尔|藏|苗|侗|土家|彝|哈尼|傣|白|景颇|傈僳|布依|朝鲜|蒙古|哈萨克|柯尔克孜|羌|黎|满|瑶"
    r"|畲|土|撒拉|东乡|保安|裕固|仡佬|水|毛南|仫佬|拉祜|佤|布朗|纳西|怒|独龙|普米|锡伯|达斡尔|鄂温克|鄂伦春"
    r"|塔吉克|各)族?)+"
)
_PROVINCE_END = re.compile(r"(?:壮族|回族|维吾尔)?(?:特别行政区|自治区|省|市)$")
_CITY_END = re.compile(rf"(?:(?:{_PEOPLES})?自治州|地区|盟|市)$")
_AUTONOMOUS_COUNTY = re.compile(rf"^(.{{2,}}?)(?:{_PEOPLES})自治(县|旗)$")
_COMMITTEE = re.compile(r"(村民委员会|村委会|居民委员会|居委会)$")


@dataclass(frozen=True)
class Unit:
    code: str
    parent: str | None
    level: str
    name: str


@dataclass(frozen=True)
class Divisions:
    """All known units by code."""

    units: dict[str, Unit]

    @cached_property
    def by_parent(self) -> dict[str | None, dict[str, list[str]]]:
        """Names by which the units below one are called, groups such as 市辖区 left out."""
        found: dict[str | None, dict[str, list[str]]] = {}
        for unit in self.units.values():
            if _is_group(unit):
                continue
            above = self.above(unit)
            names = names_of(unit)
            if above is not None and unit.name.startswith(self.units[above].name):
                names.append(unit.name[len(self.units[above].name) :])
            for name in names:
                if len(name) > 1:
                    found.setdefault(above, {}).setdefault(name, []).append(unit.code)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """All units by names that say what kind of unit it is, wherever they lie."""
        found: dict[str, list[str]] = {}
        for unit in self.units.values():
            if not _is_group(unit):
                names = names_of(unit)
                for name in names if unit.level not in ("province", "city") else names[:1]:
                    if len(name) > 2:
                        found.setdefault(name, []).append(unit.code)
        return found

    @cached_property
    def short_cities(self) -> dict[str, list[str]]:
        """Cities by the names without 市."""
        found: dict[str, list[str]] = {}
        for unit in self.units.values():
            if unit.level == "city" and not _is_group(unit):
                for name in names_of(unit)[1:]:
                    found.setdefault(name, []).append(unit.code)
        return found

    @cached_property
    def by_level(self) -> dict[str, dict[str, list[str]]]:
        """Cities and districts by name, wherever they lie."""
        found: dict[str, dict[str, list[str]]] = {"city": {}, "district": {}}
        for names in (self.by_name, self.short_cities):
            for name, codes in names.items():
                for code in codes:
                    of_level = found.get(self.units[code].level, {}).setdefault(name, [])
                    if code not in of_level:
                        of_level.append(code)
        return found

    @cached_property
    def longest_of(self) -> dict[str, int]:
        return {level: max(map(len, names), default=0) for level, names in self.by_level.items()}

    @cached_property
    def tops(self) -> tuple[str | None, ...]:
        """What provinces lie below: the country where a file names it, else nothing."""
        countries = (code for code, unit in self.units.items() if unit.level == "country")
        return (*countries, None)

    @cached_property
    def longest_below(self) -> dict[str | None, int]:
        return {above: max(map(len, names)) for above, names in self.by_parent.items()}

    @cached_property
    def longest(self) -> int:
        return max((len(unit.name) for unit in self.units.values()), default=0) + 2

    def above(self, unit: Unit) -> str | None:
        """The unit above, groups passed over, and units that the table lacks."""
        code = unit.parent
        while code is not None:
            parent = self.units.get(code)
            if parent is not None and not _is_group(parent):
                return code
            code = _parent_by(code) if parent is None else parent.parent
        return None

    def chain(self, code: str) -> list[str]:
        """A unit and all above it, groups passed over, the highest last."""
        found: list[str] = []
        at: str | None = code
        while at is not None and at in self.units and at not in found:
            found.append(at)
            at = self.above(self.units[at])
        return found


def divisions_of(units: Iterable[Unit]) -> Divisions:
    return Divisions({unit.code: unit for unit in units})


def rank(level: str) -> int:
    return _RANK.get(level, len(LEVELS))


def names_of(unit: Unit) -> list[str]:
    """The full name first, then how people shorten it."""
    return list(dict.fromkeys(name for name in (unit.name, *_short(unit)) if len(name) > 1))


def is_short(unit: Unit, name: str) -> bool:
    """Whether the name leaves out what kind of unit it is, so that a road may be meant."""
    return name != unit.name and unit.level in ("province", "city")


def _short(unit: Unit) -> list[str]:
    if unit.level == "province":
        return [_PROVINCE_END.sub("", unit.name)]
    if unit.level == "city":
        bare = _CITY_END.sub("", unit.name)
        return [bare, f"{bare}州"] if unit.name.endswith("自治州") else [bare]
    if unit.level == "district":
        found = _AUTONOMOUS_COUNTY.match(unit.name)
        return [f"{found[1]}{found[2]}"] if found else []
    return _of_committee(unit)


def _of_committee(unit: Unit) -> list[str]:
    """A community is called by its village or estate more often than by its committee."""
    found = _COMMITTEE.search(unit.name) if unit.level == "community" else None
    if found is None:
        return []
    bare = unit.name[: found.start()]
    if found[1].startswith("村"):
        bare = bare if bare.endswith(("村", "嘎查", "社区")) else f"{bare}村"
    elif not bare.endswith(("社区", "居")):
        bare = f"{bare}社区"
    return [bare] if len(bare) > 2 else []


def _parent_by(code: str) -> str | None:
    """What lies above a unit that is not known: its code says it, where it is a published one."""
    try:
        return unit_of(code, code)[1]
    except ValueError:
        return None


def _is_group(unit: Unit) -> bool:
    return unit.level == "city" and _GROUPS.fullmatch(unit.name) is not None
