"""Vectorised reading of the forms that nearly all values have.

Each reader returns which values it takes, and what it makes of them: a subset of what `values`
accepts, with the same result. All else is left to `values`.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.records import INSTANT, Column, Kind
from ringfence.sources.frame import EPOCH, FIRST_YEAR, SECOND, Frame
from ringfence.sources.keys import KEY_LENGTH, TEXT_LENGTH
from ringfence.sources.values import holds_no_identity

_YEAR = "(?:19|20)[0-9]{2}"
_LEAP = "(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)"
_DAY = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)"
)
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?"
_OFFSET = "(?:Z|[+-](?:0[0-9]|1[0-3])(?::?[0-5][0-9])?)"
_INSTANT = f"^{_DAY}[T ]{_CLOCK}{_OFFSET}$"

# Runs of at most ten digits, apart from letters: no telephone or ID number has that shape.
_SUBJECT = (
    "^(?:[0-9]{0,10}(?:[A-Za-z_:/#.]-?[0-9]{0,10})*|[0-9]{12}|[0-9]{14}"
    "|(?:[A-Za-z_]{1,2}|[A-Za-z_]{4,16})[0-9]{1,17}"
    "|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"
)
_KEY = r"^[A-Za-z0-9_#/.:()\p{Han}](?:[A-Za-z0-9 _.:/#()\p{Han}-]*[A-Za-z0-9_.:/#()\p{Han}-])?$"
_TEXT = r"^[A-Za-z0-9\p{Han}][A-Za-z0-9\p{Han} ,.;:()/#&'_，。、（）-]*$"
_UNKNOWN = "^(?i:unknown) *$"
_NUMBER = "^-?[0-9]{1,15}(?:[.][0-9]{1,15})?$"
_WHOLE = "^[0-9]{1,15}$"

Read = tuple[pa.BooleanArray, pa.Array]


def read_fast(column: Column, strings: pa.StringArray, frame: Frame) -> Read | None:
    """The values taken and their meaning (null where not taken); None: nothing is taken."""
    reader = _READERS.get(column.kind)
    return None if reader is None else reader(column, strings, frame)


def _symbols(pattern: str, longest: int, column: Column, strings: pa.StringArray) -> Read:
    taken = pc.match_substring_regex(strings, pattern)
    lengths = pc.binary_length(strings)
    shortest_and_longest = pc.min_max(lengths)
    if (shortest_and_longest["max"].as_py() or 0) > longest:
        taken = pc.and_(taken, pc.less_equal(lengths, longest))
    if pc.any(pc.is_in(pc.binary_slice(strings.cast(pa.binary()), 0, 1), _U)).as_py():
        taken = pc.and_not(taken, pc.match_substring_regex(strings, _UNKNOWN))
    if (shortest_and_longest["min"].as_py() or 0) > 0:
        return taken, strings
    empty = pc.equal(lengths, 0)
    values = pc.if_else(empty, pa.scalar(None, pa.string()), strings)
    if column.may_be_empty:
        return pc.or_(taken, empty), values
    return pc.and_not(taken, empty), values


_U = pa.array([b"u", b"U"])


def _key(column: Column, strings: pa.StringArray, _: Frame) -> Read:
    pattern = _SUBJECT if holds_no_identity(column) else _KEY
    return _symbols(pattern, KEY_LENGTH, column, strings)


def _text(column: Column, strings: pa.StringArray, _: Frame) -> Read:
    return _symbols(_TEXT, TEXT_LENGTH, column, strings)


def _instant(column: Column, strings: pa.StringArray, frame: Frame) -> Read:
    taken = pc.match_substring_regex(strings, _INSTANT)
    if not pc.all(taken).as_py():
        strings = pc.if_else(taken, strings, pa.scalar(None, pa.string()))
    instants = cut_to_seconds(strings.cast(INSTANT))
    latest = pa.scalar(frame.latest(column.tense), INSTANT)
    past = pc.min_max(instants)
    if past["max"].is_valid and past["max"].as_py() > latest.as_py():
        taken = pc.and_(taken, pc.fill_null(pc.less_equal(instants, latest), False))
    return taken, instants


def cut_to_seconds(instants: pa.Array) -> pa.Array:
    """Drop fractions of a second, towards the past."""
    numbers = instants.cast(pa.int64())
    cut = pc.multiply(pc.divide(numbers, SECOND), SECOND)
    if pc.all(pc.equal(cut, numbers)).as_py() is not False:
        return instants
    before_1970 = pc.and_(pc.less(numbers, 0), pc.not_equal(cut, numbers))
    return pc.if_else(before_1970, pc.subtract(cut, SECOND), cut).cast(INSTANT)


def _number(column: Column, strings: pa.StringArray, _: Frame) -> Read:
    return _bounded(column, strings, _NUMBER, pa.float64())


def _whole(column: Column, strings: pa.StringArray, _: Frame) -> Read:
    return _bounded(column, strings, _WHOLE, pa.int64())


def _bounded(column: Column, strings: pa.StringArray, pattern: str, kind: pa.DataType) -> Read:
    taken = pc.match_substring_regex(strings, pattern)
    numbers = pc.if_else(taken, strings, pa.scalar(None, pa.string())).cast(kind)
    return pc.and_(taken, pc.fill_null(within_bounds(column, numbers), False)), numbers


def within_bounds(column: Column, numbers: pa.Array) -> pa.BooleanArray:
    inside = pc.is_valid(numbers)
    if column.least is not None:
        inside = pc.and_(inside, pc.greater_equal(numbers, column.least))
    if column.most is not None:
        inside = pc.and_(inside, pc.less_equal(numbers, column.most))
    return inside


def first_instant() -> pa.Scalar:
    return pa.scalar(EPOCH.replace(year=FIRST_YEAR), INSTANT)


_READERS: dict[Kind, Callable[[Column, pa.StringArray, Frame], Read]] = {
    Kind.KEY: _key,
    Kind.TEXT: _text,
    Kind.INSTANT: _instant,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
}
