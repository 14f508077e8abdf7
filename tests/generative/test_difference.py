"""Only cases that a batch can touch are traced for it, and no case that it changes is missed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ringfence import lake
from ringfence.engines.sql import SqlEngine
from ringfence.records import TABLES
from ringfence.trace import changed
from ringfence.trace.difference import Contacts, changes, contacts_of, difference
from ringfence.trace.known import Known, known
from ringfence.trace.reach import touched_cases, untold
from ringfence.trace.tracing import trace_cases

from .random_outbreaks import NOW, ROWS, Outbreak, Outbreaks
from .random_rows import Dice

SEEDS = range(400 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 1)
STAYS, OTHER_TABLES = 4, 3


@dataclass(frozen=True)
class Trial:
    """A batch, its table, what was known before and after, and every contact then and then."""

    told: lake.Told
    before: Known
    after: Known
    was: Contacts
    now: Contacts


def trials(world: Outbreak, seed: int) -> Iterator[Trial]:
    """Batches are withdrawn; some are reinstated, some are not; at times all is sorted."""
    dice = Dice(seed, "acts")
    tables = [*["presence"] * STAYS, *dice.sample(sorted(ROWS), OTHER_TABLES)]
    batches = dict.fromkeys(
        dice.choice(sorted(b for b, t in world.batches.items() if t == name)) for name in tables
    )
    before = _now(world)
    was = _every_contact(before)
    for batch in batches:
        for act in (lake.withdraw, lake.reinstate)[: dice.choice((1, 2, 2))]:
            (told,) = lake.told_by(world.home, batch)
            act(world.home, batch, "test", NOW)
            after = _now(world)
            now = _every_contact(after)
            yield Trial(told, before, after, was, now)
            before, was = after, now
        if dice.randint(0, 5) == 0:
            lake.compact(world.home)
            before = _now(world)


def _now(world: Outbreak) -> Known:
    return known(lake.snapshot(world.home, NOW), SqlEngine, world.protocols)


def _every_contact(at: Known) -> Contacts:
    return contacts_of(at, at.protocols.keys(), lambda _: None)


def test_no_case_is_missed(tmp_path: Path, outbreaks: Outbreaks) -> None:
    found: Counter[str] = Counter()
    for seed in SEEDS:
        world = outbreaks(tmp_path / str(seed), seed)
        for trial in trials(world, seed):
            expected = changes(trial.was, trial.now)
            told, before, after = trial.told, trial.before, trial.after
            touched = touched_cases(told, before, after, world.protocols, untold)
            assert {change.case for change in expected} <= touched, told.table
            found["skipped"] += len(before.protocols.keys() - touched)
            found["differing"] += bool(expected)
            if told.table == "presence":
                assert difference([told], before, after, world.protocols) == expected
    assert found["skipped"] > 0
    assert found["differing"] > 0


def test_cases_traced_at_once_are_as_if_traced_alone(scratch: Path, outbreaks: Outbreaks) -> None:
    at = _now(outbreaks(scratch, 0))
    alone = {
        (case, contact.person): contact
        for case, protocol in at.protocols.items()
        for contact in trace_cases(at.snapshot, at.engine, protocol, [case]).contacts
    }
    assert _every_contact(at) == alone
    assert len(alone) > len(at.protocols)


def test_every_table_is_known_to_touch_something_or_nothing() -> None:
    kinds = (
        changed.EVIDENCE,
        changed.ABOUT_RUNS,
        changed.ABOUT_PERSONS,
        changed.ABOUT_PLACES,
        changed.ABOUT_CASES,
        changed.NEVER_READ,
    )
    assert sorted(TABLES) == sorted(name for kind in kinds for name in kind)
    assert set(ROWS) == set(TABLES) - changed.NEVER_READ
