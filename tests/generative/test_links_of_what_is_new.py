"""A link run that reads only what is new does the same as one that reads all, whatever happened."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.unit.identity.homes import BY, at, home_in, identity_number, people, told

from ringfence import lake
from ringfence.errors import Text, UserError
from ringfence.identity import merge, split, store, undo
from ringfence.identity.linking import link
from ringfence.vault import open_vault

SOURCES = ("hotel", "rail", "clinic")
SUBJECTS = tuple(f"{source[0]}{n}" for source in SOURCES for n in range(3))
"""Of each source, by its first letter."""

MONTHS = (0, 24 * 40, 24 * 80)
NUMBERS: tuple[dict[str, str], ...] = (
    {},
    {"id_number": identity_number()},
    {"id_number": identity_number("19910101", 2)},
    {"id_kind": "passport", "id_number": "E12345678"},
    {"id_kind": "hk_macau_pass", "id_number": "H1234567801"},
    {"id_kind": "hk_macau_pass", "id_number": "H1234567802"},
)
SAID: tuple[dict[str, str], ...] = (
    {},
    {"name": "王小明"},
    {"name": "王晓明"},
    {"name": "李雷"},
    {"sex": "female"},
    {"birth_date": "1990-03-07"},
)

Step = tuple[Any, ...]
SEEDS = range(2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 25)
STEPS = 16
HOW_OFTEN = {
    "deliver": 8,
    "link": 6,
    "withdraw": 3,
    "reinstate": 2,
    "merge": 2,
    "split": 4,
    "undo": 1,
    "shred": 1,
}


def history(chance: Random) -> Iterator[Step]:
    yield from (_delivery(chance) for _ in range(3))
    for kind in chance.choices(list(HOW_OFTEN), list(HOW_OFTEN.values()), k=STEPS):
        if kind == "deliver":
            yield _delivery(chance)
        elif kind == "merge":
            yield kind, *chance.sample(SUBJECTS, 2)
        elif kind == "split":
            yield kind, chance.choice(SUBJECTS)
        elif kind == "shred":
            yield kind, chance.choice(MONTHS)
        elif kind == "link":
            yield (kind,)
        else:
            yield kind, chance.randrange(100)
    yield from (("link",), ("link",))


def _delivery(chance: Random) -> Step:
    """What one source says of some of its subjects, mostly of few different people."""
    source = chance.choice(SOURCES)
    own = [subject for subject in SUBJECTS if subject[0] == source[0]]
    said = {
        subject: _said(subject, chance) for subject in chance.sample(own, chance.choice((1, 2, 3)))
    }
    return "deliver", source, chance.choice(MONTHS), said


def _said(subject: str, chance: Random) -> dict[str, str]:
    """Mostly what is true: of each number there are bearers in all sources."""
    true = NUMBERS[1 + int(subject[1])] | SAID[1]
    if chance.random() < 0.7:
        return true
    return chance.choice(NUMBERS) | chance.choice(SAID)


class World:
    """A home that lives through a history; `forgets`: nothing found before is known to a link."""

    def __init__(self, folder: Path, *, forgets: bool) -> None:
        self.home = home_in(folder)
        self.forgets = forgets
        self.batches: list[str] = []
        self.hours = 0.0

    def does(self, step: Step) -> object:
        """What it answers; of what is refused, the words."""
        self.hours += 1
        act: Callable[..., object] = getattr(self, f"_{step[0]}")
        try:
            return act(*step[1:])
        except UserError as error:
            return error.text

    def _deliver(self, source: str, month: float, said: dict[str, dict[str, str]]) -> None:
        name = f"{source} {len(self.batches)}"
        self.batches.append(told(self.home, name, said, source=source, hours=month + self.hours))

    def _withdraw(self, number: int) -> None:
        if self.batches:
            batch = self.batches[number % len(self.batches)]
            lake.withdraw(self.home, batch, "wrong file", at(self.hours))

    def _reinstate(self, number: int) -> None:
        if self.batches:
            batch = self.batches[number % len(self.batches)]
            lake.reinstate(self.home, batch, "right after all", at(self.hours))

    def _merge(self, one: str, other: str) -> None:
        merge(self.home, [one, other], reason="asked him", by=BY, now=at(self.hours))

    def _split(self, subject: str) -> None:
        split(self.home, [subject], reason="brother", by=BY, now=at(self.hours))

    def _undo(self, number: int) -> None:
        with store.reading(self.home) as connection:
            last = 0 if connection is None else store.last_act(connection)
        if last:
            undo(self.home, 1 + number % last, reason="wrong", by=BY, now=at(self.hours))

    def _shred(self, month: float) -> None:
        with suppress(UserError), open_vault(self.home) as vault:
            vault.shred(f"{at(month):%Y-%m}")

    def _link(self) -> object:
        if self.forgets:
            shutil.rmtree(self.home.identity / "kept", ignore_errors=True)
        done = link(self.home, by=BY, now=at(self.hours))
        return done.as_json(), people(self.home), self._stored()

    def _stored(self) -> list[object]:
        if not store.path_of(self.home).exists():
            return []
        with closing(sqlite3.connect(store.path_of(self.home))) as file:
            return [
                file.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()
                for table in ("act", "link_group", "member")
            ]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_links_as_by_reading_all(seed: int, scratch: Path) -> None:
    worlds = [World(scratch / name, forgets=name == "all") for name in ("new", "all")]
    for step in history(Random(seed)):
        one, other = (world.does(step) for world in worlds)
        assert one == other, step


def test_histories_have_all_that_a_link_run_can_meet(scratch: Path) -> None:
    """Else that both agree would say little."""
    met: Counter[str] = Counter()
    for seed in range(12):
        world = World(scratch / str(seed), forgets=False)
        for step in history(Random(seed)):
            answer = world.does(step)
            met[f"{step[0]} done"] += not isinstance(answer, Text)
            if step[0] == "link" and not isinstance(answer, Text):
                done: dict[str, Any] = answer[0]  # type: ignore[index]
                met["begun"] += done["begun"]
                met["ended"] += done["ended"]
                met["doubted"] += len(done["conflicts"])
    wanted = {"begun", "ended", "doubted", *(f"{kind} done" for kind in HOW_OFTEN)}
    assert wanted - {word for word, count in met.items() if count} == set()
