"""Every line of docs/reference/bad-input.md on files of any form, tried with a specimen."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.integration.sources.test_bad_input import lines_under
from tests.unit.sources.raw.delivering import read, refused
from tests.unit.sources.raw.sheets import sheet_xml, text_cell, with_sheet, workbook
from tests.unit.sources.raw.test_archives import archive

HEADER = "姓名,备注\n"
ROWS = f"{HEADER}张三,甲\n李四,乙\n"
CSV = ROWS.encode()


def parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({"a": ["x"] * 1000}), made)
    return made.getvalue()


def with_a_damaged_sheet() -> bytes:
    head = f'<row r="1">{text_cell("A1", "a")}</row>'
    return with_sheet(sheet_xml(head + '<row r="3"/><row r="2"/>'))


def claiming_two_terabytes() -> bytes:
    """The entry of the directory is of the wide kind, and claims what it likes."""
    content = archive(("a.csv", CSV))
    place, end = content.rfind(b"PK\x01\x02"), content.rfind(b"PK\x05\x06")
    entry = bytearray(content[place:end]) + struct.pack("<HHQ", 1, 8, 2 << 40)
    struct.pack_into("<I", entry, 24, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, 12)
    tail = bytearray(content[end:])
    struct.pack_into("<I", tail, 12, len(entry))
    return content[:place] + bytes(entry) + bytes(tail)


def with_a_password() -> bytes:
    content = bytearray(archive(("a.csv", CSV)))
    for place in (6, content.rfind(b"PK\x01\x02") + 8):
        content[place] |= 1
    return bytes(content)


def many_columns() -> bytes:
    return (",".join(f"c{chr(0x4E00 + i)}" for i in range(2001)) + "\n").encode()


Specimen = bytes | Callable[[], bytes]
FILES: dict[str, tuple[Specimen, dict[str, Any]]] = {
    "empty file": (lambda: b"", {}),
    "empty workbook": (workbook, {}),
    "empty array of JSON under a path that is not there": (
        lambda: b'{"data": []}',
        {"format": "json", "records": "rows"},
    ),
    "UTF-8 with a row in GB18030": (lambda: CSV[:-11] + "李四,乙\n".encode("gbk"), {}),
    "GB18030 with a row in UTF-8": (
        lambda: "姓名,备注\n张三,甲\n".encode("gb18030") + "王小五,退房\n".encode(),
        {"encoding": "gb18030"},
    ),
    "GB18030 cut within a character": (
        lambda: ROWS.encode("gb18030")[:-2],
        {"encoding": "gb18030"},
    ),
    "header row beyond the end": (lambda: CSV, {"header_row": 9}),
    "two columns of one name": ("姓名,备注,姓名\n张三,甲,\n".encode(), {}),
    "more than 2,000 columns": (many_columns, {}),
    "line that does not end": (lambda: CSV[:-11] + b"x" * (5 << 20), {}),
    "record of NDJSON that does not end": (
        lambda: b'{"a": 1}\n{"a": "' + b"x" * (9 << 20),
        {"format": "ndjson"},
    ),
    "record of JSON that does not end": (lambda: b'[{"a": "' + b"x" * (9 << 20), {}),
    "JSON nested without end": (lambda: b'[{"a": ' + b"[" * (1 << 20), {}),
    "truncated JSON": (lambda: b'[{"a": 1}, {"a": ', {}),
    "truncated workbook": (lambda: workbook(["a"], ["b"])[:3000], {}),
    "workbook with a damaged sheet": (with_a_damaged_sheet, {}),
    "workbook of the old form": (lambda: b"\xd0\xcf\x11\xe0" + bytes(500), {}),
    "truncated Parquet": (lambda: parquet()[:-10], {}),
    "archive that unpacks to 2 TB": (claiming_two_terabytes, {}),
    "archive within an archive": (lambda: archive(("b.zip", archive(("a.csv", CSV)))), {}),
    "archive with a password": (with_a_password, {}),
    "archive without files": (lambda: archive((".DS_Store", b"x")), {}),
    "archive of more than 1,000 files": (
        lambda: archive(*((f"{number}.csv", b"a\n") for number in range(1001))),
        {},
    ),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(50), {}),
    "web page under the name of a workbook": (b"\r\n<html><table><tr><td>x</td></tr></table>", {}),
    "another form than the mapping says": (parquet, {"format": "xlsx"}),
}
SHEET = [["姓名", "备注"], ["张三", "甲"], ["李四", "乙", "丙"]]
SET_ASIDE: dict[str, tuple[Specimen, dict[str, Any]]] = {
    "too few values": (f"{HEADER}张三,甲\n李四\n".encode(), {}),
    "value in a column without a name": (
        "姓名,备注,\n张三,甲,\n李四,乙,丙\n".encode(),
        {"header_row": 1},
    ),
    "… in a workbook": (lambda: workbook(*SHEET), {"header_row": 1}),
    "row below the totals row": (
        "姓名,备注,数\n张三,甲,1\n合计,,1\n李四,乙,2\n".encode(),
        {"totals": ("合计",)},
    ),
    "line that is not whole JSON": (lambda: b'{"a": 1}\n{"a": \n', {"format": "ndjson"}),
    "record that is no object": (lambda: b'[{"a": 1}, 5]', {}),
    "name given twice in a record": (lambda: b'[{"a": 1}, {"a": 1, "a": 2}]', {}),
    "record nested too deep": (
        lambda: b'[{"a": 1}, ' + b'{"a": ' * 20 + b"1" + b"}" * 20 + b"]",
        {},
    ),
    "half of a character in JSON": (lambda: b'{"a": 1}\n{"a": "\\ud800"}\n', {"format": "ndjson"}),
}
REFUSED = lines_under("Files of any form that are refused")
ASIDE = lines_under("Rows of any form that are set aside")


def made(specimen: Specimen) -> bytes:
    return specimen if isinstance(specimen, bytes) else specimen()


def test_each_line_has_a_specimen() -> None:
    assert [line[0] for line in REFUSED] == list(FILES)
    assert [line[0] for line in ASIDE] == list(SET_ASIDE)


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: line[0])
def test_files_that_are_refused(line: tuple[str, ...]) -> None:
    what, said = line
    specimen, form = FILES[what]
    message = refused(made(specimen), "delivery", **form)
    assert said in message
    assert not [value for value in ("张三", "李四", "王小五", "姓名") if value in message]


@pytest.mark.parametrize("line", ASIDE, ids=lambda line: line[0])
def test_rows_that_are_set_aside(line: tuple[str, ...]) -> None:
    what, row, said = line
    specimen, form = SET_ASIDE[what]
    got = read(made(specimen), **form)
    assert list(got.rejects) == [int(row)]
    assert said in got.rejects[int(row)]
    assert len(got.rows) == 1
