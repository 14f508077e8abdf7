"""How much may be declared of a day, before it is no account of a day any more."""

from __future__ import annotations

import pytest

from ringfence.movements.declared import concealed
from ringfence.movements.episodes import episodes_of
from ringfence.movements.model import ConflictKind, Sphere, Told, Where
from ringfence.movements.sites import Site

HOUR = 3600
SITES = {
    "home": Site("home", "home", "Willow Court", 31.57, 120.29),
    "far": Site("far", "hotel", "River Hotel", 32.05, 118.79),
}


def stay(place: str, start: int, end: int, certainty: str, row: int) -> Told:
    where = Where(Sphere.PLACE, place)
    return Told("presence", certainty, where, start, end, certainty, "batch", row)


@pytest.mark.parametrize(("rows", "found"), [(1, 1), (100, 1), (101, 0), (5_000, 0)])
def test_a_day_of_more_rows_than_anybody_tells_is_compared_with_nothing(
    rows: int, found: int
) -> None:
    said = [stay("home", row, row + 1, "declared", row) for row in range(rows)]
    seen = [stay("far", 10 * HOUR, 14 * HOUR, "recorded", rows)]
    told = [*said, *seen]
    conflicts = concealed(told, episodes_of(told, SITES), SITES, "UTC")
    assert [one.kind for one in conflicts] == [ConflictKind.CONCEALED] * found
