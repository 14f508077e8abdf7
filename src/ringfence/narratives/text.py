"""A text as the grammar reads it, without losing where each character stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from ringfence.narratives.markup import seen_signs

_ONE_WRITING = {
    "：": ":",
    "∶": ":",
    "～": "~",
    "〜": "~",
    "－": "-",
    "—": "-",
    "–": "-",
    "―": "-",
    "‐": "-",
    "‑": "-",
    "（": "(",
    "）": ")",
    "［": "(",
    "］": ")",
    "【": "(",
    "】": ")",
    "[": "(",
    "]": ")",
    "〇": "0",
    "’": "'",
    "‘": "'",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u3000": " ",
    "\t": " ",
    "\r": " ",
}
_HALF_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    sign: sign for sign in "，；！？"
}
_WRITTEN = str.maketrans(_HALF_WIDTH | _ONE_WRITING)
_ONES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL = re.compile(
    r"[一二两三四五六七八九十]{1,3}(?=月[一二三四五六七八九十]{1,3}[日号])"
    r"|(?<=月)[一二三四五六七八九十]{1,3}(?=[日号])"
    r"|(?<![一二两三四五六七八九十几])[一二两三四五六七八九十]{1,3}"
    r"(?=[点时](?:半(?!酒吧|粥|店|书|咖啡|面)|[一二三四五六七八九十]{1,3}分|钟|多|许|左右|整|[从到至在去前乘出起回返该他她我其由坐骑开下上吃买和与独步驾进入抵来离,，。、-]|\d))"
    r"|(?<=[点时])[一二三四五六七八九十]{1,3}(?=分)"
)
_DATED = (
    "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\b"
)
_WRAPPED = re.compile(
    r"(?<=[^\n]{40})(?<![。;；.!?！？:\s])\n(?=[a-z])"
    rf"|(?<=[^\n]{{40}})(?<=[A-Za-z,&])(?<![\d ][ap]m)\n(?!{_DATED})(?=[A-Z][\w'-]*[ ,.])"
    r"|(?<=[^\n]{30})(?<=[\u4e00-\u9fff，,、])\n(?=[\u4e00-\u9fff])"
)
"""A line break within a sentence of a narrow page."""


@dataclass(frozen=True)
class Narrative:
    """`original` as it was written. `plain`: full width as half width, one sign for each dash and
    colon, Chinese numerals of days and clocks as digits, without characters that nobody sees;
    CJK punctuation and line breaks stay.
    """

    original: str

    @property
    def plain(self) -> str:
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[str, list[int]]:
        seen = [(sign, at) for sign, at in seen_signs(self.original) if not _unseen(sign)]
        kept = [at for _, at in seen]
        written = "".join(sign for sign, _ in seen).translate(_WRITTEN)
        written = _WRAPPED.sub(" ", written)
        parts: list[str] = []
        stood: list[int] = []
        last = 0
        for found in _NUMERAL.finditer(written):
            number = _number(found.group())
            if number is None:
                continue
            parts += [written[last : found.start()], number]
            stood += kept[last : found.start()]
            first, end = kept[found.start()], kept[found.end() - 1]
            stood += (
                [first, end]
                if len(number) > 1
                else [first if found.end() - found.start() == 1 else end]
            )
            last = found.end()
        return "".join(parts) + written[last:], stood + kept[last:]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of the original that [start, end) of `plain` stands for."""
        stood = self._read[1]
        if start == end:
            at = stood[start] if start < len(stood) else len(self.original)
            return at, at
        return stood[start], stood[end - 1] + 1

    def name(self, start: int, end: int) -> str:
        """As it is written, on one line and without what nobody sees."""
        words = self.words(start, end)
        seen = "".join(sign for sign, _ in seen_signs(words) if not _unseen(sign))
        return " ".join(seen.split())

    def words(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.original[first:last]


def _unseen(sign: str) -> bool:
    """Zero-width characters, marks of direction and of order, soft hyphens, controls."""
    return sign not in "\n\t\r" and unicodedata.category(sign) in {"Cf", "Cc"}


def _number(numeral: str) -> str | None:
    """Up to 99 in digits: 二十一 is 21."""
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or (not ten and len(numeral) > 1):
        return None
    value = (10 * _ONES.get(tens, 1) if ten else 0) + (_ONES[ones] if ones else 0)
    return str(value)
