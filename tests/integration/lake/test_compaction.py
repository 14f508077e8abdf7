"""Sorted files: what is in which file, in which order, and always the same bytes."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence import lake
from ringfence.engines.snapshot import SortedFile
from ringfence.errors import StorageError
from ringfence.records import TABLES

from .delivering import BEGIN, brief, bytes_of, current, deliver, read_lookup, read_rows

STAYS = """
subject place start       end
zoe     cafe  06-01T10:00 06-01T11:00
ann     cafe  06-01T12:00 06-02T12:00
ann     bar   06-01T23:00 06-02T01:00
bob     bar   06-02T00:00 06-02T01:00
cat     home  06-01T08:00 06-02T08:01
dan     home  06-02T08:00 -
"""
NEXT_DAY = """
subject place start       end
ann     bar   06-03T10:00 06-03T11:00
"""
CLOSED = """
subject place start       end
dan     home  06-02T08:00 06-02T20:00
"""
TABLE_ROWS = {
    "presence": STAYS,
    "event": "subject place at kind\nzoe cafe 06-01T10:00 scan\nann bar 06-01T09:00 gate",
    "encounter": "subject_a subject_b start end\nann zoe 06-01T10:00 06-01T11:00\n"
    "bob cat 06-01T09:00 06-01T11:00",
    "link": "subject_a subject_b relation start end\nann zoe household - -\n"
    "bob cat colleague 06-01T09:00 06-01T11:00",
    "place": "place kind\nzoo park\ncafe cafe",
    "case": "case subject disease classification\n"
    "c2 zoe covid-19 confirmed\nc1 ann covid-19 suspected",
    "area": "area level from to\na1 high 06-01T00:00 -",
    "test": "subject sampled result\nzoe 06-01T10:00 negative\nann 06-01T10:00 negative",
    "sighting": "vehicle place at\nv2 g1 06-01T10:00\nv1 g2 06-01T10:00\nv1 g1 06-01T11:00",
    "vaccination": "subject disease date\nzoe covid-19 06-01\n"
    "ann covid-19 06-01\nann covid-19 05-01",
}

LOOKUPS = {
    "presence": ["subject", "place"],
    "event": ["subject", "place"],
    "encounter": ["subject_a", "subject_b"],
    "link": ["subject_a", "subject_b"],
    "place": ["place"],
    "case": ["case", "subject"],
    "area": ["area"],
    "test": ["subject"],
    "sighting": ["vehicle", "place"],
    "vaccination": ["subject"],
}


def contents(files: tuple[SortedFile, ...]) -> dict[date | None, list[str]]:
    return {file.day: [told(row) for row in rows_of(file)] for file in files}


def rows_of(file: SortedFile) -> list[dict[str, Any]]:
    if file.path.suffix == ".arrow":
        return list(read_lookup(file.path).to_pylist())
    return list(pq.read_table(file.path).to_pylist())


def told(row: dict[str, Any]) -> str:
    return f"{row['subject']} {row['place']} {row['start']:%dT%H}"


def test_each_day_in_two_orders_and_long_stays_apart(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    report = lake.compact(home)
    files = lake.snapshot(home, BEGIN).files("presence")
    assert contents(files.first) == {
        date(2022, 6, 1): ["ann cafe 01T12", "ann bar 01T23", "zoe cafe 01T10"],
        date(2022, 6, 2): ["bob bar 02T00"],
        None: ["cat home 01T08", "dan home 02T08"],
    }
    assert contents(files.lookups["subject"]) == contents(files.first)
    assert contents(files.lookups["place"]) == {
        date(2022, 6, 1): ["ann bar 01T23", "zoe cafe 01T10", "ann cafe 01T12"],
        date(2022, 6, 2): ["bob bar 02T00"],
        None: ["cat home 01T08", "dan home 02T08"],
    }
    assert files.fresh == ()
    assert [(t.table, t.rows) for t in report.tables] == [("presence", 6)]


@pytest.mark.parametrize("table", TABLE_ROWS)
def test_every_kind_of_table_keeps_its_rows_and_types(home: lake.Home, table: str) -> None:
    deliver(home, table, "a", TABLE_ROWS[table])
    before = current(lake.snapshot(home, BEGIN), table, lineage=True)
    lake.compact(home)
    snapshot = lake.snapshot(home, BEGIN)
    assert current(snapshot, table, lineage=True) == before
    files = snapshot.files(table)
    assert list(files.lookups) == LOOKUPS[table]
    for file in files.first:
        assert pq.read_schema(file.path) == TABLES[table].schema
        assert pq.read_metadata(file.path).num_rows == file.rows
    for column, lookup in files.lookups.items():
        for file in lookup:
            rows = read_lookup(file.path)
            assert pa.Table.from_batches([rows]).cast(TABLES[table].schema).num_rows == file.rows
            keys = rows[column]
            assert (keys.type, keys.offset) == (pa.string(), 0)
            assert keys.to_pylist() == sorted(keys.to_pylist())


def test_fresh_rows_are_seen_beside_sorted_ones(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    deliver(home, "presence", "a", NEXT_DAY)
    files = lake.snapshot(home, BEGIN).files("presence")
    assert (len(files.first), len(files.fresh), files.replacing) == (3, 1, False)
    deliver(home, "presence", "a", CLOSED)
    assert lake.snapshot(home, BEGIN).files("presence").replacing


def test_only_touched_days_are_rewritten(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    before = bytes_of(home.derived)
    deliver(home, "presence", "a", NEXT_DAY)
    (report,) = lake.compact(home).tables
    assert (report.files_written, report.files_carried) == (3, 9)
    assert before.items() <= bytes_of(home.derived).items()


def test_a_closed_stay_moves_to_the_file_of_its_day(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    deliver(home, "presence", "a", CLOSED)
    lake.compact(home)
    files = lake.snapshot(home, BEGIN).files("presence")
    assert contents(files.first)[None] == ["cat home 01T08"]
    assert contents(files.first)[date(2022, 6, 2)] == ["bob bar 02T00", "dan home 02T08"]


def test_the_file_without_a_day_goes_with_its_last_row(home: lake.Home) -> None:
    deliver(home, "presence", "a", "subject place start end\ndan home 06-02T08:00 -")
    lake.compact(home)
    deliver(home, "presence", "a", CLOSED)
    lake.compact(home)
    files = lake.snapshot(home, BEGIN).files("presence")
    assert contents(files.first) == {date(2022, 6, 2): ["dan home 02T08"]}


ROUTES = {
    "once at the end": (),
    "after each delivery": (1, 2, 3),
    "after the first": (1,),
    "after the second": (2,),
}


def test_the_same_bytes_by_any_route(
    home: lake.Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = set()
    for compacted_after in ROUTES.values():
        root = tmp_path_factory.mktemp("route") / "home"
        one = lake.create_home(
            root, synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
        )
        for number, rows in enumerate((STAYS, NEXT_DAY, CLOSED), 1):
            deliver(one, "presence", "a", rows)
            if number in compacted_after:
                lake.compact(one)
        lake.compact(one)
        found.add(tuple(bytes_of(one.derived).items()))
        shutil.rmtree(one.derived)
        assert current(lake.snapshot(one, BEGIN), "presence")
        lake.compact(one)
        found.add(tuple(bytes_of(one.derived).items()))
    assert len(found) == 1


def test_withdrawing_and_reinstating_gives_the_same_bytes(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    closed = deliver(home, "presence", "a", CLOSED)
    lake.compact(home)
    before = bytes_of(home.derived)
    lake.withdraw(home, closed.batch, "test", BEGIN)
    lake.compact(home)
    rows = current(lake.snapshot(home, BEGIN), "presence")
    assert brief(rows, 0, 3)[-3:] == ["cat 06-02T08", "dan -", "zoe 06-01T11"]
    lake.reinstate(home, closed.batch, "test", BEGIN)
    lake.compact(home)
    assert bytes_of(home.derived) == before


def test_a_reader_keeps_its_files_through_any_number_of_compactions(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    reader = lake.snapshot(home, BEGIN)
    before = current(reader, "presence")
    for rows in (NEXT_DAY, CLOSED):
        deliver(home, "presence", "a", rows)
        lake.compact(home)
    assert current(reader, "presence") == before
    held = set(bytes_of(home.derived))
    del reader
    lake.compact(home)
    files = lake.snapshot(home, BEGIN).files("presence")
    lookups = [file for lookup in files.lookups.values() for file in lookup]
    named = {f.path.relative_to(home.derived).as_posix() for f in (*files.first, *lookups)}
    assert set(bytes_of(home.derived)) == named < held


def test_deleted_sorted_files_are_no_loss(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    lake.compact(home)
    before = current(lake.snapshot(home, BEGIN), "presence")
    shutil.rmtree(home.derived)
    snapshot = lake.snapshot(home, BEGIN)
    assert current(snapshot, "presence") == before
    assert snapshot.files("presence").first == ()


def test_damaged_sorted_files_are_never_carried_into_new_ones(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    deliver(home, "presence", "a", CLOSED)
    lake.compact(home)
    whole = bytes_of(home.derived)
    lake.withdraw(home, deliver(home, "presence", "b", CLOSED).batch, "test", BEGIN)
    for path in home.derived.rglob("undated*"):
        path.write_bytes(path.read_bytes()[:-30] + bytes(30))
    deliver(home, "presence", "c", "subject place start end\neve home 06-09T08:00 -")
    lake.compact(home)
    rebuilt = bytes_of(home.derived)
    shutil.rmtree(home.derived)
    lake.compact(home)
    assert bytes_of(home.derived) == rebuilt
    assert {n for n in whole if "undated" not in n} <= set(rebuilt)


def test_a_damaged_delivery_is_named_and_nothing_is_derived_from_it(home: lake.Home) -> None:
    receipt = deliver(home, "presence", "a", STAYS)
    (path,) = home.deliveries.rglob("*.parquet")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StorageError, match=receipt.batch[:12]):
        lake.compact(home)
    assert bytes_of(home.derived) == {}


def test_files_name_one_copy_of_each_current_row(home: lake.Home) -> None:
    deliver(home, "presence", "a", STAYS)
    deliver(home, "presence", "a", CLOSED)
    paths = lake.files(home, "presence")
    rows = [row["subject"] for path in paths for row in pq.read_table(path).to_pylist()]
    assert sorted(rows) == ["ann", "ann", "bob", "cat", "dan", "zoe"]
    assert lake.files(home, "event") == ()


def test_days_before_1970_and_far_apart(home: lake.Home) -> None:
    rows = "subject place start end\n" + "\n".join(
        f"s{n} cafe 06-01T10:00 06-01T11:00" for n in range(3)
    )
    deliver(home, "presence", "a", rows)
    early = deliver_shifted(home, rows, years=60)
    lake.compact(home)
    days = [f.day for f in lake.snapshot(home, BEGIN).files("presence").first]
    assert days == [early, date(2022, 6, 1)]


def deliver_shifted(home: lake.Home, text: str, *, years: int) -> date:
    rows = read_rows("presence", text)
    for name in ("start", "end"):
        moved = [v - timedelta(days=365 * years) for v in rows[name].to_pylist()]
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, rows.schema.field(name), [moved])
    deliver(home, "presence", "b", rows, name="shifted")
    return date(2022, 6, 1) - timedelta(days=365 * years)
