"""Which encoding a text has, found from its bytes and used on the way."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.sources.raw.delivering import read
from tests.unit.sources.raw.test_archives import archive

from ringfence.errors import DataError
from ringfence.sources.raw.encodings import Transcoded, encoding_named, find_encoding

CHINESE = "".join(f"张三{i},旅馆住宿登记,北京市东城区\n" for i in range(100))


@pytest.mark.parametrize(
    ("content", "name", "sure"),
    [
        (b"plain,ascii\n1,2\n", "utf-8", True),
        (CHINESE.encode(), "utf-8", True),
        (CHINESE.encode("utf-8-sig"), "utf-8", True),
        (CHINESE.encode("gb18030"), "gb18030", True),
        (CHINESE.encode("utf-16"), "utf-16-le", True),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16-be", True),
        ("name,id\nwang,1\n".encode("utf-16-le"), "utf-16-le", False),
        ("name,id\nwang,1\n".encode("utf-16-be"), "utf-16-be", False),
        ("André,Müller\n".encode("latin-1"), "utf-8", False),
        (CHINESE.encode() + "王五\n".encode("gbk"), "utf-8", False),
        (b"\x00" * 100, "utf-8", True),
        (b"", "utf-8", True),
    ],
)
def test_found(content: bytes, name: str, sure: bool) -> None:
    found = find_encoding(io.BytesIO(content))
    assert (found.name, found.sure) == (name, sure)


@pytest.mark.parametrize("place", [10, 1 << 20, (1 << 20) + 1, (3 << 20) - 2])
def test_found_however_late_the_first_character_comes(place: int) -> None:
    plain = b"a,b\n" * (place // 4) + b"x" * (place % 4) + b"\n"
    found = find_encoding(io.BytesIO(plain + CHINESE.encode("gb18030")))
    assert found.name == "gb18030"


@given(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]),
    st.integers(1, 50),
)
def test_transcoding_keeps_every_character(text: str, encoding: str, size: int) -> None:
    fed: list[bytes] = []
    content = text.encode(encoding)
    source = Transcoded(io.BytesIO(content), encoding, fed.append)
    pieces: list[bytes] = []
    while piece := source.read(size):
        pieces.append(piece)
    if source.bad is not None:
        assert source.bad_is_utf8
        return
    assert b"".join(pieces) == text.removeprefix("\ufeff").encode()
    assert b"".join(fed) == content


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "gb18030", "utf-16-le"]))
def test_it_ends_where_the_encoding_does(content: bytes, encoding: str) -> None:
    source = Transcoded(io.BytesIO(content), encoding, lambda _: None)
    got = b""
    while piece := source.read(64):
        got += piece
    got.decode()
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        assert source.bad is not None


def test_names_of_encodings() -> None:
    assert encoding_named("GBK") == encoding_named(" gb2312 ") == "gb18030"
    assert encoding_named("UTF_8") == encoding_named("utf-8-sig") == "utf-8"
    assert encoding_named("Shift_JIS") == encoding_named("sjis") == "cp932"
    with pytest.raises(DataError, match="there are: utf-8"):
        encoding_named("rot13")


def offered() -> list[str]:
    with pytest.raises(DataError) as caught:
        encoding_named("rot13")
    return caught.value.text.en.split("there are: ")[1].split(", ")


@pytest.mark.parametrize("name", offered())
def test_a_text_in_every_encoding_that_is_offered(name: str) -> None:
    """Bare and in an archive, the members of which are opened twice."""
    codec = encoding_named(name)
    assert encoding_named(codec) == codec
    held = "Name,Note\nAnn,1\n".encode(codec)
    assert read(held, "a.csv", encoding=name).column("Name") == ["Ann"]
    assert read(archive(("a.csv", held)), "a.zip", encoding=name).column("Name") == ["Ann"]
    kept = '[{"Name": "Ann"}]'.encode(codec)
    assert read(archive(("a.json", kept)), "a.zip", encoding=name).column("Name") == ["Ann"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shift_jis", "氏名"),
        ("euc-kr", "성명"),
        ("big5-hkscs", "姓名"),
        ("windows-1252", "Prénom"),
        ("gbk", "姓名"),
    ],
)
def test_names_of_columns_in_other_encodings(name: str, text: str) -> None:
    held = f"{text},Note\nAnn,1\n".encode(encoding_named(name))
    assert read(archive(("a.csv", held)), "a.zip", encoding=name).raw.columns == (text, "Note")
