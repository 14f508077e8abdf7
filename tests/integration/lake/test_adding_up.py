"""A receipt that does not add up is never given, and what it is of is not acknowledged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringfence import lake
from ringfence.errors import Text
from ringfence.lake import ImportOrigin, ImportReceipt, Skipped, Tally, stage_import
from ringfence.lake.import_receipt import TableCount
from ringfence.lake.quarantined import with_quarantine

from .acts import FIRST
from .delivering import BEGIN, FAULTY, batch_id, read_rows

ORIGIN = ImportOrigin(batch_id("presence", "inns", "x"), "inns@1", "inns", "inns.csv")
TABLES = (TableCount("subject", 15, 1, 2, 3, 4, 5), TableCount("presence", 6, 6, 0, 0, 0, 0))
SKIPS = (Skipped(Text("cancelled", "已取消"), 2), Skipped(Text("no record", "无记录"), 1))
RIGHT = ImportReceipt(
    batch=ORIGIN.batch,
    mapping="inns@1",
    source="inns",
    file="inns.csv",
    sequence=3,
    received_at=BEGIN,
    rows_in=10,
    accepted=6,
    quarantined=1,
    skips=SKIPS,
    emptied={"phone": 3},
    tables=TABLES,
    told=5,
    unresolved_subjects=0,
    unresolved_places=0,
)


def test_a_receipt_that_adds_up() -> None:
    RIGHT.check()


@pytest.mark.parametrize("name", ["rows_in", "accepted", "quarantined"])
@pytest.mark.parametrize("by", [-1, 1])
def test_rows_of_a_file_that_do_not_add_up(name: str, by: int) -> None:
    with pytest.raises(ValueError, match="not the sum of accepted, skipped and quarantined"):
        replace(RIGHT, **{name: getattr(RIGHT, name) + by}).check()


def test_skipped_rows_that_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        replace(RIGHT, skips=SKIPS[:1]).check()


@pytest.mark.parametrize("name", ["rows", "created", "updated", "unchanged", "merged", "purged"])
@pytest.mark.parametrize("table", range(len(TABLES)))
def test_rows_of_a_table_that_do_not_add_up(name: str, table: int) -> None:
    tables = list(TABLES)
    tables[table] = replace(tables[table], **{name: getattr(tables[table], name) + 1})
    with pytest.raises(ValueError, match="rows of a table are not the sum"):
        replace(RIGHT, tables=tuple(tables)).check()


@pytest.mark.parametrize(
    "tally",
    [
        Tally(rows_in=4, accepted=2),
        Tally(rows_in=2, accepted=2),
    ],
)
def test_nothing_is_acknowledged(home: lake.Home, tally: Tally) -> None:
    """Two rows were given and one refused, but the reader of the file counted something else."""
    with (
        pytest.raises(ValueError, match="not the sum"),
        stage_import(home, ORIGIN) as staging,
    ):
        staging.write("presence", read_rows("presence", FIRST))
        staging.reject(7, "end", FAULTY)
        staging.commit(BEGIN, tally)
    assert lake.known_import(home, ORIGIN.batch) is None
    assert lake.status(home).sequence == 0
    assert with_quarantine(home) == ()
    with stage_import(home, ORIGIN) as staging:
        staging.write("presence", read_rows("presence", FIRST))
        staging.reject(7, "end", FAULTY)
        assert not staging.commit(BEGIN, Tally(rows_in=3, accepted=2)).replayed


@pytest.mark.parametrize("rows_in", [2, 4])
def test_nothing_of_one_table_is_acknowledged(home: lake.Home, rows_in: int) -> None:
    with (
        pytest.raises(ValueError, match="not the sum"),
        lake.stage(
            home, table="presence", source="a", batch=ORIGIN.batch, file_name="f.csv"
        ) as staging,
    ):
        staging.write(read_rows("presence", FIRST))
        staging.reject(7, "end", FAULTY)
        staging.commit(BEGIN, rows_in)
    assert lake.known_batch(home, ORIGIN.batch) is None
    assert lake.status(home).sequence == 0
