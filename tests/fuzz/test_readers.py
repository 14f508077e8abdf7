"""Readers of delivered files under a coverage-guided fuzzer, for a fixed number of runs.

Run as a program it goes on for as long as libFuzzer's own options say:
`python tests/fuzz/test_readers.py CORPUS -max_total_time=600 -rss_limit_mb=1500`.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from tests.fuzz.running import fuzzed

RUNS = 5_000
MOST_BYTES = 4_096
MOST_MEBIBYTES = 1_500
FORMATS = (None, "csv", "json", "ndjson", "zip of one member")

CSV = '登记表\n姓名,证件号码,备注\n张三,1,"a,b"\n李四,2\n合计,2,\n'
JSON = '{"data": [{"a": 1, "b": {"c": [1, "x"]}}, {"a": "\\u5f20", "a": 2}]}'
SEEDS = (
    CSV.encode(),
    CSV.encode("gb18030"),
    CSV.replace(",", "\t").encode("utf-16"),
    JSON.encode(),
    b'{"a": 1}\n\n{"b": [{"c": null}]}\nx\n',
)


def seeds() -> list[bytes]:
    """Each form of file, with the byte before it that chooses how it is read."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "电话"], ["张三", 13800000000], ["李四", "2"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    workbook, parquet = io.BytesIO(), io.BytesIO()
    book.save(workbook)
    pq.write_table(pa.table({"a": ["x", None], "b": [1.5, 2.0]}), parquet)
    cells = sheet_of(workbook.getvalue())
    whole = [*SEEDS, with_sheet(workbook.getvalue(), cells), parquet.getvalue()]
    texts = [bytes([1 + number % 3]) + seed for number, seed in enumerate(SEEDS)]
    return [
        *(b"\0" + content for content in whole),
        *texts,
        *(b"\4" + content for content in SEEDS),
        b"\5" + cells,
    ]


def sheet_of(workbook: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_no_bytes_break_a_reader(tmp_path: Path) -> None:
    bounds = (f"-max_len={MOST_BYTES}", f"-rss_limit_mb={MOST_MEBIBYTES}", "-timeout=20")
    fuzzed(__file__, seeds(), tmp_path, RUNS, *bounds)


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["ringfence.sources.raw", "ringfence.sources.csv"]):
        from ringfence.sources.raw import reading  # noqa: F401
    workbook = seeds()[5][1:]

    def once(data: bytes) -> None:
        if data:
            check(data[0] % (len(FORMATS) + 1), data[1:], workbook)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


def check(way: int, content: bytes, workbook: bytes) -> None:
    """Raises where a file gives neither rows nor a message, a row twice, or not all its bytes."""
    from ringfence.errors import UserError
    from ringfence.sources.delivered import Delivered
    from ringfence.sources.raw.model import Form
    from ringfence.sources.raw.reading import read_raw

    form = Form(totals=("合计",))
    if way == len(FORMATS):
        content = with_sheet(workbook, content)
    elif FORMATS[way] == "zip of one member":
        content = archive_of(content)
    else:
        form = Form(format=FORMATS[way], totals=("合计",))
    fed: list[bytes] = []
    seen: set[tuple[int, int]] = set()
    try:
        raw = read_raw(Delivered(io.BytesIO(content), "file", len(content)), form, fed.append)
        for chunk in raw.chunks():
            told = [*chunk.rows.to_pylist(), *(reject.row for reject in chunk.rejects)]
            for row in told:
                assert (chunk.part.number, row) not in seen
                seen.add((chunk.part.number, row))
            for values in chunk.columns.values():
                values.validate(full=True)
                assert len(values) == len(chunk.rows)
    except UserError as error:
        assert error.text.en
        assert error.text.zh
        return
    assert b"".join(fed) == content


def archive_of(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", content)
    return made.getvalue()


def with_sheet(workbook: bytes, sheet: bytes) -> bytes:
    """The workbook with this XML as its sheet, and no word of when it was written."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in old.namelist():
            if name != "docProps/core.xml":
                is_sheet = name == "xl/worksheets/sheet1.xml"
                new.writestr(zipfile.ZipInfo(name), sheet if is_sheet else old.read(name))
    return made.getvalue()


if __name__ == "__main__":
    main()
