"""Who gets a taxi, and when: by lot, so that a taxi never has two who do not travel together.

The lot comes before the plan: whoever gets a taxi and is free goes on an errand at its time.
"""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import City, Int64
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.plan import AFTERNOON, FIRST

SLOT = 20
"""Minutes for which a taxi is given to one person."""
RIDE = 16
TRAVEL = 18
"""Minutes from home to the errand, of which RIDE in the taxi."""

_SLOTS = {FIRST: (480, 8), AFTERNOON: (800, 8)}
"""For each outing: minute of the first slot, and how many there are."""


def won(city: City, person: Int64, day: int, outing: int) -> tuple[Int64, Int64]:
    """The taxi of each person for an outing (-1: none) and the minute at which it leaves."""
    first, slots = _SLOTS[outing]
    taxis = fleet(city.residents).taxis
    lot = Chance.of(city.asked.seed, "taxi")
    inside = np.minimum(person, city.residents - 1)
    ticket = lot.order(city.residents, inside, day, outing)
    wins = (ticket < taxis * slots) & (person < city.residents)
    return np.where(wins, ticket % taxis, -1), first + SLOT * (ticket // taxis)
