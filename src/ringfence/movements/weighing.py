"""Which of two rows that contradict each other is the likelier, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ringfence.movements.clashes import Clash
from ringfence.movements.episodes import strength
from ringfence.movements.model import Episode, Reason, Told

_BACKED = 1.5
"""Weight of each further source that tells of the same episode."""
_CONTRADICTED = 1.0
"""Taken off for each further source that contradicts."""
_TOKEN = 0.5
"""Taken off where a card or a telephone was somewhere, rather than the person."""
_FITS = 1.0
_MOST_COUNTED = 2
_DECIDES = 0.5


@dataclass(frozen=True)
class Verdict:
    """`odd` None: records do not decide."""

    clash: Clash
    odd: Told | None
    reasons: tuple[Reason, ...]


def verdicts(clashes: Sequence[Clash], episodes: Iterable[Episode]) -> list[Verdict]:
    weights = _weights(clashes, episodes)
    return [_verdict(clash, weights) for clash in clashes]


def _weights(
    clashes: Iterable[Clash], episodes: Iterable[Episode]
) -> Mapping[Told, Mapping[Reason, float]]:
    """Of every row that a clash is about."""
    against: defaultdict[Told, set[str]] = defaultdict(set)
    for clash in clashes:
        against[clash.one].add(clash.other.source)
        against[clash.other].add(clash.one.source)
    backing: dict[Told, int] = {}
    for episode in episodes:
        others = min(_MOST_COUNTED, len(episode.sources) - 1)
        backing.update((one, others) for one in episode.told if one in against)
    return {
        one: {
            Reason.STRONGER: strength(one),
            Reason.PERSON_OVER_TOKEN: -_TOKEN if one.table == "event" else 0.0,
            Reason.MORE_SOURCES: _BACKED * backing.get(one, 0)
            - _CONTRADICTED * min(_MOST_COUNTED, len(sources) - 1),
        }
        for one, sources in against.items()
    }


def _verdict(clash: Clash, weights: Mapping[Told, Mapping[Reason, float]]) -> Verdict:
    mine, others = weights[clash.one], weights[clash.other]
    fits = _FITS if clash.astray else 0.0
    ahead = sum(mine.values()) + fits - sum(others.values())
    if abs(ahead) < _DECIDES:
        return Verdict(clash, None, ())
    more, less = (mine, others) if ahead > 0 else (others, mine)
    reasons = [reason for reason, weight in more.items() if weight > less[reason]]
    if fits and ahead > 0:
        reasons.append(Reason.FITS_NEIGHBOURS)
    return Verdict(clash, clash.other if ahead > 0 else clash.one, tuple(reasons))
