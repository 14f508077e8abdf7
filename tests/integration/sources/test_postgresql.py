"""A table of a real PostgreSQL server as text cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]
from tests.integration.sources.homes import NOW, delivered_rows, new_home
from tests.integration.sources.postgresql_server import running

from ringfence.errors import (
    DataError,
    NotAllowed,
    NotFound,
    StorageError,
    UsageError,
    UserError,
)
from ringfence.sources import import_file
from ringfence.sources.raw.model import Form, Raw
from ringfence.sources.raw.postgresql import open_postgresql, read_postgresql
from ringfence.sources.raw.reading import read_raw

MAKE = """
CREATE TABLE stay (id bigint, 姓名 text, room char(5), arrives timestamp, seen timestamptz,
    born date, at time, fee numeric(8,2), rate double precision, here boolean,
    marks text[], facts jsonb,    key uuid, address inet, length interval);
INSERT INTO stay VALUES (110105194912310021, '张三', '0301', '2022-09-19 08:30:15.6',
    '2022-09-19 08:30:00+08', '1990-01-01', '08:30', 1.50, 12.0, true, '{a,"b;c"}', '{"k": 1}',
    '00000000-0000-0000-0000-000000000001', '10.0.0.1', '1 day 02:00');
INSERT INTO stay (id, 姓名) VALUES (2, '');
CREATE TABLE numbered AS SELECT 1000 - i AS row_number, 'v' || i AS value
    FROM generate_series(1, 300) AS i;
CREATE TABLE badly_numbered AS SELECT -1 AS row_number, 'v' AS value;
CREATE SCHEMA "Gate 1";
CREATE TABLE "Gate 1".scan AS SELECT 'x' AS value;
CREATE TABLE many AS SELECT i AS id, 'value ' || i AS value FROM generate_series(1, 200000) AS i;
CREATE TABLE presence_seen AS SELECT 69 + i AS row_number, 's' || i AS subject, 'p1' AS place,
    timestamptz '2022-07-01 08:00+08' AS start, timestamptz '2022-07-01 09:00+08' AS end
    FROM generate_series(1, 2) AS i;
CREATE SEQUENCE counter;
CREATE ROLE nobody LOGIN
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as address:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            for statement in MAKE.split(";\n"):
                cursor.execute(statement)
            connection.commit()
        yield address


def rows_of(raw: Raw) -> dict[int, dict[str, Any]]:
    rows = {}
    for chunk in raw.chunks():
        cells = zip(*(values.to_pylist() for values in chunk.columns.values()), strict=True)
        for number, row in zip(chunk.rows.to_pylist(), cells, strict=True):
            assert number not in rows
            rows[number] = dict(zip(chunk.columns, row, strict=True))
    return rows


def test_cells_as_text(server: str) -> None:
    raw = read_postgresql(server, "SELECT * FROM stay ORDER BY id DESC")
    assert raw.columns[:3] == ("id", "姓名", "room")
    rows = rows_of(raw)
    assert rows[1] == {
        "id": "110105194912310021",
        "姓名": "张三",
        "room": "0301",
        "arrives": "2022-09-19T08:30:15",
        "seen": "2022-09-19T00:30:00Z",
        "born": "1990-01-01",
        "at": "08:30:00",
        "fee": "1.50",
        "rate": "12",
        "here": "true",
        "marks": "{a,b;c}",
        "facts": '{"k": 1}',
        "key": "00000000-0000-0000-0000-000000000001",
        "address": "10.0.0.1/32",
        "length": "1 day 02:00:00",
    }
    assert {name: cell for name, cell in rows[2].items() if cell is not None} == {"id": "2"}


def test_row_numbers_of_the_result_or_of_the_table(server: str) -> None:
    assert rows_of(read_postgresql(server, "numbered"))[999] == {"value": "v1"}
    query = "SELECT value FROM numbered ORDER BY row_number DESC"
    assert rows_of(read_postgresql(server, query))[1] == {"value": "v1"}
    with pytest.raises(DataError, match="whole numbers from 1 to"):
        rows_of(read_postgresql(server, "badly_numbered"))


def test_table_of_a_schema(server: str) -> None:
    assert rows_of(read_postgresql(server, 'SELECT * FROM "Gate 1".scan')) == {1: {"value": "x"}}
    assert len(rows_of(read_postgresql(server, "public.many"))) == 200_000


@pytest.mark.parametrize(
    ("what", "kind", "said"),
    [
        ("nowhere", NotFound, "postgresql:nowhere: there is no table"),
        ("SELECT 1/0 AS x", DataError, "try it in psql (SQLSTATE 22012)"),
        ("SELECT FROM WHERE", DataError, "the query is wrong"),
        ("DELETE FROM stay RETURNING id", DataError, "the query is wrong"),
        ("SELECT 1 AS a; DROP TABLE stay", DataError, "the query is wrong"),
        ("SELECT nextval('s') AS a", NotFound, "there is no table"),
        ("SELECT nextval('counter') AS a", DataError, "the database broke off the query"),
        ("SELECT 1 AS a, 2 AS a", DataError, "columns 1 and 2 have the same name"),
        ("SELECT '110105194912310021'::date AS a", DataError, "fails on a value"),
    ],
)
def test_queries_that_are_refused(server: str, what: str, kind: type[UserError], said: str) -> None:
    with pytest.raises(kind) as caught:
        rows_of(read_postgresql(server, what))
    assert said in caught.value.text.en
    assert caught.value.text.zh
    assert "110105" not in caught.value.text.en


def test_user_who_may_not_read(server: str) -> None:
    with pytest.raises(DataError, match="may not read it"):
        rows_of(read_postgresql(server.replace("user=ringfence", "user=nobody"), "stay"))


def test_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        read_postgresql(f"postgresql:///x?host={tmp_path}&password=secret", "stay")
    assert "cannot be reached" in caught.value.text.en
    assert "secret" not in caught.value.text.en


def test_kept_as_a_file_it_is_the_same_bytes_again(server: str, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    contents = []
    for _ in range(2):
        with open_postgresql(home, server, "SELECT * FROM many ORDER BY id") as delivered:
            delivered.file.seek(0)
            contents.append(delivered.file.read())
            rows = rows_of(read_raw(delivered, Form(), lambda _: None))
    assert contents[0] == contents[1]
    assert delivered.name == "postgresql:query"
    assert rows[200_000] == {"id": "200000", "value": "value 200000"}
    assert [path for path in home.staging.rglob("*") if path.is_file()] == []


def test_canonical_table_is_imported_by_its_address(server: str, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    receipt = import_file(home, f"{server}#presence_seen", table="presence", now=NOW)
    assert (receipt.rows_in, receipt.created) == (2, 2)
    assert receipt.file == "postgresql:presence_seen"
    assert sorted(row["source_row"] for row in delivered_rows(home)) == [70, 71]
    again = import_file(home, f"{server}#presence_seen", table="presence", now=NOW)
    assert again.replayed


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("postgresql://user@host/base", UsageError, "name the table or view"),
        ("postgresql://user@host/base#a b", UsageError, "name the table or view"),
        ("postgresql://user:secret@host/base#stay", NotAllowed, "set PGPASSWORD"),
        ("postgresql://host/base?password=secret#stay", NotAllowed, "set PGPASSWORD"),
    ],
)
def test_address_that_is_refused(
    address: str, kind: type[UserError], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind) as caught:
        import_file(new_home(tmp_path / "home"), address, table="presence", now=NOW)
    assert said in caught.value.text.en
    assert "secret" not in caught.value.text.en


def test_kept_as_a_file_it_keeps_its_row_numbers(server: str, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    with open_postgresql(home, server, "numbered") as delivered:
        raw = read_raw(delivered, Form("csv", "gb18030", header_row=3), lambda _: None)
        assert raw.columns == ("value",)
        assert rows_of(raw)[999] == {"value": "v1"}
