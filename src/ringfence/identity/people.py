"""Whether any record speaks of a subject: a slip of the pen must not become a merge."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.engines.persons import SUBJECT_COLUMNS
from ringfence.engines.question import Engine
from ringfence.errors import NotFound


def refuse_unknown(engine: Engine, subjects: Sequence[str]) -> None:
    """NotFound: no record that counts speaks of one of these subjects.

    `engine` must know of nobody being merged: it would answer for the person.
    """
    missing = set(subjects)
    for table, columns in SUBJECT_COLUMNS.items():
        for column in columns:
            if missing:
                found = engine.rows(table, column, sorted(missing))
                missing -= set(found[column].to_pylist())
    if missing:
        named = ", ".join(sorted(missing))
        raise NotFound(f"no record speaks of {named}", f"没有关于 {named} 的记录")
