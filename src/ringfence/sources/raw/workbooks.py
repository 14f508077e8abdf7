"""Workbooks (.xlsx): one sheet, a slice of its rows at a time, each cell as text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast
from xml.etree import ElementTree

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from ringfence.errors import DataError, NotFound, Text
from ringfence.sources.raw.cells import Cell, as_text, shows_a_clock
from ringfence.sources.raw.headers import (
    checked_names,
    first_filled,
    header_row,
    keys_of,
    names_of,
    no_header,
    unnamed_of,
)
from ringfence.sources.raw.model import EVERY_SHEET, Form, Found, Given, Opened
from ringfence.sources.raw.sheet_slices import Merged, Sheet, Slice
from ringfence.sources.raw.totals import Ending, named_only
from ringfence.sources.raw.unpacking import Member, damaged, open_zip, whole
from ringfence.sources.rows import Chunk

_ADDRESSES = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)")
_ADDRESS = re.compile(rb"[A-Za-z]{0,3}[0-9]{1,7}")
"""Of a cell or row; calamine would make room for whatever column a longer one names."""

_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ALWAYS = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, _RELATIONS)
_SMALL = 16 << 20
_SHARED = 256 << 20

Row = list[str | None]


@dataclass(frozen=True)
class SheetEntry:
    name: str
    path: str
    hidden: bool


def open_workbook(given: Given) -> Opened:
    """One sheet: the one that the form names, or the first visible one."""
    book = _Book(open_zip(given.file, given.name), given.name)
    entry = book.sheet(given.form.sheet)
    head = _head(_Rows(book, entry), given)
    if head.is_blank:
        raise _empty(given.name)
    opened = _opened(head, given)
    others = [sheet for sheet in book.sheets if sheet != entry]
    if not others or given.form.sheet is not None:
        return opened
    unread = tuple(sheet.name for sheet in others if not sheet.hidden and book.has_values(sheet))
    doubt = Text(
        f"the workbook has {len(others)} more sheets, which are not read; "
        f'sheet: "{EVERY_SHEET}" reads all that have this header',
        f"工作簿另有 {len(others)} 个工作表，未读取；"
        f'sheet: "{EVERY_SHEET}" 读取所有表头相同的工作表',
    )
    doubts = (*opened.found.doubts, doubt)
    return replace(opened, found=replace(opened.found, unread=unread, doubts=doubts))


def open_sheets(given: Given) -> list[Opened]:
    """All visible sheets with a header that is taken; the first of them names those left out."""
    book = _Book(open_zip(given.file, given.name), given.name)
    heads = [_head(_Rows(book, sheet), given) for sheet in book.sheets if not sheet.hidden]
    filled = [head for head in heads if not head.is_blank]
    if not filled:
        raise _empty(given.name)
    # Where none is taken, the first one shows what is wrong with it.
    chosen = [head for head in filled if given.takes(head.names)] or filled[:1]
    unread = tuple(head.rows.entry.name for head in filled if head not in chosen)
    first, *others = [_opened(head, given) for head in chosen]
    return [replace(first, found=replace(first.found, unread=unread)), *others]


@dataclass(frozen=True, eq=False)
class _Head:
    """The first rows of a sheet, and which of them is the header."""

    rows: _Rows
    looked_at: list[Row]
    number: int
    doubts: tuple[Text, ...]

    @property
    def is_blank(self) -> bool:
        return first_filled(self.looked_at) is None

    @property
    def names(self) -> list[str]:
        return names_of(self.looked_at[self.number - 1]) if self.has_header else []

    @property
    def has_header(self) -> bool:
        return self.number <= len(self.looked_at)


def _head(rows: _Rows, given: Given) -> _Head:
    doubts: list[Text] = []
    looked_at = rows.head()
    number = given.form.header_row or header_row(looked_at, given.expected, doubts)
    return _Head(rows, looked_at, number, tuple(doubts))


def _opened(head: _Head, given: Given) -> Opened:
    rows, number = head.rows, head.number
    book, entry = rows.book, rows.entry
    told = given.name if given.form.sheet is None else f"{given.name}/{entry.name}"
    if not head.has_header:
        raise no_header(told, number)
    names = checked_names(head.looked_at[number - 1], number, told)
    settled = replace(given.form, format="xlsx", sheet=entry.name, header_row=number)
    found = Found(
        settled,
        tuple(filter(None, names)),
        sheets=tuple(sheet.name for sheet in book.sheets),
        doubts=head.doubts,
    )
    return Opened(found, lambda: _chunks(rows, settled, names))


def _chunks(rows: _Rows, form: Form, names: Sequence[str]) -> Iterator[Chunk]:
    header = form.header_row or 1
    ending = Ending(form.totals)
    for numbers, cells in rows.slices():
        kept = [
            (number, row)
            for number, row in zip(numbers, cells, strict=True)
            if number > header and any(row)
        ]
        if not kept:
            continue
        width = max(len(names), *(len(row) for _, row in kept))
        keys = keys_of(names, width)
        padded = [row + [None] * (width - len(row)) for _, row in kept]
        arrays = {
            key: pa.array(values, pa.string())
            for key, values in zip(keys, zip(*padded, strict=True), strict=True)
        }
        chunk = Chunk(arrays, pa.array([number for number, _ in kept], pa.int64()))
        yield ending.cut(named_only(chunk, unnamed_of(keys)))


class _Book:
    """The parts of a workbook that every slice of a sheet needs, and where its sheets lie."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self.name = name
        self._members = {member.filename: member for member in archive.infolist()}
        if WORKBOOK not in self._members:
            raise damaged(name)
        relations = self._relations()
        self.sheets = self._sheets(relations)
        kinds = dict(relations.values())
        self._shared = {
            path: self._whole(path, _SMALL) for path in _ALWAYS if path in self._members
        }
        for kind, most in (("styles", _SMALL), ("sharedStrings", _SHARED)):
            path = kinds.get(kind)
            if path in self._members:
                self._shared[path] = self._whole(path, most)
        self.clocks = _clock_styles(self._shared.get(kinds.get("styles", ""), b""))

    def sheet(self, wanted: str | None) -> SheetEntry:
        if wanted is None:
            shown = [sheet for sheet in self.sheets if not sheet.hidden]
            if not shown:
                raise _empty(self.name)
            return shown[0]
        for sheet in self.sheets:
            if sheet.name == wanted:
                return sheet
        raise NotFound(
            f"{self.name} has no sheet of the name that the form gives; "
            f"it has {len(self.sheets)} sheets",
            f"{self.name} 中没有所指定名称的工作表；共有 {len(self.sheets)} 个工作表",
        )

    def has_values(self, entry: SheetEntry) -> bool:
        """Judged by its first rows alone. What is damaged is no empty sheet."""
        try:
            piece = next(Sheet(self.xml(entry), self.name).slices(), None)
        except DataError:
            return True
        return piece is not None and _VALUE.search(piece.xml) is not None

    def xml(self, entry: SheetEntry) -> BinaryIO:
        member = Member(self._archive, self._members[entry.path], self.name)
        return cast(BinaryIO, member)

    def read(self, entry: SheetEntry, piece: Slice) -> tuple[tuple[int, int], list[list[Cell]]]:
        """The first filled cell of a slice, and the cells from there."""
        if not all(_ADDRESS.fullmatch(address) for address in _ADDRESSES.findall(piece.xml)):
            raise self._damaged_in(piece)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as small:
            for path, content in self._shared.items():
                small.writestr(path, content)
            small.writestr(entry.path, piece.xml)
        made.seek(0)
        try:
            with CalamineWorkbook.from_filelike(made) as book:
                sheet = book.get_sheet_by_name(entry.name)
                start = sheet.start
                return (0, 0) if start is None else start, sheet.to_python()
        except (CalamineError, ValueError, OverflowError):
            raise self._damaged_in(piece) from None

    def _damaged_in(self, piece: Slice) -> DataError:
        return DataError(
            f"{self.name}, rows {piece.first} to {piece.last}: the workbook is damaged; "
            "have it written again. Nothing was stored",
            f"{self.name} 第 {piece.first} 至 {piece.last} 行：工作簿已损坏；"
            "请重新生成。未保存任何数据",
        )

    def _whole(self, path: str, most: int) -> bytes:
        content = whole(
            cast(BinaryIO, Member(self._archive, self._members[path], self.name)), most, self.name
        )
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise damaged(self.name)
        return content

    def _parsed(self, path: str) -> ElementTree.Element:
        if path not in self._members:
            raise damaged(self.name)
        try:
            # Without a document type there are no entities to expand.
            return ElementTree.fromstring(self._whole(path, _SMALL))  # noqa: S314
        except ElementTree.ParseError:
            raise damaged(self.name) from None

    def _relations(self) -> dict[str, tuple[str, str]]:
        found = {}
        for relation in self._parsed(_RELATIONS):
            target = relation.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            found[relation.get("Id", "")] = (kind, path)
        return found

    def _sheets(self, relations: dict[str, tuple[str, str]]) -> list[SheetEntry]:
        sheets = []
        for element in self._parsed(WORKBOOK).iter():
            if element.tag.rsplit("}", 1)[-1] != "sheet":
                continue
            link = next((v for k, v in element.items() if k.rsplit("}", 1)[-1] == "id"), "")
            kind, path = relations.get(link, ("", ""))
            if kind == "worksheet" and path in self._members:
                hidden = element.get("state", "visible") != "visible"
                sheets.append(SheetEntry(element.get("name", ""), path, hidden))
        return sheets


@dataclass
class _Rows:
    """The rows of a sheet, in slices: their numbers and cells from the first column on."""

    book: _Book
    entry: SheetEntry
    merged: list[Merged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sheet = Sheet(self.book.xml(self.entry), self.book.name)
        self.merged = sorted(self._sheet.merged(), key=lambda cells: cells.top)

    def head(self) -> list[Row]:
        """The rows of the first slice, blank ones included."""
        for numbers, rows in self.slices():
            head: list[Row] = []
            for number, row in zip(numbers, rows, strict=True):
                if number > 1_000:
                    break
                head += [[] for _ in range(number - len(head) - 1)]
                head.append(row)
            return head
        return []

    def slices(self) -> Iterator[tuple[list[int], list[Row]]]:
        filling = _Filling(self.merged)
        for piece in self._sheet.slices():
            (top, left), cells = self.book.read(self.entry, piece)
            timed = _timed_cells(piece.xml, self.book.clocks)
            numbers = list(range(top + 1, top + 1 + len(cells)))
            rows: list[Row] = []
            for number, row in zip(numbers, cells, strict=True):
                texts: Row = [None] * left
                texts += [(c or None) if type(c) is str else as_text(c) for c in row]
                if timed:
                    _add_midnights(texts, row, number, left, timed)
                filling.fill(number, texts)
                rows.append(texts)
            yield numbers, rows


class _Filling:
    """Gives cells that are merged downwards the value that stands in the first of them."""

    def __init__(self, merged: list[Merged]) -> None:
        self._coming = merged
        self._next = 0
        self._open: list[tuple[Merged, str | None]] = []

    def fill(self, number: int, row: Row) -> None:
        if not self._open and self._next == len(self._coming):
            return
        self._open = [(cells, value) for cells, value in self._open if cells.bottom >= number]
        while self._next < len(self._coming) and self._coming[self._next].top <= number:
            cells = self._coming[self._next]
            self._next += 1
            if cells.top == number and cells.bottom > number:
                value = row[cells.column] if cells.column < len(row) else None
                self._open.append((cells, value))
        if not any(row):
            return
        for cells, value in self._open:
            if cells.top < number and value is not None:
                row += [None] * (cells.column + 1 - len(row))
                row[cells.column] = row[cells.column] or value


def _clock_styles(styles: bytes) -> list[int]:
    """The numbers of the cell styles that show a time of day."""
    if not styles:
        return []
    try:
        root = ElementTree.fromstring(styles)  # noqa: S314
    except ElementTree.ParseError:
        return []
    codes: dict[int, str] = {}
    formats: list[int] = []
    for element in root:
        tag = element.tag.rsplit("}", 1)[-1]
        if tag == "numFmts":
            codes = {_whole_number(e.get("numFmtId")): e.get("formatCode", "") for e in element}
        elif tag == "cellXfs":
            formats = [_whole_number(e.get("numFmtId")) for e in element]
    return [i for i, number in enumerate(formats) if shows_a_clock(number, codes.get(number))]


def _whole_number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0


def _timed_cells(xml: bytes, styles: Sequence[int]) -> frozenset[bytes]:
    """References of the cells that show a time of day."""
    if not styles:
        return frozenset()
    numbers = b"|".join(b"%d" % style for style in styles)
    pattern = rb'<(?:\w+:)?c\s(?=[^>]*\bs="(?:' + numbers + rb')")[^>]*?\br="([A-Z]{1,3}\d{1,7})"'
    return frozenset(re.findall(pattern, xml))


def _add_midnights(
    texts: Row, row: list[Cell], number: int, left: int, timed: frozenset[bytes]
) -> None:
    for place, cell in enumerate(row, start=left):
        if (
            isinstance(cell, dt.date)
            and not isinstance(cell, dt.datetime)
            and _reference(place, number) in timed
        ):
            texts[place] = as_text(cell, has_time=True)


def _reference(column: int, row: int) -> bytes:
    letters = b""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([rest + ord("A")]) + letters
    return letters + b"%d" % row


def _empty(name: str) -> DataError:
    return DataError(
        f"{name} is empty: no visible sheet has a filled cell",
        f"{name} 是空文件：可见的工作表中没有任何内容",
    )
