"""What a vault holds, told without opening any record; and whether its keys would open them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.errors import NotFound, Text, UserError
from ringfence.lake import Home
from ringfence.vault.cohorts import open_cohort, span_of
from ringfence.vault.keys import data_key
from ringfence.vault.master_key import Keeper, read_master
from ringfence.vault.register import (
    Attempt,
    attempts,
    cohort_path,
    identity_of,
    shredded_names,
    wrapped_keys,
)
from ringfence.vault.sealing import seal_of

_SAMPLE = 100


@dataclass(frozen=True)
class CohortStatus:
    """`unacknowledged`: batches that wait for the lake, or were left by a killed import."""

    name: str
    batches: int
    unacknowledged: int
    statements: int
    rejects: int
    bytes: int


@dataclass(frozen=True)
class VaultStatus:
    """`master_key` None: kept by another service. `same_disk`: it lies where the data lies."""

    id: str
    generation: int
    master_key: Path | None
    key_present: bool
    same_disk: bool
    cohorts: tuple[CohortStatus, ...]
    shredded: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "master_key": str(self.master_key) if self.master_key else None,
            "cohorts": [vars(cohort) for cohort in self.cohorts],
            "shredded": list(self.shredded),
        }


@dataclass(frozen=True)
class DrillReport:
    """`opened`: records opened, by cohort. `faults`: what could not be."""

    key: Path | None
    opened: dict[str, int]
    faults: tuple[Text, ...]

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "key": str(self.key) if self.key else None,
            "opened": self.opened,
            "faults": [fault.en for fault in self.faults],
        }


def status(home: Home, register: sqlite3.Connection, path: Path | None) -> VaultStatus:
    vault, generation = identity_of(register)
    gone = shredded_names(register)
    written: dict[str, list[Attempt]] = {}
    for attempt in attempts(register):
        written.setdefault(attempt.cohort, []).append(attempt)
    present = path is not None and path.exists()
    return VaultStatus(
        id=vault,
        generation=generation,
        master_key=path,
        key_present=path is None or present,
        same_disk=present and path is not None and path.stat().st_dev == home.root.stat().st_dev,
        cohorts=tuple(
            _cohort(home, name, written[name]) for name in sorted(written) if name not in gone
        ),
        shredded=tuple(sorted(gone)),
    )


def _cohort(home: Home, name: str, written: list[Attempt]) -> CohortStatus:
    told = Counter(attempt.acknowledged for attempt in written)
    path = cohort_path(home, name)
    return CohortStatus(
        name=name,
        batches=told[True],
        unacknowledged=told[False],
        statements=sum(a.statements for a in written if a.acknowledged),
        rejects=sum(a.rejects for a in written if a.acknowledged),
        bytes=path.stat().st_size if path.exists() else 0,
    )


def drill(
    home: Home, register: sqlite3.Connection, keeper: Keeper | None, key: Path | None
) -> DrillReport:
    """Open every key, and some records of every cohort; nothing of them is shown."""
    vault, _ = identity_of(register)
    opened: dict[str, int] = {}
    faults: list[Text] = []
    try:
        if keeper is None and key is not None:
            keeper = read_master(key, vault)
        if keeper is None:
            raise NotFound(f"there is no master key at {key}", f"{key} 处没有主密钥")
    except UserError as error:
        return DrillReport(key, {}, (error.text,))
    for name, wrapped in wrapped_keys(register).items():
        try:
            secret = keeper.unwrap(wrapped, name)
            cohort = name.removeprefix("data/")
            if name == data_key(cohort) and cohort_path(home, cohort).exists():
                opened[cohort] = _open_some(home, register, cohort, secret)
        except UserError as error:
            faults.append(error.text)
    return DrillReport(key, opened, tuple(faults))


def _open_some(home: Home, register: sqlite3.Connection, cohort: str, key: bytes) -> int:
    count = 0
    with closing(open_cohort(home, cohort)) as file:
        for attempt in attempts(register):
            if attempt.cohort != cohort or attempt.state != "ready":
                continue
            seal = seal_of(key, cohort, attempt.source, attempt.batch, "statement")
            rows = file.execute(
                "SELECT number, row, subject, sealed FROM statement"
                " WHERE number BETWEEN ? AND ? LIMIT ?",
                (*span_of(attempt.number), _SAMPLE),
            )
            for number, row, subject, sealed in rows:
                seal.open(number, row, subject, sealed)
                count += 1
    return count
