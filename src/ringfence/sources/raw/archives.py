"""ZIP archives: which members are files of data, what they are called, and opening them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from ringfence.errors import DataError
from ringfence.sources.raw import formats
from ringfence.sources.raw.model import Form, Given
from ringfence.sources.raw.unpacking import Member, open_zip, whole

_UTF8_NAME = 0x800
_MOST_IN_MEMORY = 256 << 20


@dataclass(frozen=True)
class Entry:
    name: str
    info: zipfile.ZipInfo


@dataclass(frozen=True)
class Archive:
    """An open archive; its members in the order in which it holds them."""

    name: str
    members: tuple[Entry, ...]
    file: zipfile.ZipFile

    def name_of(self, entry: Entry) -> str:
        return f"{self.name}/{entry.name}"

    @contextmanager
    def opened(self, entry: Entry) -> Iterator[BinaryIO]:
        member = Member(self.file, entry.info, self.name_of(entry))
        try:
            yield cast(BinaryIO, member)
        finally:
            member.close()


def open_archive(file: BinaryIO, name: str) -> Archive:
    archive = open_zip(file, name)
    found = [Entry(_readable(info), info) for info in archive.infolist() if not info.is_dir()]
    members = tuple(entry for entry in found if _is_data(entry.name))
    if not members:
        raise DataError(f"{name} holds no file", f"{name} 中没有文件")
    return Archive(name, members, archive)


@dataclass(frozen=True)
class OpenMember:
    """A member while it is open: its number as a part, its entry, its content and its format."""

    number: int
    entry: Entry
    given: Given
    kind: str

    def part_name(self, sheet: str | None) -> str:
        return f"{self.entry.name}/{sheet}" if sheet else self.entry.name


def open_members(
    archive: Archive, given: Given, form_of: Callable[[int], Form]
) -> Iterator[OpenMember]:
    """Each member in turn, open until the next one is asked for. `form_of`: what its number is."""
    for number, entry in enumerate(archive.members):
        with archive.opened(entry) as content:
            name = archive.name_of(entry)
            member = replace(given, file=content, name=name, form=form_of(number), feed=_ignore)
            kind = formats.find_format(member)
            if kind == formats.ZIP:
                raise DataError(
                    f"{name} is an archive within an archive; unpack it first",
                    f"{name} 是压缩文件中的压缩文件；请先解压",
                )
            if kind in formats.READ_AT_RANDOM:
                unpacked = io.BytesIO(whole(content, _MOST_IN_MEMORY, name))
                member = replace(member, file=unpacked)
            yield OpenMember(number, entry, member, kind)


def _ignore(_: bytes) -> None:
    """The bytes of the archive itself are what counts."""


def _is_data(name: str) -> bool:
    """Not what file managers leave behind."""
    path = PurePosixPath(name)
    if any(part.startswith((".", "~$")) or part == "__MACOSX" for part in path.parts):
        return False
    return path.name.lower() not in ("thumbs.db", "desktop.ini")


def _readable(info: zipfile.ZipInfo) -> str:
    """Chinese systems write names in GBK without saying so; zipfile takes them for CP437."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME and not name.isascii():
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = name.encode("utf-8", "replace").decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "_" for sign in name)
