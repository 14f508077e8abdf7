"""Registers that agencies hold before the first day: persons, places, households, vaccinations."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.observe import door_to_door
from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.raw import doors
from ringfence_city.observe.rows import RELATION_OF, Columns, Numbers, table
from ringfence_city.truth import registers
from ringfence_city.truth.city import DAY, City, Int32, Int64
from ringfence_city.writing import Written

REGISTERS = "registers"
HOUSEHOLDS, HOUSEHOLD_NOISE = "household-register", Noise(coverage=900_000, false=20_000)
VACCINATIONS, VACCINATION_NOISE = "vaccinations", Noise(coverage=970_000, wrong_digit=500)

REGISTER_FILE = 900_000
"""Files of registers are numbered from here, those of days below."""

_MORNING = 6 * 60
_EVENING, _STOPS = -6 * 60, 5 * 60
TRANSPORT = "transport"
_DESCRIBED, RECEIVED = -10 * 60, -9 * 60
"""The afternoon before the first day, in minutes of the city: persons and places come first."""

FULL_CHANNELS = {
    "ride": "transport",
    "occupancy": "transport",
    "sighting": "transport",
    "presence": "venue-scans",
    "encounter": "encounters",
    "link": "interviews",
    "case": "cases",
    "case_event": "cases",
    "test": "laboratory",
    "symptom": "symptoms",
    "measure": "measures",
}
"""Who delivers the facts of a table where all are delivered."""


def of_city(post: Post) -> list[Delivered]:
    """What one office holds for the whole city."""
    units = registers.jurisdictions(post.city)
    return post.send(REGISTERS, "jurisdiction", units, number=0, received=_DESCRIBED)


def described(
    post: Post, number: int, people: pa.Table, places: pa.Table, identities: Written
) -> list[Delivered]:
    """A part of the persons and places; with names and numbers where channels deliver them too."""
    delivered = post.send(REGISTERS, "place", places, number=number, received=_DESCRIBED)
    if post.raw:
        return [*delivered, Delivered(REGISTERS, "subject", _DESCRIBED, identities)]
    return delivered + post.send(REGISTERS, "subject", people, number=number, received=_DESCRIBED)


def households(post: Post, number: int, homes: Int32) -> list[Delivered]:
    """The register of households, and what community workers wrote down at the doors."""
    delivered: list[Delivered] = []
    for channel, own in ((HOUSEHOLDS, HOUSEHOLD_NOISE), (door_to_door.NAME, door_to_door.NOISE)):
        disguise = post.disguise(channel, own)
        listed = homes[disguise.chance("home").happens(disguise.noise.coverage, homes)]
        if post.raw and channel == door_to_door.NAME:
            clerk = post.clerk(disguise, REGISTER_FILE + number)
            sheet = doors.households(clerk, *_members(post.city, disguise, listed))
            delivered += post.send_raw([sheet], number=clerk.number, received=RECEIVED)
            continue
        rows = table(post.city, _registered(post.city, disguise, listed))
        delivered += post.send(channel, "link", rows, number=number, received=RECEIVED)
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


def _members(city: City, disguise: Disguise, homes: Int32) -> tuple[Numbers, Numbers]:
    """Codes of all who are listed for each home, and its first person; where the sheet is out of
    date, one who lives next door is listed instead.
    """
    size = city.first_of_home[homes + 1] - city.first_of_home[homes]
    head = np.repeat(city.first_of_home[homes].astype(np.int64), size)
    within = np.arange(len(head)) - np.repeat(np.cumsum(size) - size, size)
    member = head + within
    moved = disguise.chance("moved").happens(disguise.noise.false, head, member) & (within > 0)
    last = int(city.first_of_home[-1]) - 1
    next_door = np.minimum(city.first_of_home[city.people.home[member] + 1], last)
    member = np.where(moved, next_door, member)
    return disguise.marked_codes(member, head), head


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


def vaccinations(post: Post, number: int, doses: pa.Table) -> list[Delivered]:
    """Doses; one that was written down for a wrong number is nobody's."""
    disguise = post.disguise(VACCINATIONS, VACCINATION_NOISE)
    rows = np.arange(doses.num_rows) + number * 10_000_000
    kept = disguise.seen(rows)
    kept &= ~disguise.chance("wrong digit").happens(disguise.noise.wrong_digit, rows)
    told = doses.filter(pa.array(kept))
    return post.send(VACCINATIONS, "vaccination", told, number=number, received=RECEIVED)


def timetable(post: Post, day: int, services: pa.Table, stops: pa.Table) -> list[Delivered]:
    """Runs are known on the evening before, their stops with real times on the morning after."""
    evening, morning = day * DAY + _EVENING, (day + 1) * DAY + _STOPS
    return [
        *post.send(TRANSPORT, "service", services, number=day, received=evening),
        *post.send(TRANSPORT, "stop", stops, number=day, received=morning),
    ]


def all_facts(post: Post, number: int, links: pa.Table, doses: pa.Table) -> list[Delivered]:
    """Where every fact is delivered as it is."""
    return [
        *post.send(HOUSEHOLDS, "link", links, number=number, received=RECEIVED),
        *post.send(VACCINATIONS, "vaccination", doses, number=number, received=RECEIVED),
    ]


def whole_day(post: Post, name: str, rows: pa.Table, day: int, part: int) -> list[Delivered]:
    """All facts of a day, delivered on the next morning."""
    received = (day + 1) * DAY + _MORNING
    number = day * 1000 + part
    return post.send(FULL_CHANNELS[name], name, rows, number=number, received=received)
