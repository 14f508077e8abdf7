"""How far each episode can be relied on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ringfence.movements.clashes import CHANGING
from ringfence.movements.episodes import STRENGTH, strength
from ringfence.movements.model import Confidence, Episode, Sphere, Told
from ringfence.movements.sites import Sites, site

_RECORDED = STRENGTH["recorded"]


def rated(episodes: Iterable[Episode], doubted: Collection[Told], sites: Sites) -> list[Episode]:
    """`doubted`: rows that something speaks against, although they were kept."""
    every = list(episodes)
    return [replace(one, confidence=_confidence(one, doubted, every, sites)) for one in every]


def _confidence(
    one: Episode, doubted: Collection[Told], every: Sequence[Episode], sites: Sites
) -> Confidence:
    firm = [row for row in one.told if row not in doubted]
    sources = {row.source for row in firm}
    recorded = any(strength(row) >= _RECORDED for row in firm)
    if one.where.sphere is Sphere.RUN and not recorded and _at_stations(one, every, sites):
        return Confidence.LIKELY
    if recorded and len(sources) > 1:
        return Confidence.CERTAIN
    return Confidence.LIKELY if recorded or len(sources) > 1 else Confidence.WEAK


def _at_stations(ride: Episode, every: Sequence[Episode], sites: Sites) -> bool:
    """Whether somebody with a ticket was at a station before departure or after arrival."""
    for one in every:
        there = site(sites, one.where)
        if there is not None and there.hub:
            before = 0 <= ride.start - one.start <= 2 * CHANGING
            after = 0 <= one.end - ride.end <= CHANGING
            if before or after:
                return True
    return False
