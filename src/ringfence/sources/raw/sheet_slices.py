"""The XML of a worksheet, cut into slices of rows that can be read one at a time.

A spreadsheet library holds a sheet at once and as a rectangle: one cell in the last row and column
would take all memory. A slice is small in bytes and in cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import lt
from typing import BinaryIO

from ringfence.errors import DataError

_PIECE = 1 << 20
_SLICE = 4 << 20
LONGEST_ROW = 8 << 20
_MOST_CELLS = 4_000_000
_PROLOG = 1 << 20
_MOST_MERGED = 100_000

_ROOT = re.compile(rb"<(?:\w+:)?worksheet\b[^>]*>")
_DATA = re.compile(rb"<(\w+:)?sheetData\b[^>]*?(/?)>")
_PLAIN_ROW = re.compile(rb'<row r="(\d{1,7})"')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)/?>")
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^>]*/>")
_NUMBER = re.compile(rb'\br\s*=\s*["\'](\d{1,7})["\']')
_ERROR_CELL = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\st=")e"')
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
_FORBIDDEN = b"<!"
_LAST_ROW = 1 << 20


@dataclass(frozen=True)
class Slice:
    """A worksheet of some rows, from `first` to `last`."""

    xml: bytes
    first: int
    last: int


@dataclass(frozen=True)
class Merged:
    """Cells below each other that are one: a column (from 0), and the rows from top to bottom."""

    column: int
    top: int
    bottom: int


class Sheet:
    """Reads the XML of a sheet from its beginning, each time anew."""

    def __init__(self, member: BinaryIO, name: str) -> None:
        self._member = member
        self._name = name
        self._last = b""

    def slices(self) -> Iterator[Slice]:
        self._member.seek(0)
        buffer = b""
        data = None
        while data is None:
            piece = self._read()
            if not piece or len(buffer) > _PROLOG:
                raise self._damaged(0)
            buffer += piece
            data = _DATA.search(buffer)
        root = _ROOT.search(buffer, 0, data.start())
        if root is None:
            raise self._damaged(0)
        if data.group(2):
            return
        prefix = data.group(1) or b""
        wrap = (root.group() + data.group(), b"</%ssheetData></%sworksheet>" % (prefix, prefix))
        end = b"</%ssheetData" % prefix
        buffer = buffer[data.end() :]
        last = 0
        while True:
            finish = buffer.find(end)
            if finish >= 0:
                yield from self._cut(buffer[:finish], last, wrap)
                return
            if len(buffer) >= _SLICE:
                stop = _last_end(buffer)
                if stop:
                    rows, buffer = buffer[:stop], buffer[stop:]
                    for part in self._cut(rows, last, wrap):
                        last = part.last
                        yield part
                elif len(buffer) > LONGEST_ROW:
                    raise _too_long(self._name, last + 1)
            piece = self._read()
            if not piece:
                raise self._damaged(last)
            buffer += piece

    def merged(self) -> list[Merged]:
        """From what follows the rows."""
        self._member.seek(0)
        found: list[Merged] = []
        tail = b""
        while piece := self._read():
            text = tail + piece
            cut = text.rfind(b">") + 1 or len(text)
            if b"mergeCell" in text:
                for left, top, right, bottom in _MERGED.findall(text[:cut]):
                    del right
                    if int(bottom) > int(top):
                        found.append(Merged(_column(left), int(top), int(bottom)))
                    if len(found) > _MOST_MERGED:
                        raise DataError(
                            f"{self._name} has more than {_MOST_MERGED:,} merged cells; "
                            "unmerge them",
                            f"{self._name} 的合并单元格超过 {_MOST_MERGED:,} 个；请取消合并",
                        )
            tail = text[cut:][-4096:]
        return found

    def _read(self) -> bytes:
        piece = self._member.read(_PIECE)
        seen, self._last = self._last + piece, piece[-1:]
        # No spreadsheet writes declarations or comments into a sheet; rows could hide in them.
        if _FORBIDDEN in seen:
            raise self._damaged(0)
        return piece

    def _cut(self, rows: bytes, last: int, wrap: tuple[bytes, bytes]) -> Iterator[Slice]:
        """One slice, or several where its rows lie far apart."""
        plain = [int(number) for number in _PLAIN_ROW.findall(rows)]
        usual = plain and len(plain) == rows.count(b"<row") and _rise(last, plain)
        if usual and (plain[-1] - plain[0] + 1) * _widest(rows) <= _MOST_CELLS:
            yield Slice(wrap[0] + _errors_as_text(rows) + wrap[1], plain[0], plain[-1])
            return
        starts: list[int] = []
        numbers: list[int] = []
        named: list[bool] = []
        for row in _ROW.finditer(rows):
            given = _NUMBER.search(row.group(1))
            number = int(given.group(1)) if given else last + 1
            if not last < number <= _LAST_ROW:
                raise self._damaged(last)
            last = number
            starts.append(row.start())
            numbers.append(number)
            named.append(given is not None)
        if not numbers:
            return
        most_rows = max(_MOST_CELLS // _widest(rows), 1)
        begin = 0
        for index in range(1, len(numbers) + 1):
            if index < len(numbers) and numbers[index] - numbers[begin] < most_rows:
                continue
            stop = starts[index] if index < len(numbers) else len(rows)
            text = rows[starts[begin] : stop]
            if not named[begin]:
                text = text.replace(b"row", b'row r="%d"' % numbers[begin], 1)
            xml = wrap[0] + _errors_as_text(text) + wrap[1]
            yield Slice(xml, numbers[begin], numbers[index - 1])
            begin = index

    def _damaged(self, row: int) -> DataError:
        return DataError(
            f"{self._name}: the workbook is damaged after row {row}; have it written again. "
            "Nothing was stored",
            f"{self._name}：工作簿在第 {row} 行之后已损坏；请重新生成。未保存任何数据",
        )


def _last_end(buffer: bytes) -> int:
    """Where the last whole row ends; looks backwards, as slices hold many rows."""
    step = 1 << 16
    start = len(buffer)
    while start > 0:
        start = max(start - step, 0)
        stop = 0
        for found in _ROW_END.finditer(buffer, start):
            stop = found.end()
        if stop:
            return stop
        step *= 4
    return 0


def _rise(last: int, numbers: list[int]) -> bool:
    return last < numbers[0] and numbers[-1] <= _LAST_ROW and all(map(lt, numbers, numbers[1:]))


def _errors_as_text(rows: bytes) -> bytes:
    """Cells with an error would be read as empty."""
    return _ERROR_CELL.sub(rb'\1str"', rows) if b't="e"' in rows else rows


def _widest(rows: bytes) -> int:
    """At least as many columns as there are, by the letters of the cells."""
    if b"r='" in rows or b"r =" in rows or re.search(rb'r="[A-Z]{3}', rows):
        return 1 << 14
    return 702 if re.search(rb'r="[A-Z]{2}', rows) else 26


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _too_long(name: str, row: int) -> DataError:
    return DataError(
        f"{name}, row {row}: the row does not end within {LONGEST_ROW >> 20} MiB. "
        "Nothing was stored",
        f"{name} 第 {row} 行：该行超过 {LONGEST_ROW >> 20} MiB 仍未结束。未保存任何数据",
    )
