"""Verification: is every file as it was acknowledged? Derived files can be made again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.errors import Text
from ringfence.lake import catalog
from ringfence.lake.compaction import compact
from ringfence.lake.durable import discard, sha256, storage_faults
from ringfence.lake.home import Home
from ringfence.lake.imports_catalog import imports
from ringfence.lake.leases import compactor, writer


@dataclass(frozen=True)
class Fault:
    """`kind`: catalog, missing, damaged, unknown. `derived` faults are repaired by rebuilding."""

    kind: str
    path: str
    derived: bool
    text: Text

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "path": self.path,
            "derived": self.derived,
            "text": self.text.en,
            "text_zh": self.text.zh,
        }


@dataclass(frozen=True)
class VerifyReport:
    """`ok` when nothing is wrong (any more). `files` counts those compared with the catalog."""

    ok: bool
    files: int
    faults: tuple[Fault, ...]
    repaired: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "files": self.files,
            "faults": [fault.as_json() for fault in self.faults],
            "repaired": self.repaired,
        }


def verify(home: Home, *, repair: bool = False) -> VerifyReport:
    """Compare every file with the catalog. `repair` rebuilds derived files that are at fault.

    Imports wait meanwhile: a file must not come or go while it is looked at.
    """
    with storage_faults(home.catalog):
        broken = _catalog_fault(home)
        if broken is not None:
            return VerifyReport(False, 0, (broken,), repaired=False)
        with compactor(home), writer(home, sweeping=False):
            with catalog.reading(home.catalog) as connection:
                named = _named_files(connection)
                waiting = catalog.retired(connection)
            faults = [*_compare(home, named), *_unknown(home, named, waiting)]
    mendable = [fault for fault in faults if fault.derived or fault.kind == "unknown"]
    if repair and mendable:
        _rebuild(home, mendable)
        again = verify(home)
        return VerifyReport(again.ok, again.files, tuple(faults), repaired=True)
    return VerifyReport(not faults, len(named), tuple(faults), repaired=False)


def _catalog_fault(home: Home) -> Fault | None:
    try:
        with closing(sqlite3.connect(f"{home.catalog.as_uri()}?mode=rw", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError:
        answer = "unreadable"
    if answer == "ok":
        return None
    text = Text("the catalog is damaged: restore it from a backup", "编目文件损坏：请从备份恢复")
    return Fault("catalog", home.catalog.name, False, text)


def _named_files(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Path and sum of every file that the catalog names."""
    derived = {f.path: f.sha256 for f in catalog.derived_files(connection)}
    return {**derived, **acknowledged_files(connection)}


def acknowledged_files(connection: sqlite3.Connection) -> dict[str, str]:
    """The same without what can be derived again."""
    named = {}
    for delivery in catalog.deliveries(connection, catalog.last_sequence(connection)):
        if delivery.path and delivery.sha256:
            named[delivery.path] = delivery.sha256
        if delivery.rejects_path and delivery.rejects_sha256:
            named[delivery.rejects_path] = delivery.rejects_sha256
    for taken in imports(connection, catalog.last_sequence(connection)):
        if taken.rejects_path and taken.rejects_sha256:
            named[taken.rejects_path] = taken.rejects_sha256
    return named


def _compare(home: Home, named: Mapping[str, str]) -> Iterator[Fault]:
    for path, digest in named.items():
        file = home.root / path
        derived = path.startswith(f"{home.derived.name}/")
        if not file.is_file():
            yield Fault("missing", path, derived, _told(derived, *_MISSING))
        elif _sum(file) != digest:
            yield Fault("damaged", path, derived, _told(derived, *_DAMAGED))


_MISSING = (
    Text("the file is missing: restore it from a backup", "文件缺失：请从备份恢复"),
    Text("the file is missing; it can be rebuilt", "文件缺失；可以重建"),
)
_DAMAGED = (
    Text("the file is damaged: restore it from a backup", "文件损坏：请从备份恢复"),
    Text("the file is damaged; it can be rebuilt", "文件损坏；可以重建"),
)


def _told(derived: bool, delivered_text: Text, derived_text: Text) -> Text:
    return derived_text if derived else delivered_text


def _sum(file: Path) -> str | None:
    """The file's sum; None where the disk cannot read it."""
    try:
        return sha256(file)
    except OSError:
        return None


def _unknown(home: Home, named: Mapping[str, str], waiting: Mapping[str, int]) -> Iterator[Fault]:
    for top in (home.deliveries, home.derived):
        for folder, _, names in os.walk(top):
            for name in names:
                path = (Path(folder) / name).relative_to(home.root).as_posix()
                if path not in named and path not in waiting:
                    text = Text("the catalog does not know this file", "编目中没有此文件")
                    yield Fault("unknown", path, top == home.derived, text)


def _rebuild(home: Home, faults: list[Fault]) -> None:
    """Remove what is at fault; compaction makes again what is missing."""
    for fault in faults:
        discard(home.root / fault.path)
    compact(home)
