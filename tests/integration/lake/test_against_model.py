"""Whatever is delivered, withdrawn, reinstated and compacted, the lake says what the model says."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
)

from ringfence import lake
from ringfence.records import TABLES

from .delivering import BEGIN, Row, batch_id, bytes_of, counts, current, deliver, new_home
from .model import Model

JUNE = datetime(2022, 6, 1, tzinfo=UTC)
STARTS = [JUNE, JUNE + timedelta(hours=23), JUNE + timedelta(days=1), JUNE + timedelta(days=9)]
LENGTHS = [None, timedelta(hours=1), timedelta(hours=24), timedelta(hours=30)]

rows_of_a_file = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["bar", "cafe"]),
        st.sampled_from(STARTS),
        st.sampled_from(LENGTHS),
    ).map(lambda r: (r[0], r[1], r[2], None if r[3] is None else r[2] + r[3])),
    min_size=1,
    max_size=5,
)
sources = st.sampled_from(["a", "b"])


def as_table(rows: list[Row]) -> pa.Table:
    schema = pa.schema([f for f in TABLES["presence"].schema if f.name not in ("source", "batch")])
    named = [dict(zip(("subject", "place", "start", "end"), row, strict=True)) for row in rows]
    full = [{**row, "source_row": number} for number, row in enumerate(named, 1)]
    return pa.Table.from_pylist(full, schema=schema)


def seen(home: lake.Home, as_of: int | None = None) -> list[Row]:
    """subject, place, start, end, source of each current row."""
    rows = current(lake.snapshot(home, BEGIN, as_of), "presence")
    return sorted(((*row[:4], row[-1]) for row in rows), key=repr)


class LakeLife(RuleBasedStateMachine):
    batches = Bundle("batches")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = new_home(self.folder / "home")
        self.model = Model()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(target=batches, source=sources, rows=rows_of_a_file)
    def deliver(self, source: str, rows: list[Row]) -> object:
        name = f"file {len(self.model.acts)}"
        batch = batch_id("presence", source, name)
        receipt = deliver(self.home, "presence", source, as_table(rows), name=name)
        assert counts(receipt) == self.model.deliver(batch, source, rows)
        assert receipt.sequence == len(self.model.acts)
        return multiple(batch)

    @rule(batch=batches)
    def withdraw_or_reinstate(self, batch: str) -> None:
        gone = batch in self.model.withdrawn(len(self.model.acts))
        act = lake.reinstate if gone else lake.withdraw
        act(self.home, batch[:8], "test", BEGIN)
        self.model.act("reinstate" if gone else "withdraw", batch)

    @rule()
    def compact(self) -> None:
        lake.compact(self.home)

    @rule()
    def compact_and_rebuild(self) -> None:
        lake.compact(self.home)
        before = bytes_of(self.home.derived)
        shutil.rmtree(self.home.derived, ignore_errors=True)
        lake.compact(self.home)
        assert bytes_of(self.home.derived) == before

    @invariant()
    def says_what_is_known(self) -> None:
        assert seen(self.home) == self.model.current(len(self.model.acts))

    @rule(data=st.data())
    def says_what_was_known(self, data: st.DataObject) -> None:
        until = data.draw(st.integers(0, len(self.model.acts)))
        assert seen(self.home, until) == self.model.current(until)


TestLakeLife = LakeLife.TestCase
TestLakeLife.settings = settings(
    max_examples=20,
    stateful_step_count=15,
    suppress_health_check=list(HealthCheck),
)


@settings(max_examples=10)
@given(
    files=st.lists(rows_of_a_file, min_size=2, max_size=3),
    order=st.randoms(use_true_random=False),
    compacted=st.booleans(),
)
def test_order_of_delivery_never_matters_between_sources(
    files: list[list[Row]], order: object, compacted: bool
) -> None:
    """Each file comes from a source of its own, so that no row is another version of a row."""
    deliveries = [(f"source {number}", as_table(rows)) for number, rows in enumerate(files)]
    shuffled = list(deliveries)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    known = []
    for chosen in (deliveries, shuffled):
        folder = Path(tempfile.mkdtemp())
        try:
            home = new_home(folder / "home")
            for source, rows in chosen:
                deliver(home, "presence", source, rows, name="file")
                if compacted:
                    lake.compact(home)
            lake.compact(home)
            known.append((seen(home), bytes_of(home.derived)))
        finally:
            shutil.rmtree(folder)
    assert known[0] == known[1]
