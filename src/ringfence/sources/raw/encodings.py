"""Which encoding a text has, and reading it as UTF-8 on the way."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from ringfence.errors import DataError
from ringfence.sources.delivered import read_pieces
from ringfence.sources.raw.model import Given

UTF8 = "utf-8"
GB18030 = "gb18030"
_NAMES = {
    "utf-8": UTF8,
    "utf8": UTF8,
    "utf-8-sig": UTF8,
    "ascii": UTF8,
    "gb18030": GB18030,
    "gbk": GB18030,
    "gb2312": GB18030,
    "cp936": GB18030,
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "big5": "big5",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
}
_SETTLED = [(known, known) for known in _NAMES.values()]
_SAMPLE = 1 << 18
_PIECE = 1 << 20
_SHOWN_TO_GUESS = 4096
_MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

# Two three-byte characters of UTF-8; a run of them between ASCII.
_UTF8_PAIR = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}[\xe2-\xef][\x80-\xbf]{2}")
_UTF8_RUN = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2}){2,64}(?![\x80-\xff])")
_BEYOND_GB2312 = re.compile(rb"[\x80-\xa0]")

Feed = Callable[[bytes], None]


@dataclass(frozen=True)
class Encoding:
    """`sure`: a mark or every byte of the sample says so. `looks_like`: what else it may be."""

    name: str
    sure: bool = True
    looks_like: str | None = None


def encoding_named(name: str) -> str:
    """Python's name of an encoding that a form may name, by any of the names that Python knows."""
    known = _by_codec().get(_codec(name))
    if known is None:
        offered = ", ".join(_NAMES)
        raise DataError(
            f"there is no encoding of that name; there are: {offered}",
            f"没有该名称的编码；可用的编码：{offered}",
        )
    return known


@cache
def _by_codec() -> dict[str, str]:
    """What is given back is taken as well: a member of an archive is opened twice."""
    return {_codec(name): known for name, known in (*_SETTLED, *_NAMES.items())}


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""


def encoding_of(given: Given) -> str:
    """As the form says, else as the bytes look."""
    if given.form.encoding is None:
        return find_encoding(given.file).name
    return resolved(given.file, encoding_named(given.form.encoding))


def resolved(file: BinaryIO, name: str) -> str:
    """UTF-16 with its order of bytes."""
    if name != "utf-16":
        return name
    found = find_encoding(file).name
    return found if found in ("utf-16-le", "utf-16-be") else "utf-16-le"


def find_encoding(file: BinaryIO) -> Encoding:
    """From the byte order mark, else from the first text that is not plain ASCII."""
    file.seek(0)
    head = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    wide = _without_mark(head)
    if wide is not None:
        return Encoding(wide, sure=False)
    sample = _first_beyond_ascii(file)
    if sample is None:
        return Encoding(UTF8)
    return _of_sample(sample)


def _without_mark(head: bytes) -> str | None:
    """UTF-16 shows by its zero bytes: each line has ASCII separators."""
    pairs = head[: len(head) // 2 * 2][:4096]
    if len(pairs) < 4:
        return None
    even, odd = pairs[0::2].count(0), pairs[1::2].count(0)
    if odd > len(pairs) // 8 and even * 8 < odd:
        return "utf-16-le"
    if even > len(pairs) // 8 and odd * 8 < even:
        return "utf-16-be"
    return None


def _first_beyond_ascii(file: BinaryIO) -> bytes | None:
    before = b""
    for piece in read_pieces(file):
        if not piece.isascii():
            place = next(re.finditer(rb"[\x80-\xff]", piece)).start()
            start = max(piece.rfind(b"\n", 0, place) + 1, place - 4096)
            sample = (before[-4096:] if not start else b"") + piece[start : start + _SAMPLE]
            sample += file.read(max(_SAMPLE - len(sample), 0))
            return sample[sample.find(b"\n", 0, 4096) + 1 :] if start == 0 and before else sample
        before = piece
    return None


def _of_sample(sample: bytes) -> Encoding:
    whole = sample.splitlines()
    if len(sample) >= _SAMPLE and len(whole) > 1:
        # The sample may end within a character.
        whole.pop()
    lines = [line for line in whole if not line.isascii()] or [sample]
    good = Counter[str]()
    for line in lines:
        for name in (UTF8, GB18030):
            good[name] += _decodes(line, name)
    if good[UTF8] == len(lines) or good[UTF8] * 2 > len(lines):
        return Encoding(UTF8, sure=good[UTF8] == len(lines))
    if good[GB18030] * 10 > len(lines) * 9 and _is_chinese(b"".join(lines)):
        return Encoding(GB18030, sure=good[GB18030] == len(lines))
    return Encoding(UTF8, sure=False, looks_like=_guessed(b"\n".join(lines[:200])))


def _decodes(line: bytes, name: str) -> bool:
    try:
        line.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(text: bytes) -> bool:
    """Four fifths of what is not ASCII are characters of daily use and their punctuation.

    Other encodings of two bytes give as many characters, but rare ones.
    """
    beyond = Counter(sign for sign in text.decode(GB18030, "replace") if sign > "\x7f")
    common = sum(count for sign, count in beyond.items() if _is_common(sign))
    return common * 5 >= sum(beyond.values()) * 4


def _is_common(sign: str) -> bool:
    """The first level of GB 2312, or its punctuation and full-width forms."""
    try:
        lead = sign.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3


def _guessed(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return None if best is None else best.encoding


class Transcoded(io.RawIOBase):
    """A text in another encoding, read as UTF-8. `feed` gets the bytes as they are.

    At what is no character of the encoding it ends, and `bad` holds what follows from there. A line
    of UTF-8 within a GB18030 file would turn into other characters without a word: it ends it too.
    """

    def __init__(self, file: BinaryIO, encoding: str, feed: Feed) -> None:
        super().__init__()
        self._file = file
        self._feed = feed
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._held = b""
        self._ready = b""
        self._begun = False
        self._ended = False
        self.bad: bytes | None = None
        self.bad_is_utf8 = False
        file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none only at the end."""
        wanted = _PIECE if size is None or size < 0 else size
        while not self._ready and not self._ended:
            piece = self._file.read(max(wanted, 4096))
            self._feed(piece)
            text = self._decoded(piece)
            if text and not self._begun:
                self._begun = True
                text = text.removeprefix("\ufeff")
            self._ready = text.encode("utf-8", "replace")
        given, self._ready = self._ready[:wanted], self._ready[wanted:]
        return given

    def readable(self) -> bool:
        return True

    def _decoded(self, piece: bytes) -> str:
        last = not piece
        self._ended = last
        piece = self._held + piece
        self._held = b""
        if self._encoding == GB18030:
            piece = self._until_utf8(piece, last)
        try:
            return self._decoder.decode(piece, last)
        except UnicodeDecodeError as fault:
            self._break_off(fault.object[fault.start :])
            return fault.object[: fault.start].decode(self._encoding)

    def _until_utf8(self, piece: bytes, last: bool) -> bytes:
        """Hold back what has no line end yet: a run is judged with what stands on both sides."""
        if not last:
            cut = piece.rfind(b"\n") + 1
            if cut:
                piece, self._held = piece[:cut], piece[cut:]
        for pair in _UTF8_PAIR.finditer(piece):
            start = pair.start()
            if start and piece[start - 1] >= 0x80:
                continue
            run = _UTF8_RUN.match(piece, start)
            if run is not None and _is_utf8_chinese(run.group()):
                self._break_off(piece[start:])
                self.bad_is_utf8 = True
                return piece[:start]
        return piece

    def _break_off(self, rest: bytes) -> None:
        self._ended = True
        self.bad = rest[:_SHOWN_TO_GUESS]


def _is_utf8_chinese(run: bytes) -> bool:
    """As UTF-8 it is common Chinese, as GB18030 it would need rare characters."""
    if not _BEYOND_GB2312.search(run):
        return False
    try:
        run.decode("utf-8").encode("gb2312")
    except UnicodeError:
        return False
    return True
