"""ZIP archives and workbooks, opened only where they cannot unpack to more than they may."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ringfence.errors import DataError

MAGIC = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"
MOST_MEMBERS = 1_000
# Text of tables shrinks to a tenth; at most 1,032 to 1 is possible.
_RATIO = 200
_ALWAYS_FINE = 64 << 20
_DIRECTORY = 4 << 20
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
_TAIL = (1 << 16) + 22 + 20 + 56
_PIECE = 1 << 20


@contextmanager
def unpacking(name: str) -> Iterator[None]:
    """Faults of an archive as messages."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError) as fault:
        raise damaged(name) from fault
    except RuntimeError as fault:
        raise DataError(
            f"{name} is protected by a password; have it sent without one",
            f"{name} 设有密码；请提供无密码的文件",
        ) from fault


def open_zip(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """Raises where the directory is out of bounds, members overlap, or they unpack to too much."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(max(size - _TAIL, 0))
    if _directory_size(file.read()) > _DIRECTORY:
        raise _too_many(name)
    file.seek(0)
    with unpacking(name):
        archive = zipfile.ZipFile(file)
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _too_many(name)
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise damaged(name)
        end = member.header_offset + member.compress_size
        if member.file_size > _allowed(member):
            raise bomb(name)
    if end > size:
        raise damaged(name)
    return archive


def _allowed(member: zipfile.ZipInfo) -> int:
    return max(member.compress_size * _RATIO, _ALWAYS_FINE)


def _directory_size(tail: bytes) -> int:
    """The largest that a record of the end claims: zipfile reads it all at once."""
    claims = [0]
    place = tail.rfind(_END)
    if place >= 0:
        claims.append(int.from_bytes(tail[place + 12 : place + 16], "little"))
    if claims[-1] == 0xFFFFFFFF:
        claims.pop()
        wide = tail.rfind(_END64)
        claims.append(int.from_bytes(tail[wide + 40 : wide + 48], "little") if wide >= 0 else 0)
    return max(claims)


class Member(io.RawIOBase):
    """A member of an archive that can be rewound; it ends where it unpacks to more than allowed."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
        super().__init__()
        self._name = name
        self._allowed = _allowed(member)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataError(
                f"{name} is compressed in a way that is not read; use plain ZIP (deflate)",
                f"{name} 使用了不支持的压缩方式；请使用普通 ZIP（deflate）",
            )
        with unpacking(name):
            self._stream = archive.open(member)

    def read(self, size: int = -1) -> bytes:
        with unpacking(self._name):
            piece = self._stream.read(_PIECE if size is None or size < 0 else size)
        if self._stream.tell() > self._allowed:
            raise bomb(self._name)
        return piece

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with unpacking(self._name):
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()


def whole(member: BinaryIO, most: int, name: str) -> bytes:
    """All of a member, which must be small."""
    member.seek(0)
    parts: list[bytes] = []
    size = 0
    while piece := member.read(_PIECE):
        parts.append(piece)
        size += len(piece)
        if size > most:
            raise DataError(
                f"{name} unpacks to more than {most >> 20} MiB, which must be read at once; "
                "have it sent as CSV or in smaller files",
                f"{name} 解压后超过 {most >> 20} MiB，且必须一次读入；"
                "请改为 CSV 或拆分成较小的文件",
            )
    return b"".join(parts)


def damaged(name: str) -> DataError:
    return DataError(
        f"{name} is not a whole ZIP archive or workbook: it is truncated or damaged; "
        "have it written again. Nothing was stored",
        f"{name} 不是完整的 ZIP 压缩文件或工作簿：文件不完整或已损坏；请重新生成。未保存任何数据",
    )


def bomb(name: str) -> DataError:
    return DataError(
        f"{name} unpacks to more than {_RATIO} times its size, as no file of tables does; "
        "it is not read. Nothing was stored",
        f"{name} 解压后超过原大小的 {_RATIO} 倍，不可能是数据表文件；已拒绝读取。未保存任何数据",
    )


def _too_many(name: str) -> DataError:
    return DataError(
        f"{name} holds more than {MOST_MEMBERS:,} files; send it in smaller archives",
        f"{name} 含有超过 {MOST_MEMBERS:,} 个文件；请分成较小的压缩文件",
    )
