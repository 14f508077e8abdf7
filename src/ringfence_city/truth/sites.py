"""Laying out the places of the city: homes first, then venues, schools, and other workplaces."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import KIND_OF, Int8, Int32, Int64
from ringfence_city.truth.venue_kinds import GENERIC, TEAM, VENUE_KINDS

_POOR_HOMES = (80, 20, 0)


@dataclass(frozen=True)
class Sites:
    """Places without their positions. `staff`: posts; `team`: persons of a team; `grid`: where."""

    kind: Int8
    grid: Int32
    ventilation: Int8
    zones: Int32
    size: Int32
    staff: Int32

    @property
    def count(self) -> int:
        return len(self.kind)


@dataclass
class _Block:
    """Places of one kind that are being laid out."""

    seed: int
    grids: int
    parts: list[tuple[Int64, ...]] = field(default_factory=list)

    def lay(
        self,
        kind: str,
        count: int,
        air: tuple[int, int, int],
        *,
        zones: tuple[int, int] = (0, 0),
        staff: tuple[int, int] = (0, 0),
        visits: int = 0,
        full: tuple[int, int] = (1, 1),
    ) -> None:
        """`full`: the share of its size that the place has, where the city is too small for it."""
        each = np.arange(count)
        draw = Chance.of(self.seed, f"sites/{kind}")
        grid = (each * self.grids + draw.below(self.grids, each, 0)) // max(count, 1)
        posts = staff[0] + draw.below(staff[1] - staff[0] + 1, each, 1)
        if staff[1]:
            posts = np.maximum(posts * full[0] // full[1], 1)
        divided = zones[0] + draw.below(zones[1] - zones[0] + 1, each, 2)
        ventilation = draw.pick(air, each, 3)
        size = np.full(count, max(visits * full[0] // full[1], 5))
        self.parts.append((np.full(count, KIND_OF[kind]), grid, ventilation, divided, size, posts))

    def laid(self) -> Sites:
        kind, grid, ventilation, zones, size, staff = (
            np.concatenate([part[i] for part in self.parts]) for i in range(6)
        )
        return Sites(
            kind.astype(np.int8),
            grid.astype(np.int32),
            ventilation.astype(np.int8),
            zones.astype(np.int32),
            size.astype(np.int32),
            staff.astype(np.int32),
        )


def venues(seed: int, people: int, grids: int) -> Sites:
    """Every place that is visited, kind by kind, each kind in the order of its grids."""
    block = _Block(seed, grids)
    for told in VENUE_KINDS:
        count = max(1, round(people / told.people_for_one)) if people >= told.from_people else 0
        full = (min(people, told.people_for_one), told.people_for_one)
        zones = told.zones
        if told.kind == "isolation_site":
            rooms = -(-people // count)
            zones = (rooms, rooms)  # everybody could have a room alone
        if told.kind == "station":
            full = (min(people, 10_000_000), 10_000_000 * count)
            # 100,000 visits a day at ten million people
            block.lay(told.kind, count, told.air, staff=(1_000, 2_000), visits=100_000, full=full)
            continue
        block.lay(
            told.kind,
            count,
            told.air,
            zones=zones,
            staff=told.staff,
            visits=told.visits,
            full=full,
        )
    return block.laid()


def schools(seed: int, people: int, grids: int) -> Sites:
    """Kindergartens, schools and universities; their classes follow from who goes there."""
    block = _Block(seed, grids)
    block.lay("kindergarten", max(1, round(people / 3_000)), (85, 15, 0))
    block.lay("school", max(1, round(people / 9_000)), (90, 10, 0))
    if people >= 5_000:
        block.lay("university", max(1, round(people / 150_000)), (90, 10, 0))
    return block.laid()


def depots(seed: int, grids: int, drivers: tuple[int, int, int]) -> Sites:
    """Where drivers of buses, of taxis and of lorries belong: one place each, in this order."""
    block = _Block(seed, grids)
    for kind, count in zip(("workplace", "workplace", "warehouse"), drivers, strict=True):
        block.lay(kind, 1, (90, 10, 0), staff=(count, count))
    return block.laid()


def workplaces(seed: int, jobs: int, grids: int) -> Sites:
    """Workplaces that nobody visits, with `jobs` posts in all (the last has what is left)."""
    count = jobs // 5 + 1
    each = np.arange(count)
    draw = Chance.of(seed, "sites/workplaces")
    row = draw.pick([told[1] for told in GENERIC], each, 0)
    least = np.array([told[2] for told in GENERIC])[row]
    most = np.minimum(np.array([told[3] for told in GENERIC])[row], max(8, jobs // 8))
    share = draw.below(1_000, each, 1)
    staff = least + np.maximum(most - least, 0) * share * share // 1_000_000
    ends = np.cumsum(staff)
    count = min(int(np.searchsorted(ends, jobs)) + 1, len(each)) if jobs else 0
    row, staff = row[:count], staff[:count]
    if count:
        staff[-1] -= ends[count - 1] - jobs
    air = np.cumsum(np.array([told[4] for told in GENERIC]), axis=1)[row]
    aired = (draw.below(100, each[:count], 2)[:, None] >= air).sum(axis=1)
    grid = (each[:count] * grids + draw.below(grids, each[:count], 3)) // max(count, 1)
    kind = np.array([KIND_OF[told[0]] for told in GENERIC])[row]
    return Sites(
        kind.astype(np.int8),
        grid.astype(np.int32),
        aired.astype(np.int8),
        (-(-staff // TEAM)).astype(np.int32),
        np.maximum(staff, 1).astype(np.int32),
        staff.astype(np.int32),
    )


def homes(seed: int, kind: Int8, grid: Int32, size: Int64) -> Sites:
    """Homes as places; a nursing home has a carer for four residents."""
    each = np.arange(len(kind))
    nursing = kind == KIND_OF["nursing_home"]
    air = Chance.of(seed, "sites/home").pick(_POOR_HOMES, each).astype(np.int8)
    return Sites(
        kind,
        grid,
        air,
        np.zeros(len(kind), dtype=np.int32),
        size.astype(np.int32),
        np.where(nursing, size // 4 + 2, 0).astype(np.int32),
    )


def joined(parts: list[Sites]) -> Sites:
    return Sites(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("kind", "grid", "ventilation", "zones", "size", "staff")
        )
    )
