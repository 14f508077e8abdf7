"""A table or query of a PostgreSQL database as text cells.

Rows come in the order in which the server gives them and are numbered so: nothing promises the same
order another time. Where the result has a column `row_number` of whole numbers, that is each row's
number instead. The connection is read-only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from adbc_driver_manager import Error as DriverError
from adbc_driver_postgresql import (  # type: ignore[import-untyped]
    StatementOptions,
    dbapi,
)

from ringfence.errors import (
    DataError,
    NotAllowed,
    NotFound,
    StorageError,
    Text,
    UsageError,
    UserError,
)
from ringfence.lake import Home
from ringfence.lake.durable import storage_faults
from ringfence.lake.leases import workplace
from ringfence.sources.delivered import Delivered, size_of
from ringfence.sources.raw.headers import checked_names
from ringfence.sources.raw.model import Form, Found, Part, Raw, RawChunk
from ringfence.sources.raw.parquet_cells import ROWS_KEY, as_text, blank_rows_left_out
from ringfence.sources.rows import Chunk
from ringfence.vault.spool import sealed_spool

ROW_NUMBER = "row_number"
_NAME = re.compile(r"[\w$]+(?:\.[\w$]+)?")
_STATE = 5
_BATCH = 4 << 20
_GROUP = 1 << 16
_LAST_ROW = (1 << 32) - 1
# Types that a driver gives as they are stored rather than as they are written, or padded.
_AS_WRITTEN = frozenset({"money", "bpchar", "bytea", "interval", "json", "jsonb", "uuid"})


def read_postgresql(dsn: str, table_or_query: str) -> Raw:
    """Connects and runs the query; the rows are read as the chunks are."""
    name = source_name(table_or_query)
    with _faults(name):
        connection = dbapi.connect(dsn)
    try:
        with _faults(name):
            cursor = _executed(connection, table_or_query)
            reader = cursor.fetch_record_batch()
        names, numbered = _names(reader.schema, name)
    except BaseException:
        connection.close()
        raise

    def chunks() -> Iterator[RawChunk]:
        try:
            for chunk in _chunks(reader, numbered, name):
                yield RawChunk(part, chunk.columns, chunk.rows)
        finally:
            reader.close()
            cursor.close()
            connection.close()

    part = Part(0, "")
    return Raw((part,), names, {0: Found(Form(format="postgresql"), names)}, chunks)


@contextmanager
def open_postgresql(home: Home, dsn: str, table_or_query: str) -> Iterator[Delivered]:
    """The result kept in the home as a file, so that it has a batch id and can be read again."""
    name = source_name(table_or_query)
    with workplace(home) as folder, sealed_spool(folder / "result.parquet") as file:
        _keep(read_postgresql(dsn, table_or_query), file)
        yield Delivered(file, name, size_of(file))


@contextmanager
def open_address(home: Home, address: str) -> Iterator[Delivered]:
    """`postgresql://user@host/database#table`. A password comes from PGPASSWORD or ~/.pgpass."""
    dsn, _, table = address.partition("#")
    if not _NAME.fullmatch(table):
        raise UsageError(
            "name the table or view after a number sign: postgresql://user@host/database#table",
            "请在井号后写明表或视图：postgresql://user@host/database#table",
        )
    parts = urlsplit(dsn)
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise NotAllowed(
            "a password on the command line is seen by others; set PGPASSWORD or use ~/.pgpass",
            "命令行中的密码会被他人看到；请设置 PGPASSWORD 或使用 ~/.pgpass",
        )
    with open_postgresql(home, dsn, table) as delivered:
        yield delivered


def source_name(table_or_query: str) -> str:
    """What messages call it: never the address, which may hold a password."""
    return f"postgresql:{table_or_query if _NAME.fullmatch(table_or_query) else 'query'}"


def _keep(raw: Raw, file: BinaryIO) -> None:
    """In groups of equal size, so that the same rows make the same bytes."""
    schema = pa.schema(
        [(ROW_NUMBER, pa.int64()), *((name, pa.string()) for name in raw.columns)],
        metadata={ROWS_KEY: ROW_NUMBER.encode()},
    )
    kept: list[pa.RecordBatch] = []
    with storage_faults(), pq.ParquetWriter(file, schema, store_schema=True) as writer:
        for chunk in raw.chunks():
            kept.append(pa.record_batch([chunk.rows, *chunk.columns.values()], schema=schema))
            if sum(batch.num_rows for batch in kept) >= _GROUP:
                table = pa.Table.from_batches(kept)
                whole = table.num_rows // _GROUP * _GROUP
                writer.write_table(table.slice(0, whole), row_group_size=_GROUP)
                kept = table.slice(whole).to_batches()
        if kept:
            writer.write_table(pa.Table.from_batches(kept), row_group_size=_GROUP)


def _executed(connection: Any, table_or_query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        connection.commit()
        query = _query(table_or_query)
        cursor.execute(f"SELECT * FROM ({query}) AS described LIMIT 0")  # noqa: S608
        schema = cursor.fetch_record_batch().schema
    if any(_is_as_written(field) for field in schema):
        columns = ", ".join(_column(field) for field in schema)
        query = f"SELECT {columns} FROM ({query}) AS delivered"  # noqa: S608
    cursor = connection.cursor()
    cursor.adbc_statement.set_options(**{StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(_BATCH)})
    cursor.execute(query)
    return cursor


def _query(table_or_query: str) -> str:
    text = table_or_query.strip().rstrip(";")
    if not _NAME.fullmatch(text):
        return text
    quoted = ".".join(_quoted(part) for part in text.split("."))
    return f"SELECT * FROM {quoted}"  # noqa: S608


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _is_as_written(field: pa.Field) -> bool:
    """Whether the server should write the value as text."""
    told = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
    kind = field.type
    if told in _AS_WRITTEN or pa.types.is_nested(kind) or pa.types.is_interval(kind):
        return True
    return isinstance(kind, pa.BaseExtensionType) and kind.storage_type != pa.string()


def _column(field: pa.Field) -> str:
    name = _quoted(field.name)
    return f"{name}::text AS {name}" if _is_as_written(field) else name


def _names(schema: pa.Schema, name: str) -> tuple[tuple[str, ...], bool]:
    names = checked_names(schema.names, 0, name)
    if len(names) != len(schema.names) or not all(names):
        raise DataError(f"{name} has a column without a name", f"{name} 有一列没有名称")
    place = schema.get_field_index(ROW_NUMBER)
    numbered = place >= 0 and pa.types.is_integer(schema.field(place).type)
    return tuple(n for n in schema.names if not (numbered and n == ROW_NUMBER)), numbered


def _chunks(reader: pa.RecordBatchReader, numbered: bool, name: str) -> Iterator[Chunk]:
    first = 1
    while (batch := _next(reader, name)) is not None:
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        rows = pa.array(range(first, first + batch.num_rows), pa.int64())
        if numbered:
            rows = _checked_numbers(columns.pop(ROW_NUMBER), name)
        first += batch.num_rows
        texts = {key: as_text(values) for key, values in columns.items()}
        yield blank_rows_left_out(Chunk(texts, rows))


def _next(reader: pa.RecordBatchReader, name: str) -> pa.RecordBatch | None:
    with _faults(name):
        return next(reader, None)


def _checked_numbers(numbers: pa.Array, name: str) -> pa.Int64Array:
    numbers = numbers.cast(pa.int64())
    bounds = pc.min_max(numbers)
    if not len(numbers):
        return numbers
    if numbers.null_count or not 0 < bounds["min"].as_py() <= bounds["max"].as_py() <= _LAST_ROW:
        raise DataError(
            f"{name}: column `{ROW_NUMBER}` must hold whole numbers from 1 to {_LAST_ROW:,}",
            f"{name}：{ROW_NUMBER} 列必须是 1 至 {_LAST_ROW:,} 的整数",
        )
    return numbers


@contextmanager
def _faults(name: str) -> Iterator[None]:
    """The driver's words may hold values or the address: only its code is told."""
    try:
        yield
    except UserError:
        raise
    except (DriverError, pa.ArrowException, OSError) as fault:
        broken_off = "?" if isinstance(fault, pa.ArrowInvalid) else ""
        raise _told(getattr(fault, "sqlstate", None) or broken_off, name) from None


def _told(state: str, name: str) -> UserError:
    shown = f" (SQLSTATE {state})" if len(state) == _STATE else ""
    for beginnings, error, text in _FAULTS:
        if state.startswith(beginnings):
            return error(f"{name}: {text.en}{shown}", f"{name}：{text.zh}{shown}")
    raise AssertionError(state)


# By the beginning of the SQLSTATE, the first that fits.
_FAULTS: tuple[tuple[tuple[str, ...], type[UserError], Text], ...] = (
    (
        ("28", "3D000"),
        DataError,
        Text(
            "the database refused the user, the password or its name",
            "数据库拒绝了用户、密码或数据库名",
        ),
    ),
    (
        ("42P01", "3F000"),
        NotFound,
        Text("there is no table of that name", "没有该名称的表"),
    ),
    (("42501",), DataError, Text("this user may not read it", "该用户没有读取权限")),
    (
        ("25006",),
        DataError,
        Text(
            "the query would change the database; only reading is allowed",
            "该查询会修改数据库；只允许读取",
        ),
    ),
    (
        ("42", "22"),
        DataError,
        Text(
            "the query is wrong or fails on a value; try it in psql",
            "查询语句有误，或在某个值上出错；请先用 psql 测试",
        ),
    ),
    # While rows come, the driver does not tell the SQLSTATE.
    (
        ("?",),
        DataError,
        Text(
            "the database broke off the query, which fails on a value or is not allowed; "
            "try it in psql",
            "数据库中断了查询（某个值出错，或不允许执行）；请先用 psql 测试",
        ),
    ),
    (
        ("",),
        StorageError,
        Text(
            "the database cannot be reached or broke off; nothing was stored",
            "无法连接数据库或连接中断；未保存任何数据",
        ),
    ),
)
