"""One version of a mapping has one wording, for as long as an import through it counts.

Otherwise nobody could say any more how its records came about, and rows that were set aside would
be read in another way than the rest of their file.
"""

from __future__ import annotations

import sqlite3

from ringfence.errors import DataError
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home


def refuse_other_wording(home: Home, mapping: str, sha256: str) -> None:
    """`mapping`: NAME@VERSION, which has this wording now. DataError: it was used in another."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        used = _other(connection, mapping, sha256)
    if used is None:
        return
    name, _, version = mapping.partition("@")
    following = f"{name}/v{int(version) + 1}"
    raise DataError(
        f"{mapping} has changed since batch {used[:12]} came in through it. Give the new wording a"
        f" version of its own (copy {name}/v{version} to {following}, set `version:"
        f" {int(version) + 1}` there), or withdraw what came in through the old one",
        f"{mapping} 在批次 {used[:12]} 导入之后有改动。请为新内容另立版本（将 {name}/v{version}"
        f" 复制为 {following}，并在其中设 `version: {int(version) + 1}`），"
        "或先撤回经旧内容导入的批次",
    )


def kept_wording(home: Home, batch: str) -> bytes | None:
    """The mapping's file that an import was read by; None of one that came before it was kept."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        return imports_catalog.wording_of(connection, batch)


def _other(connection: sqlite3.Connection, mapping: str, sha256: str) -> str | None:
    """The last batch that counts and came in through another wording."""
    wordings = imports_catalog.wordings(connection)
    last = catalog.last_sequence(connection)
    gone = catalog.withdrawn(connection, last)
    for taken in reversed(imports_catalog.imports(connection, last)):
        counts = taken.mapping == mapping and taken.batch not in gone
        if counts and wordings.get(taken.batch, sha256) != sha256:
            return taken.batch
    return None
