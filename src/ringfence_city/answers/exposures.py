"""True exposures to the cases: who shared a place and zone with them, or met them, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ringfence_city.answers.arrays import Int
from ringfence_city.answers.days import end_of
from ringfence_city.answers.facts import Case, Facts
from ringfence_city.answers.overlaps import Overlaps, Sources, encounters
from ringfence_city.answers.rings import Filed

_BEFORE = 14 * 86_400
"""Seconds before its isolation (or as-of) in which a case of unknown infection may have exposed."""


@dataclass(frozen=True)
class Exposures:
    """Seconds of UTC. `case`: place in the list of cases; `place`: -1 for a measured encounter."""

    case: Int
    person: Int
    place: Int
    setting: Int
    start: Int
    end: Int


def exposures(
    facts: Facts, filed: Filed, cases: Sequence[Case], infected: dict[int, int]
) -> Iterator[Exposures]:
    """From being infected until isolated (or as-of). `infected`: seconds, by person."""
    times = [_time_of(case, facts, infected) for case in cases]
    sources = Sources(
        np.array([case.person for case in cases], dtype=np.int64),
        np.array([start for start, _ in times], dtype=np.int64),
        np.array([end for _, end in times], dtype=np.int64),
    )
    anywhere = np.ones(len(facts.place_names), dtype=np.bool_)
    for overlaps in filed.by_zone.shared(sources, anywhere, 0, facts):
        yield _told(overlaps)
    yield _told(encounters(sources, facts))


def _time_of(case: Case, facts: Facts, infected: dict[int, int]) -> tuple[int, int]:
    isolated = case.events.get("isolated")
    end = facts.as_of
    if isolated is not None:
        end = min(end, end_of(isolated.second, whole_day=isolated.is_day))
    return infected.get(case.person, end - _BEFORE), end


def _told(overlaps: Overlaps) -> Exposures:
    return Exposures(
        overlaps.source,
        overlaps.other,
        overlaps.place,
        overlaps.setting.astype(np.int64),
        overlaps.start,
        np.minimum(overlaps.source_end, overlaps.other_end),
    )
