"""No case that a change of persons touches is missed, and few others are traced."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from ringfence import lake
from ringfence.engines.persons import Persons, persons_from
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.trace.difference import Contacts, changes, contacts_of, difference
from ringfence.trace.known import Known, known
from ringfence.trace.reach import touched_cases, untold

from .random_outbreaks import NOW, PEOPLE, Outbreak, Outbreaks
from .random_rows import Dice

SEEDS = range(200 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 2)
ACTS = 4


def _persons(dice: Dice) -> Persons | None:
    """A few groups of a few people, cases among them."""
    people = dice.sample(PEOPLE, len(PEOPLE))
    many = dice.choice((0, 1, 1, 2))
    return persons_from(people[3 * n : 3 * n + dice.choice((2, 3))] for n in range(many))


def _now(world: Outbreak, taken: Snapshot, persons: Persons | None) -> Known:
    return known(replace(taken, persons=persons), SqlEngine, world.protocols)


def _every_contact(at: Known) -> Contacts:
    return contacts_of(at, at.protocols.keys(), lambda _: None)


def test_no_case_is_missed_when_persons_change(tmp_path: Path, outbreaks: Outbreaks) -> None:
    found: Counter[str] = Counter()
    for seed in SEEDS:
        world = outbreaks(tmp_path / str(seed), seed)
        taken = lake.snapshot(world.home, NOW)
        before = _now(world, taken, None)
        was = _every_contact(before)
        for act in range(ACTS):
            after = _now(world, taken, _persons(Dice(seed, "merge", act)))
            now = _every_contact(after)
            expected = changes(was, now)
            touched = touched_cases(None, before, after, world.protocols, untold)
            assert {change.case for change in expected} <= touched
            found["skipped"] += len(before.protocols.keys() - touched)
            found["differing"] += bool(expected)
            if act == 0:
                assert difference(None, before, after, world.protocols) == expected
            before, was = after, now
    assert found["skipped"] > 0
    assert found["differing"] > 0
