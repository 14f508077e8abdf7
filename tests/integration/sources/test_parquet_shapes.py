"""Parquet as it comes: types, row groups, damage."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.integration.sources.homes import NOW, delivered_rows, new_home

from ringfence.errors import DataError, NotAllowed, UserError
from ringfence.records import TABLES
from ringfence.sources import import_file
from ringfence.sources.frame import Frame
from ringfence.sources.parquet_files import read_parquet
from ringfence.sources.rows import check

FRAME = Frame(ZoneInfo("Asia/Shanghai"), NOW)
START = datetime(2022, 7, 1, tzinfo=UTC)


def stays(rows: int) -> pa.Table:
    starts = [START + timedelta(minutes=number) for number in range(rows)]
    return pa.table(
        {
            "subject": [f"s{number}" for number in range(rows)],
            "place": ["p1"] * rows,
            "start": pa.array(starts, pa.timestamp("ms", "Asia/Shanghai")),
            "end": pa.nulls(rows, pa.string()),
        }
    )


def written(table: pa.Table, **how: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **how)
    return sink.getvalue()


def test_rows_are_counted_from_one_over_row_groups(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    path = tmp_path / "stays.parquet"
    path.write_bytes(written(stays(1000), row_group_size=64))
    receipt = import_file(home, path, table="presence", now=NOW)
    assert receipt.created == 1000
    rows = {row["source_row"]: row["subject"] for row in delivered_rows(home)}
    assert rows == {number + 1: f"s{number}" for number in range(1000)}


def test_typed_and_text_columns_mean_the_same(tmp_path: Path) -> None:
    table = stays(50)
    text = table.set_column(2, "start", pa.array([f"{t:%Y-%m-%dT%H:%M:%S}Z" for t in _utc(table)]))
    found = []
    for name, content in (("typed", table), ("text", text)):
        home = new_home(tmp_path / name)
        path = tmp_path / f"{name}.parquet"
        path.write_bytes(written(content))
        import_file(home, path, table="presence", now=NOW)
        found.append([(r["subject"], r["start"], r["end"]) for r in delivered_rows(home)])
    assert found[0] == found[1]


def _utc(table: pa.Table) -> list[datetime]:
    return [moment.astimezone(UTC) for moment in table["start"].to_pylist()]


def test_timestamps_without_a_zone_are_refused(tmp_path: Path) -> None:
    naive = stays(3).set_column(2, "start", pa.array([datetime(2022, 7, 1)] * 3))  # noqa: DTZ001
    path = tmp_path / "naive.parquet"
    path.write_bytes(written(naive))
    with pytest.raises(DataError, match=r"naive.parquet: column `start`.*without a time zone"):
        import_file(new_home(tmp_path / "home"), path, table="presence", now=NOW)


def test_the_header_rules_are_the_same(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    path = tmp_path / "people.parquet"
    path.write_bytes(written(stays(1).append_column("phone", pa.array(["x"]))))
    with pytest.raises(NotAllowed, match="`phone`"):
        import_file(home, path, table="presence", now=NOW)
    path.write_bytes(written(stays(1).append_column("colour", pa.array(["red"]))))
    with pytest.raises(DataError, match="`colour`"):
        import_file(home, path, table="presence", now=NOW)


@pytest.mark.parametrize("name", ["cut.parquet", "cut.csv"])
def test_a_truncated_file_is_named_wherever_it_was_cut(name: str, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    content = written(stays(20))
    path = tmp_path / name
    for length in range(0, len(content), max(len(content) // 60, 1)):
        path.write_bytes(content[:length])
        with pytest.raises(DataError, match=name):
            import_file(home, path, table="presence", now=NOW)
    assert not delivered_rows(home)


def test_flipped_bits_give_rows_or_a_message() -> None:
    content = bytearray(written(stays(200)))
    chance = random.Random(7)
    for _ in range(1000):
        place, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
        content[place] ^= bit
        try:
            for chunk in read_parquet(io.BytesIO(content), TABLES["presence"], "flipped"):
                assert check(TABLES["presence"], chunk, FRAME).rows_in == len(chunk.rows)
        except UserError as error:
            assert "flipped" in error.text.en
        content[place] ^= bit


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    bad = pa.array([b"s\xff", b"s2"]).view(pa.string())
    path = tmp_path / "bad.parquet"
    path.write_bytes(written(stays(2).set_column(0, "subject", bad)))
    with pytest.raises(DataError, match=r"bad.parquet, rows 1 to 2, column `subject`"):
        import_file(new_home(tmp_path / "home"), path, table="presence", now=NOW)


def test_a_value_repeated_by_a_dictionary_does_not_fill_the_memory(tmp_path: Path) -> None:
    rows = 60_000
    zeros = pa.array([0] * rows, pa.int32())
    places = pa.DictionaryArray.from_arrays(zeros, pa.array(["x" * 1_000_000]))
    table = stays(rows).set_column(1, "place", places)
    path = tmp_path / "long.parquet"
    path.write_bytes(written(table, dictionary_pagesize_limit=4 << 20))
    assert path.stat().st_size < 4_000_000
    receipt = import_file(new_home(tmp_path / "home"), path, table="presence", now=NOW)
    assert receipt.quarantined == rows
    assert receipt.rejects[0].field == "place"
