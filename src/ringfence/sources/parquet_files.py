"""Parquet in small batches: bounded memory whatever the file says of itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import DataError, UserError
from ringfence.records import Kind, Table
from ringfence.sources import faults
from ringfence.sources.header import check_header
from ringfence.sources.rows import Chunk
from ringfence.sources.typed import fits, is_text

MAGIC = b"PAR1"
ROWS_AT_ONCE = 1 << 16
_ROWS_OF_TEXT = 1 << 14
_BYTES_AT_ONCE = 16 << 20
_LARGEST_CHUNK = 256 << 20
_FOOTER = 64 << 20


def read_parquet(file: BinaryIO, table: Table, name: str) -> Iterator[Chunk]:
    """The rows of a Parquet file, the first of which is row 1."""
    with _faults(name):
        schema = read_schema(file, name)
        check_header(table, schema.names, name)
        _check_types(table, schema, name)
        texts = [field.name for field in schema if is_text(field.type)]
    has_long_text = any(column.kind in (Kind.TEXT, Kind.WORDS) for column in table.lake_columns)
    most = _ROWS_OF_TEXT if has_long_text else ROWS_AT_ONCE
    yield from read_batches(file, name, dictionaries=texts, most=most)


def read_schema(file: BinaryIO, name: str) -> pa.Schema:
    """Names of columns are read here: they may be no UTF-8."""
    with _faults(name), _opened(file) as parquet:
        schema = parquet.schema_arrow
        list(schema.names)
        return schema


def read_batches(
    file: BinaryIO, name: str, *, dictionaries: list[str] | None = None, most: int = _ROWS_OF_TEXT
) -> Iterator[Chunk]:
    """The rows as they are stored, `most` at once, in the order of the file."""
    first = 1
    with _faults(name):
        _check_columns(file)
    with _faults(name), _opened(file, dictionaries) as parquet:
        for group in range(parquet.metadata.num_row_groups):
            rows_at_once = _rows_at_once(parquet, group, most, name)
            for batch in _batches(parquet, group, rows_at_once):
                _check_utf8(batch, first, name)
                rows = pa.array(range(first, first + batch.num_rows), pa.int64())
                yield Chunk(dict(zip(batch.schema.names, batch.columns, strict=True)), rows)
                first += batch.num_rows
        if first - 1 != parquet.metadata.num_rows:
            raise faults.damaged(name)


@contextmanager
def _faults(name: str) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except (pa.ArrowException, OSError, MemoryError, ValueError) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise
        raise faults.damaged(name) from None


def _opened(
    file: BinaryIO, dictionaries: list[str] | None = None, buffer: int = 1 << 20
) -> pq.ParquetFile:
    file.seek(0)
    return pq.ParquetFile(
        pa.PythonFile(file, mode="r"),
        read_dictionary=dictionaries,
        buffer_size=buffer,
        pre_buffer=False,
        thrift_string_size_limit=_FOOTER,
        thrift_container_size_limit=1_000_000,
        page_checksum_verification=True,
    )


class _PagesReached(Exception):
    """The footer is sound as far as a reader of pages looks at it."""


class _Footer(io.RawIOBase):
    """A file whose bytes can be read only while its footer is."""

    def __init__(self, file: BinaryIO) -> None:
        self.is_read = False
        self._file = file

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if self.is_read:
            raise _PagesReached
        return self._file.read(size)


def _check_columns(file: BinaryIO) -> None:
    """Has every column of the footer looked at by a reader of pages: what pyarrow throws there
    becomes an error, and aborts the program where the column is asked for its size."""
    footer = _Footer(file)
    with _opened(cast(BinaryIO, footer), buffer=1) as parquet:
        footer.is_read = True
        for group in range(parquet.metadata.num_row_groups):
            with suppress(_PagesReached):
                next(_batches(parquet, group, 1), None)


def _batches(parquet: pq.ParquetFile, group: int, most: int) -> Iterator[pa.RecordBatch]:
    """Without threads: one left at work by a fault aborts a program that is about to end."""
    yield from parquet.iter_batches(batch_size=most, row_groups=[group], use_threads=False)


def _check_types(table: Table, schema: pa.Schema, name: str) -> None:
    for field in schema:
        column = table.column(field.name)
        if fits(column, field.type):
            continue
        if pa.types.is_timestamp(field.type) and column.kind in (Kind.INSTANT, Kind.MOMENT):
            raise DataError(
                f"{name}: column `{field.name}` holds timestamps without a time zone; "
                "write them in UTC, or as text with an offset such as +08:00",
                f"{name}：{field.name} 列的时间戳没有时区；请写成 UTC，或带偏移（如 +08:00）的文本",
            )
        raise DataError(
            f"{name}: column `{field.name}` has type {field.type}, which cannot hold "
            f"`{column.kind.value}` values; text always can",
            f"{name}：{field.name} 列的类型 {field.type} 不能存放 {column.kind.value} 类型的值；"
            "可改用文本",
        )


def _rows_at_once(parquet: pq.ParquetFile, group: int, most: int, name: str) -> int:
    """Few rows where rows are long; a chunk too large for bounded memory is refused."""
    described = parquet.metadata.row_group(group)
    sizes = [described.column(i).total_uncompressed_size for i in range(described.num_columns)]
    largest = max(sizes)
    if largest > _LARGEST_CHUNK:
        column = parquet.schema_arrow.names[sizes.index(largest)]
        raise DataError(
            f"{name}: column `{column}` has more than 256 MiB in one row group; "
            "write the file with smaller row groups (for example 100,000 rows)",
            f"{name}：{column} 列在一个行组中超过 256 MiB；请用更小的行组（例如 10 万行）重新写出",
        )
    average = max(sum(sizes) // max(described.num_rows, 1), 1)
    return max(min(most, _BYTES_AT_ONCE // int(average)), 1)


def _check_utf8(batch: pa.RecordBatch, first: int, name: str) -> None:
    for column, values in zip(batch.schema.names, batch.columns, strict=True):
        try:
            values.validate(full=True)
        except pa.ArrowInvalid:
            last = first + batch.num_rows - 1
            raise DataError(
                f"{name}, rows {first} to {last}, column `{column}`: the text is not UTF-8; "
                "have the file written again. Nothing was stored",
                f"{name} 第 {first} 至 {last} 行 {column} 列：文本不是 UTF-8 编码；"
                "请重新生成。未保存任何数据",
            ) from None
