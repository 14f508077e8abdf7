"""One value at a time, exactly: slow, and the judge of what the vectorised reading may accept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from ringfence.records import Column, Kind
from ringfence.sources import keys, reasons, times
from ringfence.sources.frame import Frame
from ringfence.sources.reasons import RefusedError

Value: TypeAlias = str | bool | int | float | date | list[str] | tuple[int, str] | None

_TRUE = frozenset({"true", "yes", "1", "y", "t", "是"})
_FALSE = frozenset({"false", "no", "0", "n", "f", "否"})
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NUMBER_LENGTH = 64
IDENTITY_FREE = frozenset({"case", "cases", "vehicle"})


def holds_no_identity(column: Column) -> bool:
    """Whether the column keys a person, so that shapes of ID numbers and phones are refused."""
    return column.subject_key or column.name in IDENTITY_FREE


def read_value(column: Column, text: str, frame: Frame) -> Value:
    """The value that the text stands for, None where unknown; raises RefusedError."""
    keys.check_printable(text)
    bare = text.strip()
    if not bare or bare.lower() == "unknown":
        if column.may_be_empty:
            return None
        raise RefusedError(reasons.EMPTY)
    return _READERS[column.kind](column, text, frame)


def _key(column: Column, text: str, _: Frame) -> str:
    keys.check_key(text, identity_shapes=holds_no_identity(column))
    return text


def _text(_column: Column, text: str, _: Frame) -> str:
    keys.check_text(text)
    return text


def _word(column: Column, text: str, _: Frame) -> str:
    word = text.strip().lower()
    if word not in column.words:
        raise RefusedError(reasons.not_a_word(column))
    return word


def _words(column: Column, text: str, _: Frame) -> list[str]:
    parts = [part.strip(" ") for part in text.split(";")]
    return check_words(column, [part for part in parts if part])


def check_words(column: Column, parts: list[str]) -> list[str]:
    for part in parts:
        keys.check_key(part, identity_shapes=holds_no_identity(column))
        if column.words and part not in column.words:
            raise RefusedError(reasons.not_a_word(column))
    if not parts and not column.may_be_empty:
        raise RefusedError(reasons.EMPTY)
    return parts


def _truth(_column: Column, text: str, _: Frame) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise RefusedError(reasons.NOT_A_TRUTH)


def _whole(column: Column, text: str, _: Frame) -> int:
    if not _WHOLE.fullmatch(text):
        raise RefusedError(reasons.NOT_WHOLE)
    number = int(text)
    _check_bounds(column, number)
    return number


def _number(column: Column, text: str, _: Frame) -> float:
    if len(text) > _NUMBER_LENGTH or not _NUMBER.fullmatch(text):
        raise RefusedError(reasons.NOT_A_NUMBER)
    number = float(text)
    if not math.isfinite(number):
        raise RefusedError(reasons.NOT_A_NUMBER)
    _check_bounds(column, number)
    return number


def _check_bounds(column: Column, number: float) -> None:
    if column.least is not None and number < column.least:
        if column.least == 0:
            raise RefusedError(reasons.NEGATIVE)
        raise RefusedError(reasons.out_of_bounds(column))
    if column.most is not None and number > column.most:
        raise RefusedError(reasons.out_of_bounds(column))


_READERS: dict[Kind, Callable[[Column, str, Frame], Value]] = {
    Kind.KEY: _key,
    Kind.TEXT: _text,
    Kind.WORD: _word,
    Kind.WORDS: _words,
    Kind.INSTANT: times.read_instant,
    Kind.MOMENT: times.read_moment,
    Kind.DATE: times.read_day,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.TRUTH: _truth,
}
