"""Moments that a source (a case, or a contact who may expose others) shared with other people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ringfence_city.answers.arrays import Bool, Int, Real, Runs, Small, spread
from ringfence_city.answers.facts import (
    ENCOUNTER_SETTING,
    RELATION_SETTINGS,
    ROLE_WORDS,
    SETTING_WORDS,
    Facts,
    Links,
    Meetings,
    Stays,
)

_MOST = 2_000_000
"""Pairs of stays looked at in one go: bounds memory."""

_FROM = -(1 << 33)
_SPAN = 1 << 35
"""Seconds of all times that a stay can have, so that place and time make one number."""


@dataclass(frozen=True)
class Sources:
    """People who may expose others, each from `start` to `end` (seconds of UTC)."""

    person: Int
    start: Int
    end: Int

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Overlaps:
    """`source` is a place in `Sources`. What a kind of record cannot tell is -1 (NaN) throughout.

    `source_end` ends the source's own stay, `other_end` the other's: air may linger between.
    `zones`: 1 the same, 0 different, -1 not known. `own_ride`, `other_ride`: rows of the rides.
    """

    kind: str
    source: Int
    other: Int
    start: Int
    source_end: Int
    other_end: Int
    place: Int
    setting: Small
    ventilation: Small
    zones: Small
    distance: Real
    physical: Small
    indoor: Small
    role: Small
    other_role: Small
    mask: Small
    other_mask: Small
    ppe: Small
    relation: Small
    assumed: Bool
    of_instant: Bool
    own_ride: Int
    other_ride: Int

    def __len__(self) -> int:
        return len(self.source)


def _bare(kind: str, pair: tuple[Int, Int], start: Int, source_end: Int, end: Int) -> Overlaps:
    """Who and when; every fact beside is unknown, as for records that do not tell it."""
    source, other = pair
    count = len(source)
    unknown = np.full(count, -1, dtype=np.int8)
    no = np.zeros(count, dtype=np.bool_)
    return Overlaps(
        kind=kind,
        source=source,
        other=other,
        start=start,
        source_end=source_end,
        other_end=end,
        place=np.full(count, -1, dtype=np.int64),
        setting=unknown,
        ventilation=unknown,
        zones=np.ones(count, dtype=np.int8),
        distance=np.full(count, np.nan),
        physical=unknown,
        indoor=unknown,
        role=unknown,
        other_role=unknown,
        mask=unknown,
        other_mask=unknown,
        ppe=unknown,
        relation=unknown,
        assumed=no,
        of_instant=no,
        own_ride=np.full(count, -1, dtype=np.int64),
        other_ride=np.full(count, -1, dtype=np.int64),
    )


@dataclass(frozen=True)
class Presences:
    """Stays filed by person, and by cell (a place, or a zone of it) and start."""

    stays: Stays
    of_person: Runs
    cell: Int
    order: Int
    sorted_at: Int
    longest: Int

    @staticmethod
    def file(stays: Stays, *, by_zone: bool) -> Presences:
        """`by_zone`: only stays of one zone, or both of none, will be brought together."""
        zones = int(stays.zone.max(initial=-1)) + 2
        key = stays.place * zones + stays.zone + 1 if by_zone else stays.place
        _, cell = np.unique(key, return_inverse=True)
        at = cell.astype(np.int64) * _SPAN + (stays.start - _FROM)
        order = np.argsort(at, kind="stable")
        longest = np.zeros(int(cell.max(initial=-1)) + 1, dtype=np.int64)
        np.maximum.at(longest, cell, stays.end - stays.start)
        by_person = Runs.by(stays.person)
        return Presences(stays, by_person, cell.astype(np.int64), order, at[order], longest)

    def shared(self, sources: Sources, places: Bool, lag: int, facts: Facts) -> Iterator[Overlaps]:
        """Stays of others at `places` where a source was, or up to `lag` seconds after it left."""
        owner, own = self.of_person.of(sources.person)
        start = np.maximum(self.stays.start[own], sources.start[owner])
        end = np.minimum(self.stays.end[own], sources.end[owner])
        kept = (start < end) & places[self.stays.place[own]]
        owner, own, start, end = owner[kept], own[kept], start[kept], end[kept]
        cell = self.cell[own]
        base = cell * _SPAN - _FROM
        first = np.searchsorted(self.sorted_at, base + start - self.longest[cell], side="right")
        last = np.searchsorted(self.sorted_at, base + end + lag, side="left")
        for rows in _portions(last - first):
            mine, at = spread(first[rows], (last - first)[rows])
            mine, theirs = mine + rows.start, self.order[at]
            meets = self.stays.end[theirs] > start[mine]
            meets &= self.stays.person[theirs] != self.stays.person[own[mine]]
            mine, theirs = mine[meets], theirs[meets]
            since = np.maximum(start[mine], self.stays.start[theirs])
            pair = (owner[mine], self.stays.person[theirs])
            bare = _bare("presence", pair, since, end[mine], self.stays.end[theirs])
            yield self._told(bare, own[mine], theirs, facts)

    def _told(self, bare: Overlaps, own: Int, theirs: Int, facts: Facts) -> Overlaps:
        """With what two stays, `own` and `theirs`, tell beside who and when."""
        stays = self.stays
        person, other = stays.person[own], stays.person[theirs]
        zone, other_zone = stays.zone[own], stays.zone[theirs]
        role, other_role = stays.role[own], stays.role[theirs]
        same = (zone == other_zone).astype(np.int8)
        place = stays.place[own]
        return replace(
            bare,
            place=place,
            setting=facts.places.setting[place],
            ventilation=facts.places.ventilation[place],
            zones=np.where((zone < 0) != (other_zone < 0), np.int8(-1), same),
            role=np.where(role < 0, facts.roles[person], role),
            other_role=np.where(other_role < 0, facts.roles[other], other_role),
            mask=stays.mask[own],
            other_mask=stays.mask[theirs],
            assumed=stays.assumed[own] | stays.assumed[theirs],
            of_instant=stays.instant[own] | stays.instant[theirs],
        )


def encounters(sources: Sources, facts: Facts) -> Overlaps:
    met = facts.meetings
    bare, row = _between(met, "encounter", sources, facts)
    return replace(
        bare,
        setting=np.full(len(row), ENCOUNTER_SETTING, dtype=np.int8),
        distance=met.distance[row],
        physical=met.physical[row],
        indoor=met.indoor[row],
        mask=met.mask[row],
        other_mask=met.other_mask[row],
    )


def relations(sources: Sources, facts: Facts) -> Overlaps:
    """An undated link spans the whole time of its source."""
    links = facts.links
    bare, row = _between(links, "link", sources, facts)
    return replace(
        bare,
        setting=RELATION_SETTINGS[links.relation[row]],
        ppe=links.ppe[row],
        relation=links.relation[row],
    )


def aboard(sources: Sources, facts: Facts) -> Overlaps:
    """Those who rode on one run at one time with a source, from stop to stop."""
    rides = facts.rides
    owner, own = rides.of_person.of(sources.person)
    mine, other = rides.of_run.of(rides.run[own])
    owner, own = owner[mine], own[mine]
    start = np.maximum(np.maximum(rides.start[own], rides.start[other]), sources.start[owner])
    end = np.minimum(np.minimum(rides.end[own], rides.end[other]), sources.end[owner])
    meets = (start < end) & (rides.person[own] != rides.person[other])
    meets &= np.maximum(rides.board[own], rides.board[other]) < np.minimum(
        rides.alight[own], rides.alight[other]
    )
    owner, own, other = owner[meets], own[meets], other[meets]
    start, end = start[meets], end[meets]
    bare = _bare("ride", (owner, rides.person[other]), start, end, end)
    return replace(
        bare,
        setting=rides.setting[own],
        role=_role_aboard(rides.crew[own]),
        other_role=_role_aboard(rides.crew[other]),
        own_ride=own,
        other_ride=other,
    )


def in_vehicles(sources: Sources, facts: Facts) -> Overlaps:
    """Those who were in a vehicle with a source, or after it: its air lingers."""
    seated = facts.seated
    owner, own = seated.of_person.of(sources.person)
    mine, other = seated.of_vehicle.of(seated.vehicle[own])
    owner, own = owner[mine], own[mine]
    since = np.maximum(seated.start[own], sources.start[owner])
    until = np.minimum(seated.end[own], sources.end[owner])
    meets = (since < until) & (seated.end[other] > since)
    meets &= seated.person[own] != seated.person[other]
    owner, other, since, until = owner[meets], other[meets], since[meets], until[meets]
    start = np.maximum(since, seated.start[other])
    pair = (owner, seated.person[other])
    bare = _bare("occupancy", pair, start, until, seated.end[other])
    setting = np.full(len(owner), SETTING_WORDS.index("car"), dtype=np.int8)
    return replace(bare, setting=setting)


def _role_aboard(crew: Bool) -> Small:
    return np.where(crew, ROLE_WORDS.index("crew"), ROLE_WORDS.index("passenger")).astype(np.int8)


def _between(
    records: Meetings | Links, kind: str, sources: Sources, facts: Facts
) -> tuple[Overlaps, Int]:
    """Who, when and in which roles; and the record that tells it."""
    owner, row = records.of_person.of(sources.person)
    start = np.maximum(records.start[row], sources.start[owner])
    end = np.minimum(records.end[row], sources.end[owner])
    kept = start < end
    owner, row, start, end = owner[kept], row[kept], start[kept], end[kept]
    other = records.other[row]
    bare = _bare(kind, (owner, other), start, end, end)
    return replace(bare, role=facts.roles[records.person[row]], other_role=facts.roles[other]), row


def _portions(count: Int) -> Iterator[slice]:
    """Runs of rows whose counts sum to about `_MOST`, each of at least one row."""
    total = np.cumsum(count)
    first = 0
    while first < len(count):
        before = int(total[first - 1]) if first else 0
        last = max(int(np.searchsorted(total, before + _MOST, side="right")), first + 1)
        yield slice(first, last)
        first = last
