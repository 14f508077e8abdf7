"""Close contacts of the first ring who may have exposed others before they were isolated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from ringfence.engines.question import Engine, Focus
from ringfence.protocols.model import Protocol
from ringfence.records.vocabularies import ISOLATING_MEASURES
from ringfence.trace.local_days import closing
from ringfence.trace.rings import Ring

_INSTANTS = 1 << 16


@dataclass(frozen=True)
class Confinement:
    """A time in which a person was kept apart, epoch seconds; `end` None: still."""

    start: int
    end: int | None


def seeds_of(
    ring: Ring,
    focuses: Sequence[Focus],
    protocol: Protocol,
    engine: Engine,
    *,
    zone: str,
    as_of: int,
) -> dict[Focus, Focus]:
    """Each seed as a focus of the second ring, with the focus of the first ring that exposed it.

    Its window begins with the earliest overlap that contributes to a satisfied rule and ends with
    its isolation, or as-of.
    """
    exposed: list[tuple[Focus, str, int]] = []
    for focus in focuses:
        first: dict[str, int] = {}
        seeding: set[str] = set()
        for row in ring.listed.get(focus.number, ()):
            other = row["other"]
            first[other] = min(row["start"], first.get(other, row["start"]))
            if protocol.seeds_from(protocol.rule(row["rule"])):
                seeding.add(other)
        exposed += [(focus, other, first[other]) for other in sorted(seeding)]
    confined = confinements(engine, sorted({other for _, other, _ in exposed}), zone)
    seeds: dict[Focus, Focus] = {}
    for focus, other, start in exposed:
        end = min(isolated_from(confined.get(other, ()), start, as_of), as_of)
        if start < end:
            seed = Focus(len(seeds), other, start, end, focus.symptomatic)
            seeds[seed] = focus
    return seeds


def isolated_from(confined: Iterable[Confinement], start: int, never: int) -> int:
    """When a person exposed at `start` was first kept apart, not counting what was over by then."""
    return min(
        (c.start for c in confined if c.end is None or c.end > start),
        default=never,
    )


def confinements(
    engine: Engine, subjects: Sequence[str], zone: str
) -> Mapping[str, Sequence[Confinement]]:
    """Isolation events of the subjects' cases and their isolating measures."""
    found: defaultdict[str, list[Confinement]] = defaultdict(list)
    if not subjects:
        return found
    for row in engine.rows("measure", "subject", subjects).to_pylist():
        if row["kind"] in ISOLATING_MEASURES:
            start = _closed(row["start"], row["start_precision"], zone)
            end = row["end"] and _closed(row["end"], row["end_precision"], zone)
            found[row["subject"]].append(Confinement(start, end))
    subject_of = {
        row["case"]: row["subject"] for row in engine.rows("case", "subject", subjects).to_pylist()
    }
    events: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in engine.rows("case_event", "case", sorted(subject_of)).to_pylist():
        at = _closed(row["at"], row["precision"], zone)
        kinds = events[row["case"]]
        kinds[row["kind"]] = min(at, kinds.get(row["kind"], at))
    for case, kinds in events.items():
        if "isolated" in kinds:
            found[subject_of[case]].append(Confinement(kinds["isolated"], _release(kinds)))
    return found


def _release(kinds: Mapping[str, int]) -> int | None:
    released = kinds.get("released")
    return released if released is not None and released > kinds["isolated"] else None


def _closed(at: datetime, precision: str | None, zone: str) -> int:
    return seconds(closing(at, precision, zone))


def seconds(at: datetime) -> int:
    return int(at.timestamp())


@lru_cache(maxsize=_INSTANTS)
def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
