"""The places of a timeline: kind, name and position as registers tell them, and how far apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from ringfence.engines.question import Engine
from ringfence.movements.model import Sphere, Told, Where
from ringfence.records.vocabularies import SERVICE_KINDS, Setting, place_setting
from ringfence.sources.normalise.places import fold_place

EARTH_M = 6_371_009
_SAME_SPOT_M = 15
_SAME_NAME_M = 500
_MOVING = frozenset(setting for setting, _ in SERVICE_KINDS.values())
_PASSED = frozenset({"street", "outdoor", "lift", "stairwell", "toilet"})
_SOMEWHERE = frozenset({Sphere.PLACE, Sphere.POSITION})
_SLEPT_IN = frozenset({"home", "dormitory", "hotel", "isolation_site", "hospital", "nursing_home"})


@dataclass(frozen=True)
class Site:
    """`kind`, position None: no register describes it. Degrees WGS-84. `radius`: of a position that
    is no place, metres within which somebody was.
    """

    key: str
    kind: str | None = None
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    radius: float = 0.0

    @property
    def setting(self) -> Setting | None:
        return place_setting(self.kind)

    @property
    def moving(self) -> bool:
        return self.setting in _MOVING

    @property
    def hub(self) -> bool:
        return self.setting is Setting.TRANSPORT_HUB

    @property
    def passed(self) -> bool:
        """People go through it, and do not stay."""
        return self.hub or self.kind in _PASSED

    @property
    def slept_in(self) -> bool:
        return self.kind in _SLEPT_IN


Sites = Mapping[str, Site]


def sites_of(engine: Engine, keys: Collection[str]) -> dict[str, Site]:
    """Each place by its key; of what several registers tell, the first that says anything."""
    told: dict[str, list[Mapping[str, Any]]] = {key: [] for key in keys}
    for row in engine.rows("place", "place", sorted(keys)).to_pylist():
        told[row["place"]].append(row)
    return {key: _site(key, rows) for key, rows in told.items()}


def _site(key: str, told: Iterable[Mapping[str, Any]]) -> Site:
    rows = sorted(told, key=lambda row: str(row["source"]))
    kind, name = (
        next((row[column] for row in rows if row[column]), None) for column in ("kind", "name")
    )
    lat, lon = next(
        ((r["lat"], r["lon"]) for r in rows if r["lat"] is not None and r["lon"] is not None),
        (None, None),
    )
    return Site(key, kind, name or "", lat, lon)


def site(sites: Sites, where: Where | None) -> Site | None:
    """None: it is in no place, but aboard something."""
    return sites.get(where.key) if where is not None and where.sphere in _SOMEWHERE else None


def metres(one: Site | None, other: Site | None) -> float | None:
    """Along the great circle; None: not known."""
    if one is None or other is None or one.lat is None or other.lat is None:
        return None
    assert one.lon is not None and other.lon is not None
    lat_a, lat_b = radians(one.lat), radians(other.lat)
    half = (lat_b - lat_a) / 2, radians(other.lon - one.lon) / 2
    chord = sin(half[0]) ** 2 + cos(lat_a) * cos(lat_b) * sin(half[1]) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))


def aliases_of(told: Collection[Told], sites: Sites) -> dict[str, str]:
    """Keys that seem to be names of one place → the key that stands for it.

    Two are one where their names are the same but for writing, within 500 m; or where they have one
    kind and one position, and no source names both.
    """
    sources: dict[str, set[str]] = {}
    for one in told:
        if one.where is not None and one.where.sphere is Sphere.PLACE:
            sources.setdefault(one.where.key, set()).add(one.source)
    keys = sorted(sources)
    named = [(room, False) for room in _by_name(keys, sites)]
    stands: dict[str, str] = {}
    for room, apart in [*named, *((room, True) for room in _by_spot(keys, sites))]:
        first = stands.get(room[0], room[0])
        for key in room[1:]:
            both = apart and sources[first] & sources[key]
            far = metres(sites.get(first), sites.get(key)) or 0
            if key not in stands and first != key and not both and far <= _SAME_NAME_M:
                stands[key] = first
                sources[first] |= sources[key]
    return stands


def _by_name(keys: Collection[str], sites: Sites) -> list[list[str]]:
    rooms: dict[str, list[str]] = {}
    for key in keys:
        name = sites[key].name if key in sites else ""
        if fold := fold_place(name):
            rooms.setdefault(fold, []).append(key)
    return [room for room in rooms.values() if len(room) > 1]


def _by_spot(keys: Collection[str], sites: Sites) -> list[list[str]]:
    rooms: dict[tuple[str, int, int], list[str]] = {}
    for key in keys:
        one = sites.get(key)
        if one is not None and one.kind is not None and one.lat is not None:
            assert one.lon is not None
            cell = (one.kind, round(one.lat * 1e4), round(one.lon * 1e4))
            rooms.setdefault(cell, []).append(key)
    return [
        room
        for room in rooms.values()
        if len(room) > 1
        and all((metres(sites[room[0]], sites[key]) or 0) <= _SAME_SPOT_M for key in room[1:])
    ]
