"""Registers that agencies hold before the first day: persons, places, households, vaccinations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence_city.observe.delivering import Delivered, deliver
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Agencies, Noise
from ringfence_city.observe.rows import RELATION_OF, Columns, table
from ringfence_city.truth import registers
from ringfence_city.truth.city import DAY, City, Int32, Int64

REGISTERS = "registers"
HOUSEHOLDS, HOUSEHOLD_NOISE = "household-register", Noise(coverage=900_000, false=20_000)
DOORS, DOOR_NOISE = "door-to-door", Noise(coverage=400_000, false=2_000)
VACCINATIONS, VACCINATION_NOISE = "vaccinations", Noise(coverage=970_000, wrong_digit=500)

_MORNING = 6 * 60
RECEIVED = -10 * 60
"""The afternoon before the first day, in minutes of the city."""

HEALTH = {
    "case": "cases",
    "case_event": "cases",
    "test": "laboratory",
    "symptom": "symptoms",
    "measure": "measures",
}
"""Channels of the tables of health."""


def of_city(root: Path, city: City) -> list[Delivered]:
    """What one office holds for the whole city; places in parts, for there are many homes."""
    asked = city.asked
    units = registers.jurisdictions(city)
    return deliver(root, asked, REGISTERS, "jurisdiction", 0, RECEIVED, units)


def places(root: Path, city: City, number: int, rows: pa.Table) -> list[Delivered]:
    return deliver(root, city.asked, REGISTERS, "place", number, RECEIVED, rows)


def persons(root: Path, city: City, number: int, rows: pa.Table) -> list[Delivered]:
    return deliver(root, city.asked, REGISTERS, "subject", number, RECEIVED, rows)


def households(
    root: Path, city: City, agencies: Agencies, number: int, homes: Int32
) -> list[Delivered]:
    """The register of households, and what community workers wrote down at the doors."""
    delivered: list[Delivered] = []
    for channel, own in ((HOUSEHOLDS, HOUSEHOLD_NOISE), (DOORS, DOOR_NOISE)):
        disguise = Disguise(city, channel, agencies.noise_of(channel, own))
        listed = homes[disguise.chance("home").happens(disguise.noise.coverage, homes)]
        rows = table(city, _registered(city, disguise, listed))
        delivered += deliver(root, city.asked, channel, "link", number, RECEIVED, rows)
    return delivered


def _registered(city: City, disguise: Disguise, homes: Int32) -> Columns:
    """Pairs of each home; where the register is out of date, one who lives next door is in it."""
    low, high = pairs(city.first_of_home, homes)
    moved = disguise.chance("moved").happens(disguise.noise.false, low, high)
    last = int(city.first_of_home[-1]) - 1
    next_door = np.minimum(city.first_of_home[city.people.home[high] + 1], last)
    high = np.where(moved, next_door, high)
    kept = low != high
    return {
        "subject_a": low[kept],
        "subject_b": high[kept],
        "relation": np.full(int(kept.sum()), RELATION_OF["household"], np.int8),
    }


def pairs(first_of_home: Int32, homes: Int32) -> tuple[Int64, Int64]:
    """Each pair of persons who live in one of `homes`, the lower number first."""
    first = first_of_home[homes].astype(np.int64)
    size = first_of_home[homes + 1] - first
    lows: list[Int64] = [np.zeros(0, np.int64)]
    highs: list[Int64] = [np.zeros(0, np.int64)]
    for high in range(1, int(size.max(initial=0))):
        some = first[size > high]
        for low in range(high):
            lows.append(some + low)
            highs.append(some + high)
    low_of_pair, high_of_pair = np.concatenate(lows), np.concatenate(highs)
    order = np.lexsort((high_of_pair, low_of_pair))
    return low_of_pair[order], high_of_pair[order]


def vaccinations(
    root: Path, city: City, agencies: Agencies, number: int, doses: pa.Table
) -> list[Delivered]:
    noise = agencies.noise_of(VACCINATIONS, VACCINATION_NOISE)
    disguise = Disguise(city, VACCINATIONS, noise)
    rows = np.arange(doses.num_rows) + number * 10_000_000
    seen = pa.array(disguise.seen(rows))
    kept = doses.filter(seen)
    wrong = disguise.chance("wrong digit").happens(noise.wrong_digit, rows)[seen.to_numpy(False)]
    if wrong.any():
        kept = kept.filter(pc.invert(pa.array(wrong)))
    return deliver(root, city.asked, VACCINATIONS, "vaccination", number, RECEIVED, kept)


def all_facts(
    root: Path, city: City, number: int, links: pa.Table, doses: pa.Table
) -> list[Delivered]:
    """Where every fact is delivered as it is."""
    asked = city.asked
    return [
        *deliver(root, asked, HOUSEHOLDS, "link", number, RECEIVED, links),
        *deliver(root, asked, VACCINATIONS, "vaccination", number, RECEIVED, doses),
    ]


def whole_day(
    root: Path, city: City, channel: str, name: str, day: int, number: int, rows: pa.Table
) -> list[Delivered]:
    """All facts of a day, delivered on the next morning."""
    return deliver(root, city.asked, channel, name, number, (day + 1) * DAY + _MORNING, rows)
