"""The city's own evaluation and the engines agree on worlds and rules made by dice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from tests.generative.random_rows import BASE, STEP
from tests.generative.snapshots import SmallWorld, snapshot_of

from ringfence.engines.reference import ReferenceEngine
from ringfence.trace.tracing import trace_cases
from ringfence_city.answers.evaluating import evaluate, listed_together
from ringfence_city.answers.loading import load

from . import random_city

Listed = Mapping[str, tuple[int, str, int, int, float]]


@pytest.mark.parametrize("seed", range(80))
def test_the_reference_engine_lists_the_same_people(seed: int, tmp_path: Path) -> None:
    small = random_city.world(seed)
    _compare(seed, small, small, tmp_path)


@pytest.mark.parametrize("seed", range(80))
def test_what_is_still_to_come_counts_for_neither(seed: int, tmp_path: Path) -> None:
    """The truth holds the whole illness; agencies can only have told what had happened."""
    small = random_city.world(seed)
    early = random_city.told_by(small, BASE + 12 * STEP)
    _compare(seed, small, early, tmp_path)


def _compare(seed: int, true: SmallWorld, told: SmallWorld, folder: Path) -> None:
    """The evaluation of what is true, and a trace of what was told, at the latter's time."""
    protocol = random_city.protocol(seed)
    (folder / "answers").mkdir()
    facts = load(random_city.write(true, folder / "answers"), told.as_of)
    (found,) = evaluate(facts, [protocol], facts.cases)
    snapshot = snapshot_of(told, folder)
    engine = ReferenceEngine(snapshot)
    for case in facts.cases:
        ours = {
            facts.person_names.name(person): (
                c.order,
                str(c.outcome),
                c.first,
                c.last,
                round(c.seconds / 60, 3),
            )
            for person, c in listed_together(found, [case.case]).items()
        }
        trace = trace_cases(snapshot, engine, protocol, (case.case,), 2, crowd_limit=False)
        theirs = {
            c.person: (
                c.order,
                str(c.outcome),
                _second(c.first_exposure),
                _second(c.last_exposure),
                round(c.minutes, 3),
            )
            for c in trace.contacts
        }
        assert ours == theirs


def _second(moment: datetime) -> int:
    return int(moment.timestamp())
