"""What registers tell of the city: its places, its people's roles, and who lives together."""

from __future__ import annotations

from bench.city import LETTERS, City

_KINDS = {
    "eatery": ("restaurant", "restaurant", "restaurant", "canteen", "cafe", "banquet_hall"),
    "leisure": ("ktv", "bar", "cinema", "gym", "mahjong", "internet_cafe"),
    "shop": ("shop", "supermarket", "market", "pharmacy", "salon", "bank", "clinic"),
    "work": ("office", "office", "factory", "warehouse", "workplace", "hospital"),
    "hub": ("mall", "station"),
}
_UNDESCRIBED = 0.03


def places(city: City) -> str:
    """Rows of `place`: 3 in 100 venues are in no register, of one in four the air is unknown."""
    homes = (
        "SELECT DISTINCT home AS place, 'home' AS kind, NULL AS ventilation FROM person"
        " UNION ALL SELECT DISTINCT place_key('n', district, 0), 'nursing_home', 'good' FROM person"
    )
    venues = " UNION ALL ".join(_venues(city, group) for group in _KINDS)
    return (
        f"SELECT place, kind, 'place ' || place AS name, ventilation FROM ({homes} UNION ALL"
        f" SELECT * EXCLUDE (known) FROM ({venues}) WHERE known >= {_UNDESCRIBED}) ORDER BY place"
    )


def _venues(city: City, group: str) -> str:
    letter, count = LETTERS[group], city.places(group)
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS[group])
    return f"""
    SELECT place_key('{letter}', n // {count}, n % {count}) AS place,
        [{kinds}][1 + (n % {len(_KINDS[group])})] AS kind,
        CASE WHEN chance(n, 'air-{letter}') < 0.25 THEN NULL
            WHEN chance(n, 'air-{letter}') < 0.45 THEN 'poor' ELSE 'good' END AS ventilation,
        chance(n, 'known-{letter}') AS known
    FROM range({city.districts * count}) AS venues(n)
    """


def subjects() -> str:
    """Rows of `subject`."""
    return (
        "SELECT subject, format('g{:04d}', district) AS grid,"
        " CASE WHEN chance(i, 'role') < 0.02 THEN 'health_worker'"
        " WHEN chance(i, 'role') < 0.03 THEN 'carer' END AS role"
        " FROM person ORDER BY subject"
    )


def links() -> str:
    """Rows of `link`: who is registered in one household."""
    return (
        "SELECT least(a.subject, b.subject) AS subject_a,"
        " greatest(a.subject, b.subject) AS subject_b, 'household' AS relation"
        " FROM person a JOIN person b ON a.home = b.home AND a.i < b.i ORDER BY ALL"
    )
