"""Administrative divisions as the home was given them: where an address lies, what lies in what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ringfence.errors import NotFound
from ringfence.lake import Home
from ringfence.sources.keys import check_key
from ringfence.sources.normalise.division_store import known_divisions
from ringfence.sources.normalise.divisions import Divisions
from ringfence.sources.normalise.locating import locate
from ringfence.sources.reasons import RefusedError


def common_division(
    addresses: Iterable[str], divisions: Divisions | None, home: Home
) -> str | None:
    """The one division in which all the addresses lie; of nested ones the smallest."""
    if divisions is None:
        return None
    found = {locate(one, divisions, within=home.jurisdiction).code for one in addresses}
    codes = {code for code in found if code is not None}
    smallest = [c for c in codes if all(other in _chain(c, divisions) for other in codes)]
    return smallest[0] if smallest else None


def division_and_below(home: Home, code: str, now: datetime) -> frozenset[str]:
    """The codes of a division and of all that lie in it. NotFound: no such division.

    A home without a table of divisions takes any code, as it stands.
    """
    divisions = known_divisions(home, now)
    if divisions is None:
        _check_code(code)
        return frozenset([code])
    if code not in divisions.units:
        raise NotFound(
            "there is no division of this code in the table that was loaded",
            "已导入的区划表中没有该区划代码",
        )
    return frozenset(one for one in divisions.units if code in _chain(one, divisions))


def _chain(code: str, divisions: Divisions) -> list[str]:
    """A unit and all above it, groups such as 市辖区 included."""
    chain: list[str] = []
    here: str | None = code
    while here is not None and here in divisions.units and here not in chain:
        chain.append(here)
        here = divisions.units[here].parent
    return chain


def _check_code(code: str) -> None:
    try:
        check_key(code, identity_shapes=True)
    except RefusedError:
        raise NotFound("this is no code of a division", "不是有效的区划代码") from None
