"""Memory does not grow with a file: each form is read in a process of its own and measured."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from tests.unit.sources.raw.sheets import MAIN, workbook

ROOT = Path(__file__).resolve().parents[3]
MOST_MEBIBYTES = 400
NAMES = "姓名,证件号码,备注\n".encode()
LINE = "张三,000101199001010015,某市某区某路旅馆住宿登记\n".encode()
RECORD = '{"姓名": "张三", "证件号码": "000101199001010015", "备注": "住宿登记"}'.encode()


class Repeated(io.RawIOBase):
    """A file of any size that lies nowhere: a beginning, one piece many times, an end."""

    def __init__(self, begin: bytes, piece: bytes, times: int, end: bytes = b"") -> None:
        super().__init__()
        self._begin, self._piece, self._end = begin, piece, end
        self._size = len(begin) + len(piece) * times + len(end)
        self._block = piece * max((1 << 20) // len(piece), 1)
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self._at if size is None or size < 0 else size
        made = b""
        while len(made) < wanted and self._at < self._size:
            made += self._some(wanted - len(made))
        return made

    def _some(self, most: int) -> bytes:
        place = self._at - len(self._begin)
        last = self._size - len(self._end)
        if place < 0:
            some = self._begin[self._at :]
        elif self._at >= last:
            some = self._end[self._at - last :]
        else:
            some = self._block[place % len(self._piece) :][: last - self._at]
        some = some[:most]
        self._at += len(some)
        return some

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def sheet_of_many_rows() -> io.BytesIO:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["x"]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for info in old.infolist():
            if not info.filename.endswith("sheet1.xml"):
                new.writestr(info.filename, old.read(info))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in range(1, 150_001):
                cells = "".join(f"<c><v>{row * 7919 + place}</v></c>" for place in range(8))
                sheet.write(f'<row r="{row}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
    return made


FILES: dict[str, tuple[Callable[[], object], int]] = {
    "csv": (lambda: Repeated(NAMES, LINE, 4_000_000), 4_000_000),
    "gb18030": (
        lambda: Repeated(
            NAMES.decode().encode("gb18030"), LINE.decode().encode("gb18030"), 2_000_000
        ),
        2_000_000,
    ),
    "ndjson": (lambda: Repeated(b"", RECORD + b"\n", 300_000), 300_000),
    "json": (lambda: Repeated(b"[", RECORD + b",", 200_000, RECORD + b"]"), 200_001),
    "xlsx": (sheet_of_many_rows, 149_999),
    "ten gigabytes in a line": (lambda: Repeated(NAMES + LINE, b"x" * 1000, 10_000_000), -3),
    "ten gigabytes in a cell": (
        lambda: Repeated(NAMES + LINE + b'"', b"x,\n" * 1000, 3_000_000),
        -3,
    ),
    "ten gigabytes in a record": (
        lambda: Repeated(b'[{"a": "' + "张".encode(), b"x" * 1000, 10_000_000),
        -1,
    ),
    "ten gigabytes of a preamble": (
        lambda: Repeated(b'{"a": "' + "张".encode(), b"x" * 1000, 10_000_000),
        -1,
    ),
}


@pytest.mark.parametrize("name", list(FILES))
def test_memory_is_bounded(name: str) -> None:
    done = subprocess.run(
        [sys.executable, __file__, name],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows, grown = map(int, done.stdout.split())
    assert rows == FILES[name][1]
    assert grown < MOST_MEBIBYTES


def main(name: str) -> None:
    """Rows read, or the row that is refused as a negative number; and mebibytes taken."""
    from ringfence.errors import UserError
    from ringfence.sources.delivered import Delivered
    from ringfence.sources.raw.model import Form
    from ringfence.sources.raw.reading import read_raw

    file = cast(BinaryIO, FILES[name][0]())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        raw = read_raw(Delivered(file, "file", 0), Form(), lambda _: None)
        rows = sum(len(chunk.rows) for chunk in raw.chunks())
    except UserError as error:
        words = error.text.en.replace(":", " ").split()
        place = words.index("row") if "row" in words else words.index("record")
        rows = -int(words[place + 1])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"{rows} {grown >> 10}\n")


if __name__ == "__main__":
    main(sys.argv[1])
