"""In which administrative unit an address lies: followed down the tree, name by name.

What is left out is passed over where only one unit can be meant; where several can, they are
listed and nothing is chosen. A short name (南京) counts only where no road has it (南京路).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ringfence.sources.normalise.addresses import clean_address
from ringfence.sources.normalise.divisions import Divisions, is_short, rank
from ringfence.sources.reasons import RefusedError

_LEAD = re.compile(r"(?:\d{6})?(?:中华人民共和国|中国)?")
_BETWEEN = re.compile(r"(?:[\s,，.·、;:/()（）#-]|办事处|市辖区|(?:省|自治区)直辖县级行政区划)*")
_ROAD = re.compile(
    r"[东西南北中环内外一二三四五六七八九十0-9]*"
    r"(?:路|街|大道|道|巷|弄|胡同|桥|站|广场|大厦|宾馆|饭店|酒店|小区|花园|新村|公寓)"
)
_STREET = "街道"
_DEEPEST_SKIP = 2


@dataclass(frozen=True)
class Located:
    """`code`: the lowest unit that is sure, None where none is. `candidates`: below it, several."""

    code: str | None = None
    level: str | None = None
    candidates: tuple[str, ...] = ()


def locate(address: str | None, divisions: Divisions, *, within: str | None = None) -> Located:
    """`within`: the unit in which addresses lie that do not begin with a province or city."""
    line = _cleaned(address)
    return Located() if line is None else locate_line(line, divisions, within=within)


def locate_line(line: str, divisions: Divisions, *, within: str | None = None) -> Located:
    """Of an address in normal form."""
    lead = _LEAD.match(line)
    start = 0 if lead is None else lead.end()
    ends = _followed(line, start, divisions, within)
    deepest = max(((end, rank(divisions.units[code].level)) for end, code in ends), default=None)
    if deepest is None:
        return Located()
    best = sorted(
        {code for end, code in ends if (end, rank(divisions.units[code].level)) == deepest}
    )
    if len(best) == 1:
        return _at(best[0], divisions)
    shared = _shared(best, divisions)
    return _at(shared, divisions, tuple(best)) if shared else Located(candidates=tuple(best))


def _cleaned(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        return clean_address(address)
    except RefusedError:
        return None


def _at(code: str, divisions: Divisions, candidates: tuple[str, ...] = ()) -> Located:
    return Located(code, divisions.units[code].level, candidates)


def _followed(
    line: str, start: int, divisions: Divisions, within: str | None
) -> list[tuple[int, str]]:
    """Ends of all ways down from where the address begins; the surest beginning goes first."""
    near = [code for code in divisions.chain(within or "") if code not in divisions.tops]
    for firsts in _beginnings(line, start, divisions, near):
        ends = []
        for at, code in firsts:
            named = line[start:at]
            short = is_short(divisions.units[code], named) or _is_a_street_too(named, divisions)
            short = short and code not in near
            below = _down(line, at, code, divisions, (start,), short=short)
            alone = [found for _, found in below] == [code]
            if not (alone and short):
                ends += below
        if ends:
            return ends
    return []


def _beginnings(
    line: str, start: int, divisions: Divisions, near: list[str]
) -> Iterator[list[tuple[int, str]]]:
    """A short name that begins an address may be an estate's: it needs a unit below it."""
    high = [found for top in divisions.tops for found in _below(line, start, top, divisions)]
    high += _anywhere(line, start, divisions, "city")
    full = [(at, code) for at, code in high if divisions.units[code].name == line[start:at]]
    yield _longest(full)
    for code in near:
        yield _below(line, start, code, divisions) or _skipping(line, start, code, divisions)
    yield _longest(high)
    yield _anywhere(line, start, divisions, "district")


def _longest(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """吉林市 is the city and not the province of that name."""
    most = max((at for at, _ in found), default=0)
    return list(dict.fromkeys((at, code) for at, code in found if at == most))


def _is_a_street_too(name: str, divisions: Divisions) -> bool:
    """A district's name that a street elsewhere has needs a unit below it, as a short one does."""
    codes = divisions.by_name.get(name, ())
    lower = [c for c in codes if rank(divisions.units[c].level) > rank("district")]
    above = {code for code in codes if code not in lower}
    return bool(above) and any(above.isdisjoint(divisions.chain(code)) for code in lower)


def _down(
    line: str,
    at: int,
    code: str,
    divisions: Divisions,
    begun: tuple[int, ...] = (),
    *,
    short: bool = False,
) -> list[tuple[int, str]]:
    """After a short name no street is looked for in all districts: 六安经济开发区 is one name.

    `begun`: where the names before begin.
    """
    at = _past(line, at)
    found = _below(line, at, code, divisions) or _skipping(line, at, code, divisions, begun)
    if short:
        found = [end for end in found if not _is_street_far_below(end[1], code, divisions)]
    if not found:
        return [(at, code)]
    begun = (*begun, at)
    return [end for after, unit in found for end in _down(line, after, unit, divisions, begun)]


def _is_street_far_below(code: str, above: str, divisions: Divisions) -> bool:
    unit = divisions.units[code]
    return rank(unit.level) > rank("district") and divisions.above(unit) != above


def _past(line: str, at: int) -> int:
    between = _BETWEEN.match(line, at)
    return at if between is None else between.end()


def _below(line: str, at: int, parent: str | None, divisions: Divisions) -> list[tuple[int, str]]:
    """Units right below `parent` whose longest name stands here."""
    names = divisions.by_parent.get(parent)
    if not names:
        return []
    for end in range(min(len(line), at + divisions.longest_below[parent]), at + 1, -1):
        codes = [
            code
            for code in names.get(line[at:end], ())
            if not is_short(divisions.units[code], line[at:end]) or not _ROAD.match(line, end)
        ]
        if codes:
            return [(end, code) for code in codes]
    return []


def _skipping(
    line: str, at: int, above: str, divisions: Divisions, begun: tuple[int, ...] = ()
) -> list[tuple[int, str]]:
    """Units two levels below, called by their full names, of which those above may be part."""
    for end in range(min(len(line), at + divisions.longest), at + 2, -1):
        named = divisions.by_name.get(line[at:end])
        if named is None:
            continue
        longer = (divisions.by_name.get(line[start:end], ()) for start in begun)
        codes = [
            code
            for code in dict.fromkeys(chain(named, *longer))
            if above in divisions.chain(code)[1 : _DEEPEST_SKIP + 1]
        ]
        if codes:
            return [(end, code) for code in codes]
    return []


def _anywhere(line: str, at: int, divisions: Divisions, level: str) -> list[tuple[int, str]]:
    """Units of this level in any province: an address may leave out where they lie."""
    names = divisions.by_level.get(level, {})
    for end in range(min(len(line), at + divisions.longest_of[level]), at + 1, -1):
        name = line[at:end]
        codes = [
            code
            for code in names.get(name, ())
            if name == divisions.units[code].name or not _ROAD.match(line, end)
        ]
        if codes and not line.startswith(_STREET, end):
            return [(end, code) for code in codes]
    return []


def _shared(codes: list[str], divisions: Divisions) -> str | None:
    """The lowest unit that holds all of them, below the country."""
    chains = [divisions.chain(code) for code in codes]
    for code in chains[0]:
        if all(code in chain for chain in chains) and divisions.units[code].level != "country":
            return code
    return None
