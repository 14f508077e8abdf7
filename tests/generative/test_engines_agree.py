"""Whatever the world, the protocol and the question: all engines give the same rows."""

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ringfence.engines.question import ANSWER
from ringfence.engines.reference import ReferenceEngine
from ringfence.engines.snapshot import Snapshot
from ringfence.records import TABLES

from .random_rows import DISEASES, PLACES, SUBJECTS
from .snapshots import SmallWorld, snapshot_of
from .strategies import Trial, trials, worlds

KEYS = {
    "subject": ("subject", SUBJECTS),
    "place": ("place", PLACES),
    "presence": ("subject", SUBJECTS),
    "event": ("place", PLACES),
    "encounter": ("subject_b", SUBJECTS),
    "link": ("subject_a", SUBJECTS),
    "vaccination": ("disease", DISEASES),
}


def sql_engine(snapshot: Snapshot) -> Any:
    from ringfence.engines.sql import SqlEngine

    return SqlEngine(snapshot)


def in_order(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


@given(trials())
def test_answers_agree(scratch: Path, trial: tuple[Trial, ...]) -> None:
    for world, questions in trial:
        snapshot = snapshot_of(world, Path(mkdtemp(dir=scratch)))
        reference, sql = ReferenceEngine(snapshot), sql_engine(snapshot)
        for question in questions:
            answer = sql.ask(question)
            assert answer.schema.equals(ANSWER)
            assert in_order(answer) == in_order(reference.ask(question))


@given(worlds(), st.sampled_from(sorted(KEYS)), st.data())
def test_rows_agree(scratch: Path, world: SmallWorld, table: str, data: st.DataObject) -> None:
    column, names = KEYS[table]
    keys = data.draw(st.none() | st.lists(st.sampled_from(names), unique=True))
    snapshot = snapshot_of(world, Path(mkdtemp(dir=scratch)))
    reference, sql = ReferenceEngine(snapshot), sql_engine(snapshot)
    rows = sql.rows(table, column, keys)
    assert set(rows.schema.names) == set(TABLES[table].schema.names)
    expected = reference.rows(table, column, keys)
    assert in_order(rows.select(expected.schema.names)) == in_order(expected)
