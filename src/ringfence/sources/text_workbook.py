"""A workbook (.xlsx) of one sheet whose cells are all texts, for people who put values right.

Its cells, and those that are typed beside them, have the format "text": a spreadsheet would round
a number of 18 digits.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, cast
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST = 32_767
"""Of a cell, in characters. A spreadsheet repairs what has more, and loses it."""

_PART = 64 * 1024
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 has the built-in number format 49, which is "@": text.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, or would change; and what a spreadsheet would take for the escape of it."""


def fits(rows: int, columns: int, longest: int) -> bool:
    """Whether a spreadsheet takes as many rows and columns, and a cell as long."""
    return rows <= MOST_ROWS and columns <= MOST_COLUMNS and longest <= LONGEST


def write_workbook(file: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    for _ in _written(file, rows, huge=True):
        pass


def workbook_in_parts(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same as it grows, for a stream: only a part of it is held. Up to 4 GB of cells."""
    passed = _Passed()
    for _ in _written(cast(IO[bytes], passed), rows, huge=False):
        if passed.size >= _PART:
            yield passed.taken()
    yield passed.taken()


class _Passed(io.RawIOBase):
    """Holds what was written until it is taken; it cannot go back."""

    def __init__(self) -> None:
        self.size = 0
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        part = bytes(content)
        self._held.append(part)
        self.size += len(part)
        return len(part)

    def taken(self) -> bytes:
        held, self._held, self.size = b"".join(self._held), [], 0
        return held


def _written(file: IO[bytes], rows: Iterable[Sequence[str]], *, huge: bool) -> Iterator[None]:
    """Stops after each row. `huge`: the sheet may have more than 4 GB, which not all readers take
    from a file that was written without going back.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, xml in _PARTS.items():
            packed.writestr(name, _HEAD + xml)
        with packed.open(_SHEET, "w", force_zip64=huge) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols>'.encode())
            sheet.write(f'<col min="1" max="{MOST_COLUMNS}" width="20" style="1"/>'.encode())
            sheet.write(b"</cols><sheetData>")
            for number, row in enumerate(rows, start=1):
                cells = "".join(_cell(place, number, text) for place, text in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
                yield
            sheet.write(b"</sheetData></worksheet>")


def _cell(place: int, row: int, text: str) -> str:
    at = f'<c r="{_letters(place)}{row}" s="1"'
    if not text:
        return f"{at}/>"
    written = escape(_UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    return f'{at} t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
