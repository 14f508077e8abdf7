"""Archives: each member a part with rows of its own, and no more unpacked than may be."""

from __future__ import annotations

import io
import struct
import time
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sources.raw.delivering import read, refused
from tests.unit.sources.raw.sheets import workbook

from ringfence.errors import UserError

CSV = "姓名,备注\n张三,甲\n李四,乙\n".encode()


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as new:
        for name, content in members:
            new.writestr(name, content)
    return made.getvalue()


def test_members_are_parts() -> None:
    content = archive(
        ("a.csv", CSV),
        ("sub/", b""),
        ("sub/b.xlsx", workbook(["姓名"], ["王五"])),
        ("c.json", b'[{"k": 1}]'),
        ("d.ndjson", b'{"k": 1}\n{"k": 2}\n'),
        ("e.txt", "姓名\t备注\n赵六\t丙\n".encode("gb18030")),
    )
    got = read(content, "tickets.zip")
    assert [part.name for part in got.raw.parts] == [
        "a.csv",
        "sub/b.xlsx/Sheet",
        "c.json",
        "d.ndjson",
        "e.txt",
    ]
    assert list(got.rows) == [(0, 2), (0, 3), (1, 2), (2, 1), (3, 1), (3, 2), (4, 2)]
    assert got.raw.columns == ("姓名", "备注", "k")
    assert got.raw.found[4].form.encoding == "gb18030"
    assert got.raw.found[0].members[0] == "a.csv"


def test_what_file_managers_leave_behind_is_no_part() -> None:
    content = archive(
        ("__MACOSX/._a.csv", b"x"), (".DS_Store", b"x"), ("~$a.xlsx", b"x"), ("Thumbs.db", b"x"),
        ("a.csv", CSV),
    )  # fmt: skip
    assert [part.name for part in read(content).raw.parts] == ["a.csv"]
    assert "holds no file" in refused(archive((".DS_Store", b"x")))
    assert "holds no file" in refused(archive())


def test_chinese_names_of_members_without_a_mark() -> None:
    content = archive(("AAAA.csv", CSV)).replace(b"AAAA", "住宿".encode("gbk"))
    assert read(content).raw.parts[0].name == "住宿.csv"


def test_faults_name_the_member_and_the_row() -> None:
    content = archive(("a.csv", CSV), ("b.csv", CSV + b"\xff,\n"))
    assert "t.zip/b.csv, row 4: the text is not UTF-8" in refused(content, "t.zip")
    assert "t.zip/a.csv is empty" in refused(archive(("a.csv", b"")), "t.zip")


def test_archive_within_an_archive() -> None:
    content = archive(("inner.zip", archive(("a.csv", CSV))))
    assert "is an archive within an archive" in refused(content)


def test_password() -> None:
    content = bytearray(archive(("a.csv", CSV)))
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    assert "protected by a password" in refused(bytes(content))


def test_method_of_compression_that_is_not_read() -> None:
    content = bytearray(archive(("a.csv", CSV)))
    content[8] = 99
    content[content.rfind(b"PK\x01\x02") + 10] = 99
    assert "compressed in a way that is not read" in refused(bytes(content))


def bomb(size: int) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
        new.open("a.csv", "w", force_zip64=True) as member,
    ):
        member.write(CSV)
        for _ in range(size >> 20):
            member.write(b"a,b\n" * (1 << 18))
    return made.getvalue()


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    content = bomb(80 << 20)
    assert "unpacks to more than 200 times its size" in refused(content)


def test_two_gigabytes_that_claim_two_terabytes() -> None:
    """The directory alone tells: nothing is unpacked."""
    content = bytearray(archive(("a.csv", CSV)))
    place = content.rfind(b"PK\x01\x02")
    start, end = content[:place], content[place:]
    name_end = 46 + len("a.csv")
    extra = struct.pack("<HHQ", 1, 8, 2 << 40)
    entry = bytearray(end[:name_end]) + extra
    struct.pack_into("<I", entry, 24, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    tail = bytearray(end[name_end:])
    struct.pack_into("<I", tail, 12, len(entry))
    begun = time.monotonic()
    assert "unpacks to more than 200 times" in refused(bytes(start + entry + tail))
    assert time.monotonic() - begun < 5


def test_size_that_is_claimed_too_small() -> None:
    """What is beyond the claimed size is not read: the check of the content fails."""
    content = bytearray(bomb(80 << 20))
    for place, offset in ((0, 22), (content.rfind(b"PK\x01\x02"), 24)):
        struct.pack_into("<I", content, place + offset, 1000)
    assert refused(bytes(content))


def test_members_that_overlap() -> None:
    content = bytearray(archive(("a.csv", CSV), ("b.csv", CSV)))
    second = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)
    assert "is not a whole ZIP archive" in refused(bytes(content))


def test_too_many_members() -> None:
    content = archive(*((f"{i}.csv", b"a\n") for i in range(1001)), method=zipfile.ZIP_STORED)
    assert "more than 1,000 files" in refused(content)


def test_directory_that_claims_to_be_huge() -> None:
    content = bytearray(archive(("a.csv", CSV)))
    struct.pack_into("<I", content, content.rfind(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    assert "more than 1,000 files" in refused(bytes(content))


@settings(max_examples=80)
@given(st.data())
def test_damaged_archive_gives_rows_or_a_message(data: st.DataObject) -> None:
    content = bytearray(archive(("a.csv", CSV), ("b.json", b'[{"a": 1}]')))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        read(bytes(content), "a.zip")
    except UserError as error:
        assert error.text.en
        assert error.text.zh
