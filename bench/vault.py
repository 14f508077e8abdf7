"""The step that brings invented persons into a vault and looks them up again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.figures import spread
from bench.homes import NOW, empty_home
from ringfence import lake
from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.vault import Statement, open_vault

_BATCH = "b" * 64
_LOOKED_UP = 500
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文辉力"


def vault_step(home: str, subjects: int, seed: int = 1) -> dict[str, Any]:
    """Statements with name, ID number, phone and address, one of each subject; durable at the end.

    Then the number, and all that is said of a subject, of some of them in a drawn order.
    """
    made = empty_home(Path(home))
    numbers = [f"{n:018}" for n in range(subjects)]
    with open_vault(made, create=True) as vault:
        begun = time.perf_counter()
        named = vault.pseudonyms("hotel", "id_number", numbers)
        pseudonyms = time.perf_counter() - begun
        begun = time.perf_counter()
        with vault.stage(_BATCH, "hotel", NOW, lookup_forms) as staging:
            staging.write(_people(named, numbers))
            staging.ready()
            with lake.stage(
                made, table="presence", source="hotel", batch=_BATCH, file_name="b.csv"
            ) as empty:
                empty.commit(NOW, 0)
        seconds = time.perf_counter() - begun
        drawn = random.Random(seed).sample(range(subjects), min(_LOOKED_UP, subjects))
        by_number = _timed(lambda n: vault.find("id_number", numbers[n]) == [named[n]], drawn)
        told = _timed(lambda n: named[n] in vault.statements([named[n]]), drawn)
        begun = time.perf_counter()
        vault.exact_groups("id_number")
        grouped = time.perf_counter() - begun
    stored = sum(path.stat().st_size for path in made.vault.rglob("*") if path.is_file())
    return {
        "subjects": subjects,
        "pseudonym_seconds": pseudonyms,
        "seconds": pseudonyms + seconds,
        "subjects_per_second": subjects / (pseudonyms + seconds),
        "find_by_id_ms": spread(by_number),
        "statements_ms": spread(told),
        "groups_seconds": grouped,
        "bytes": stored,
    }


def _people(subjects: Sequence[str], numbers: Sequence[str]) -> Iterator[Statement]:
    for n, (subject, number) in enumerate(zip(subjects, numbers, strict=True)):
        yield Statement(
            subject,
            n,
            {
                "name": name_of(n),
                "id_kind": "resident",
                "id_number": number,
                "phone": f"+86138{n % 10**8:08}",
                "address": f"和平路{n}号三单元",
            },
        )


def name_of(n: int) -> str:
    return _SURNAMES[n % 20] + _GIVEN[n // 20 % 26] + _GIVEN[n // 520 % 26]


def _timed(right: Callable[[int], bool], drawn: Sequence[int]) -> list[float]:
    """Milliseconds of each look-up; a wrong answer ends the measurement."""
    times = []
    for n in drawn:
        begun = time.perf_counter()
        answer = right(n)
        times.append((time.perf_counter() - begun) * 1000)
        if not answer:
            raise ValueError("the vault gave a wrong answer")
    return times
