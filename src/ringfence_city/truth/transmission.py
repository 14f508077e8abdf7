"""Who is infected on a day: by talking with, or breathing the air of, an infectious person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth import epidemic
from ringfence_city.truth.city import DAY, SETTING_OF, SETTING_OF_KIND, Int32, Int64, Met, Stays
from ringfence_city.truth.followed import MasksWorn
from ringfence_city.truth.illness import SUSCEPTIBLE

RATE = np.full(len(SETTING_OF), 80_000, dtype=np.int64)
"""Millionths of a chance an hour, for a pair who talk, by setting."""
for _setting, _rate in (
    ("train", 30_000),
    ("aircraft", 20_000),
    ("coach", 50_000),
    ("bus", 60_000),
    ("metro", 60_000),
    ("household", 26_000),
    ("dining", 250_000),
    ("entertainment", 250_000),
    ("care", 80_000),
    ("work", 130_000),
    ("school", 60_000),
    ("outdoor", 5_000),
):
    RATE[SETTING_OF[_setting]] = _rate

AIR_RATE = 4_000
"""The same for people in one badly aired room who never talk."""

_MOST_MINUTES = 240
_MASKED_SOURCE, _MASKED_OTHER = 400, 600
_POOR_AIR = 1
_MOST_ZONES = 1 << 16
_MILLION = 1_000_000
_ALARM = 80


@dataclass(frozen=True)
class Exposed:
    """Susceptible persons near infectious ones; `weight` is a chance in millionths before it is
    bent to stay below one.
    """

    person: Int32
    infector: Int32
    place: Int32
    setting: NDArray[np.int8]
    start: Int32
    end: Int32
    weight: Int64


def infections_of(
    outbreak: epidemic.Outbreak, day: int, stays: Stays, met: Met
) -> epidemic.Infections:
    """New infections of `day`. `stays`: at least those of all places where infectious people
    were; `met`: at least the pairs of infectious people.
    """
    sources, strength = epidemic.strength(outbreak, day)
    masks = MasksWorn(outbreak.city, stays)
    parts = [
        _talked(outbreak, sources, strength, met, masks, swapped=False),
        _talked(outbreak, sources, strength, met, masks, swapped=True),
        _breathed(outbreak, sources, strength, stays),
    ]
    return _drawn(outbreak, day, _together(parts))


def caution(outbreak: epidemic.Outbreak, day: int) -> int:
    """What is left of the chance outside homes, in thousandths, once people hear of cases: half of
    it at `_ALARM` reports within a week.
    """
    reported = outbreak.course.reported // DAY
    recent = int(((reported < day) & (reported >= day - 7)).sum())
    return 1000 * _ALARM // (_ALARM + recent)


def _talked(
    outbreak: epidemic.Outbreak,
    sources: Int32,
    strength: Int64,
    met: Met,
    masks: MasksWorn,
    *,
    swapped: bool,
) -> Exposed:
    one, two = (met.person_b, met.person_a) if swapped else (met.person_a, met.person_b)
    rows = np.flatnonzero(np.isin(one, sources) & ~np.isin(two, outbreak.infections.person))
    source, other = one[rows], two[rows]
    place, setting = met.place[rows], met.setting[rows]
    minutes = np.minimum(met.end[rows] - met.start[rows], _MOST_MINUTES).astype(np.int64)
    weight = RATE[setting] * minutes // 60
    weight = weight * np.where(met.physical[rows] > 0, 1500, 1000) // 1000
    weight = weight * np.where(met.distance_dm[rows] > 20, 600, 1000) // 1000
    weight = weight * np.where(masks.worn(source, place) > 0, _MASKED_SOURCE, 1000) // 1000
    weight = weight * np.where(masks.worn(other, place) > 0, _MASKED_OTHER, 1000) // 1000
    weight = weight * strength[np.searchsorted(sources, source)] // _MILLION
    return Exposed(other, source, place, setting, met.start[rows], met.end[rows], weight)


def _breathed(
    outbreak: epidemic.Outbreak, sources: Int32, strength: Int64, stays: Stays
) -> Exposed:
    city = outbreak.city
    poor = city.places.ventilation[stays.place] == _POOR_AIR
    spreads = np.flatnonzero(poor & np.isin(stays.person, sources))
    room = stays.place.astype(np.int64) * _MOST_ZONES + stays.zone + 1
    order = np.argsort(room, kind="stable")
    first = np.searchsorted(room[order], room[spreads], side="left")
    size = np.searchsorted(room[order], room[spreads], side="right") - first
    mine = np.repeat(spreads, size)
    steps = np.arange(len(mine)) - np.repeat(np.cumsum(size) - size, size)
    others = order[np.repeat(first, size) + steps]
    start = np.maximum(stays.start[mine], stays.start[others])
    end = np.minimum(stays.end[mine], stays.end[others])
    kept = (start < end) & ~np.isin(stays.person[others], outbreak.infections.person)
    mine, others, start, end = mine[kept], others[kept], start[kept], end[kept]
    source, place = stays.person[mine], stays.place[mine]
    weight = AIR_RATE * np.minimum(end - start, _MOST_MINUTES).astype(np.int64) // 60
    weight = weight * np.where(stays.mask[mine] > 0, _MASKED_SOURCE, 1000) // 1000
    weight = weight * np.where(stays.mask[others] > 0, _MASKED_OTHER, 1000) // 1000
    weight = weight * strength[np.searchsorted(sources, source)] // _MILLION
    setting = SETTING_OF_KIND[city.places.kind[place]]
    return Exposed(stays.person[others], source, place, setting, start, end, weight)


def _together(parts: list[Exposed]) -> Exposed:
    names = ("person", "infector", "place", "setting", "start", "end", "weight")
    return Exposed(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _drawn(outbreak: epidemic.Outbreak, day: int, exposed: Exposed) -> epidemic.Infections:
    """Each exposure has its chance; who is infected twice was infected the first time."""
    draw = Chance.of(outbreak.seed, "transmission")
    susceptible = SUSCEPTIBLE[outbreak.city.people.doses[exposed.person].clip(0, 3)]
    weight = exposed.weight * susceptible // 1000
    at_home = exposed.setting == SETTING_OF["household"]
    weight = weight * np.where(at_home, 1000, caution(outbreak, day)) // 1000
    likely = weight * _MILLION // (weight + _MILLION)
    caught = np.flatnonzero(
        draw.happens(likely, exposed.person, exposed.infector, day, exposed.start)
    )
    person, infector = exposed.person[caught], exposed.infector[caught]
    start, end = exposed.start[caught], exposed.end[caught]
    at = start + draw.below(np.maximum(end - start, 1), person, infector, day, 1)
    order = np.lexsort((exposed.place[caught], infector, at, person))
    _, first = np.unique(person[order], return_index=True)
    kept = order[first]
    known = np.argsort(outbreak.infections.person, kind="stable")
    by_person = outbreak.infections.person[known]
    parent = known[np.searchsorted(by_person, infector[kept])]
    return epidemic.Infections(
        person[kept].astype(np.int32),
        infector[kept].astype(np.int32),
        at[kept].astype(np.int32),
        exposed.place[caught][kept].astype(np.int32),
        exposed.setting[caught][kept].astype(np.int8),
        (outbreak.infections.generation[parent] + 1).astype(np.int32),
    )
