"""Purge: what is past its time goes for good, what is held or not yet over stays."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from ringfence import lake
from ringfence.errors import UsageError
from ringfence.lake.expiry import Hold

from .delivering import brief, bytes_of, counts, current, deliver, read_lookup

NOBODY = Hold()
JUNE_2 = datetime(2022, 6, 2, tzinfo=UTC)
"""The cutoff of every purge here: 28 days before 30 June."""
NOW = JUNE_2 + timedelta(days=28)

STAYS = """
subject place start       end
ann     cafe  06-01T10:00 06-01T11:00
bob     cafe  06-01T23:00 06-02T01:00
cat     cafe  06-01T08:00 06-01T23:59
dan     bar   06-09T08:00 06-09T09:00
"""


def purge(home: lake.Home, hold: Hold = NOBODY, table: str = "presence") -> lake.PurgeReport:
    return lake.purge(home, NOW, retention_days={table: 28}, hold=hold)


def left(home: lake.Home, table: str = "presence") -> list[str]:
    return brief(current(lake.snapshot(home, NOW), table), 0)


def stored_words(home: lake.Home) -> set[str]:
    """Every text in every file below deliveries and derived."""
    words: set[str] = set()
    for top in (home.deliveries, home.derived):
        for path in top.rglob("*.parquet"):
            for row in pq.read_table(path).to_pylist():
                words |= {value for value in row.values() if isinstance(value, str)}
        for path in top.rglob("*.arrow"):
            for row in read_lookup(path).to_pylist():
                words |= {value for value in row.values() if isinstance(value, str)}
    return words


@pytest.mark.parametrize("compacted", [False, True])
def test_rows_that_ended_before_the_cutoff_go(home: lake.Home, compacted: bool) -> None:
    deliver(home, "presence", "a", STAYS)
    if compacted:
        lake.compact(home)
    report = purge(home)
    (table,) = report.tables
    assert (table.rows, table.keys, table.held_rows, table.found_again) == (2, 2, 0, 0)
    assert (table.cutoff, report.sequence, report.files_waiting) == (JUNE_2, 2, 0)
    assert left(home) == ["bob", "dan"]
    assert {"ann", "cat"}.isdisjoint(stored_words(home))
    assert bool(bytes_of(home.derived)) == compacted
    assert lake.snapshot(home, NOW).files("presence").fresh == () or not compacted
    assert lake.verify(home).ok


def test_the_snapshot_tells_what_is_missing(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    purge(home, Hold(cases=frozenset({"c1"})))
    for as_of in (None, 1):
        (span,) = lake.snapshot(home, NOW, as_of).purged
        assert (span.table, span.sequence, span.held_cases) == ("presence", 2, frozenset({"c1"}))
        assert span.start == datetime(2022, 6, 1, 8, tzinfo=UTC)
        assert span.end > datetime(2022, 6, 1, 23, 59, tzinfo=UTC)


def test_a_purged_row_does_not_come_back(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    purge(home)
    for source in ("a", "b"):
        again = deliver(home, "presence", source, STAYS, name="again")
        assert counts(again)["purged"] == 2
    assert left(home) == ["bob", "bob", "dan", "dan"]
    assert {"ann", "cat"}.isdisjoint(stored_words(home))
    all_gone = "subject place start end\nann cafe 06-01T10:00 06-01T12:30"
    assert counts(deliver(home, "presence", "a", all_gone)) == {"purged": 1}
    other_key = "subject place start end\nann cafe 06-01T10:01 06-01T12:30"
    assert counts(deliver(home, "presence", "a", other_key)) == {"created": 1}


def test_a_dated_key_does_not_bury_an_undated_one(home: lake.Home) -> None:
    dated = """
subject_a subject_b relation  start       end
ann       bob       household 06-01T10:00 06-01T12:00
"""
    undated = "subject_a subject_b relation start end\nann bob household - -"
    deliver(home, "link", "a", dated, now=JUNE_2 - timedelta(hours=1))
    purge(home, table="link")
    assert counts(deliver(home, "link", "a", undated)) == {"created": 1}
    assert counts(deliver(home, "link", "b", dated)) == {"purged": 1}


HOLDS = {
    "a row": Hold(rows=frozenset({("BATCH", 1)})),
    "a subject": Hold(subjects=frozenset({"ann"})),
}


@pytest.mark.parametrize("what", HOLDS)
def test_held_rows_stay(home: lake.Home, what: str) -> None:
    batch = deliver(home, "presence", "a", STAYS).batch
    hold = HOLDS[what]
    hold = Hold(frozenset((batch, row) for _, row in hold.rows), hold.subjects)
    (table,) = purge(home, hold).tables
    assert (table.rows, table.held_rows) == (1, 1)
    assert left(home) == ["ann", "bob", "dan"]


def test_a_key_goes_or_stays_as_a_whole(home: lake.Home) -> None:
    """Every version and source of a key is kept while one of them is not past its time."""
    deliver(home, "presence", "a", STAYS)
    longer = "subject place start end\nann cafe 06-01T10:00 06-03T11:00"
    late = deliver(home, "presence", "b", longer)
    purge(home)
    assert left(home) == ["ann", "ann", "bob", "dan"]
    lake.withdraw(home, late.batch, "test", NOW)
    assert left(home) == ["ann", "bob", "dan"]


@pytest.mark.parametrize(
    ("heard", "rows"),
    [(JUNE_2 - timedelta(hours=1), []), (JUNE_2 + timedelta(hours=1), ["ann"])],
)
def test_an_open_ended_stay_lasts_until_it_was_last_heard_of(
    home: lake.Home, heard: datetime, rows: list[str]
) -> None:
    stay = "subject place start end\nann home 06-01T10:00 -"
    deliver(home, "presence", "a", stay, now=JUNE_2 - timedelta(hours=2))
    deliver(home, "presence", "a", stay, name="again", now=heard)
    purge(home)
    assert left(home) == rows


def test_a_stay_that_was_open_and_is_closed_has_its_real_end(home: lake.Home) -> None:
    deliver(home, "presence", "a", "subject place start end\nann home 06-01T10:00 -", now=NOW)
    deliver(
        home, "presence", "a", "subject place start end\nann home 06-01T10:00 06-01T11:00", now=NOW
    )
    purge(home)
    assert left(home) == []


def test_rows_without_times_are_judged_by_their_receipt(home: lake.Home) -> None:
    deliver(
        home, "ride", "a", "subject service board_seq\nann G1 1", now=JUNE_2 - timedelta(hours=1)
    )
    deliver(
        home, "ride", "a", "subject service board_seq\nbob G1 1", now=JUNE_2 + timedelta(hours=1)
    )
    (table,) = purge(home, table="ride").tables
    assert table.rows == 1
    assert left(home, "ride") == ["bob"]


def test_nothing_to_purge_is_no_act(home: lake.Home) -> None:
    deliver(home, "presence", "a", "subject place start end\nann cafe 06-09T10:00 06-09T11:00")
    assert purge(home).sequence is None
    assert lake.snapshot(home, NOW).sequence == 1
    assert purge(home, table="event").tables == ()


def test_withdrawn_batches_are_purged_as_well(home: lake.Home) -> None:
    batch = deliver(home, "presence", "a", STAYS).batch
    lake.compact(home)
    lake.withdraw(home, batch, "test", NOW)
    purge(home)
    assert {"ann", "cat"}.isdisjoint(stored_words(home))
    lake.reinstate(home, batch, "test", NOW)
    assert left(home) == ["bob", "dan"]
    lake.compact(home)
    assert left(home) == ["bob", "dan"]


def test_a_reader_keeps_what_it_began_with_and_is_waited_for(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    reader = lake.snapshot(home, NOW)
    report = purge(home)
    assert report.files_waiting > 0
    assert len(current(reader, "presence")) == 4
    assert left(home) == ["bob", "dan"]
    del reader
    purge(home)
    assert {"ann", "cat"}.isdisjoint(stored_words(home))


def test_sorted_files_after_a_purge_are_those_of_a_rebuild(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    purge(home)
    before = bytes_of(home.derived)
    shutil.rmtree(home.derived)
    lake.compact(home)
    assert bytes_of(home.derived) == before


def test_only_tables_with_a_retention_can_be_purged(home: lake.Home) -> None:
    with pytest.raises(UsageError, match="presence"):
        purge(home, table="case")
    with pytest.raises(UsageError):
        lake.purge(home, NOW, retention_days={"presence": 0}, hold=NOBODY)
