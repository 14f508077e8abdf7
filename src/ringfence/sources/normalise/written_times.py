"""One date or time as people write it, exactly: what no fixed form takes.

`2022年9月19日 8时30分`, `2022/9/19 8:30`, `19 Sep 2022`, spreadsheet serials, ISO 8601 with offset.
Two-digit years, and days that may be months, are refused: the mapping names their form instead.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import ROUNDED
from ringfence.sources.reasons import HOUR_24, OFFSET_RANGE, RefusedError

SERIAL = "serial"
SERIAL_1904 = "serial1904"
EPOCH_SECONDS = "epoch"
EPOCH_MILLISECONDS = "epoch_ms"
NUMBER_FORMS = (SERIAL, SERIAL_1904, EPOCH_SECONDS, EPOCH_MILLISECONDS)
"""Forms beside those of strptime: days of a spreadsheet, seconds or milliseconds since 1970."""

_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  local days, whatever the zone
_SERIAL_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,20})?", re.ASCII)
_COUNT = re.compile(r"\d{1,13}", re.ASCII)
_ZONE_NAME = "%Z"  # names of zones are not unique: CST is China's and Chicago's
_MOST_OFFSET = timedelta(hours=14)

_HALF = r"上午|中午|下午|晚上|早上|凌晨|[AaPp]\.?[Mm]\.?"
_CLOCK = (
    rf"(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})"
    r"(?:[时点](?:(?P<said>\d{1,2}|半|一刻|三刻)分?)?|:(?P<minute>\d{2})|(?=\s*[AaPp]\.?[Mm]))"
    r"(?:(?::|(?<=分))(?P<second>\d{1,2})(?:\.\d{1,9})?秒?)?\s*(?P<after>[AaPp]\.?[Mm]\.?)?"
)
_OFFSET_SHAPE = r"\s*(?P<offset>Z|[+-]\d{2}(?::?\d{2})?)?"
_YEAR_FIRST = (
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_COMPACT = r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = (
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<name>[A-Za-z]{3,9})\.?[\s,-]+"
    r"|(?P<name2>[A-Za-z]{3,9})\.?[\s-]+(?P<day2>\d{1,2})(?:st|nd|rd|th)?[\s,]+)(?P<year>\d{4})"
)
_JOIN = r"(?:[T\s,]+|(?<=[日号])|(?=[上下中晚早凌]))(?:星期[一二三四五六日天]\s*)?"
_WHOLE = tuple(
    re.compile(rf"{day}(?:{_JOIN}{_CLOCK}{_OFFSET_SHAPE})?", re.ASCII)
    for day in (_YEAR_FIRST, _COMPACT, _NAMED)
)
_COMPACT_CLOCK = re.compile(
    rf"{_COMPACT}[T\s]?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?{_OFFSET_SHAPE}",
    re.ASCII,
)
_CLOCK_ONLY = re.compile(_CLOCK, re.ASCII)
_FRACTION = re.compile(r"0(?:\.\d{1,20})?", re.ASCII)
_WITH_OFFSET = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)", re.ASCII
)
_DAY_CELL = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00 +(?=\S)", re.ASCII)
_TIME_CELL = re.compile(r"(?:1899-12-3[01]|1900-01-0[01])[T ](?=\d\d:\d\d)", re.ASCII)
_TWO_DIGITS = re.compile(
    r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\D.*)?|\d{6}|\d{1,2}[\s-][A-Za-z]{3,9}[\s,-]+\d{2}"
)
_DAY_OR_MONTH = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:\D.*)?")
_MORNING = frozenset(["上午", "凌晨", "早上", "am"])
_HALVES = {"半": 30, "一刻": 15, "三刻": 45, None: 0}


class Written:
    """What was written: a local day, perhaps a time of day, perhaps an instant (with offset)."""

    __slots__ = ("day", "instant", "time")

    def __init__(
        self, day: date, moment: time | None = None, instant: datetime | None = None
    ) -> None:
        self.day, self.time, self.instant = day, moment, instant


def names_its_offset(text: str) -> bool:
    """ISO 8601 with an offset: it says itself which instant it is, whatever form was named."""
    return _WITH_OFFSET.fullmatch(text) is not None


def joined_cells(text: str) -> str:
    """A day and a time of day of a workbook, joined, as the two cells show them."""
    return _TIME_CELL.sub("", _DAY_CELL.sub(r"\1 ", text))


def by_forms(text: str, forms: tuple[str, ...]) -> Written | None:
    """By the forms that a mapping names, the first that fits."""
    for form in forms:
        if form in NUMBER_FORMS:
            written = _counted(text, form)
            if written is not None:
                return written
            continue
        moment = by_form(text, form)
        if moment is None:
            continue
        if moment.tzinfo is not None:
            instant = _in_utc(moment)
            return Written(moment.date(), moment.time(), instant)
        has_time = any(mark in form for mark in ("%H", "%I", "%X", "%c", "%T", "%R"))
        return Written(moment.date(), moment.time() if has_time else None)
    return None


def is_form(form: str) -> bool:
    """Whether times can be written in it at all; a form that is none fits no text."""
    if form in NUMBER_FORMS:
        return True
    if _ZONE_NAME in form:
        return False
    try:
        datetime.strptime("", form)  # noqa: DTZ007
    except ValueError as fault:
        return "does not match" in str(fault)
    except (re.error, IndexError, KeyError):
        return False
    return False


def by_form(text: str, form: str) -> datetime | None:
    """By one form of strptime; None where it does not fit. A Z at its end is UTC."""
    if _ZONE_NAME in form:
        return None
    try:
        moment = datetime.strptime(text, form)  # noqa: DTZ007  local unless %z is read
    except (ValueError, re.error, IndexError, KeyError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if form.endswith("Z") else moment


def by_itself(text: str) -> Written:
    """By what the text itself makes sure of; raises RefusedError."""
    if _SERIAL.fullmatch(text):
        found = _counted(text, SERIAL)
        if found is not None:
            return found
    for shape in (_COMPACT_CLOCK, *_WHOLE):
        found_shape = shape.fullmatch(text)
        if found_shape:
            return _put_together(found_shape)
    if ROUNDED.fullmatch(text):
        raise RefusedError(wording.ROUNDED)
    if _DAY_OR_MONTH.fullmatch(text):
        raise RefusedError(wording.DAY_OR_MONTH)
    if _TWO_DIGITS.fullmatch(text):
        raise RefusedError(wording.TWO_DIGIT_YEAR)
    raise RefusedError(wording.DATE_TIME)


def read_clock(text: str) -> time:
    """A time of day, or the fraction of a day that a spreadsheet keeps."""
    if _FRACTION.fullmatch(text):
        seconds = round(float(text) * 86_400)
        if seconds < 86_400:
            return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    found = _CLOCK_ONLY.fullmatch(text)
    if found is None:
        raise RefusedError(wording.TIME)
    return _clock(found.groupdict())


def _counted(text: str, form: str) -> Written | None:
    if form in (SERIAL, SERIAL_1904):
        if not _SERIAL.fullmatch(text):
            return None
        zero = _SERIAL_ZERO if form == SERIAL else _SERIAL_ZERO_1904
        days, _, part = text.partition(".")
        moment = zero + timedelta(days=int(days), seconds=round(float(f"0.{part or 0}") * 86_400))
        return Written(moment.date(), moment.time() if part else None)
    if not _COUNT.fullmatch(text):
        return None
    seconds = int(text) // (1 if form == EPOCH_SECONDS else 1000)
    if seconds >= 253_402_214_400:
        return None
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return Written(instant.date(), instant.time(), instant)


def _put_together(found: re.Match[str]) -> Written:
    parts = found.groupdict()
    name = parts.get("name") or parts.get("name2")
    month = _month(name) if name else int(parts["month"])
    day_number = int(parts.get("day") or parts.get("day2") or 0)
    try:
        day = date(int(parts["year"]), month, day_number)
    except ValueError:
        raise RefusedError(wording.DATE) from None
    if parts.get("hour") is None:
        return Written(day)
    moment = _clock(parts)
    offset = parts.get("offset")
    if offset is None:
        return Written(day, moment)
    text = f"{day.isoformat()}T{moment.isoformat()}{offset}"
    try:
        return Written(day, moment, _in_utc(datetime.fromisoformat(text)))
    except ValueError:
        raise RefusedError(wording.DATE_TIME) from None


def _in_utc(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    if offset is None or abs(offset) > _MOST_OFFSET:
        raise RefusedError(OFFSET_RANGE)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise RefusedError(wording.DATE_TIME) from None


def _month(name: str) -> int:
    start = name[:3].lower()
    if start not in _MONTHS:
        raise RefusedError(wording.DATE)
    return _MONTHS.index(start) + 1


def _clock(parts: dict[str, str | None]) -> time:
    half = (parts.get("half") or parts.get("after") or "").lower().replace(".", "")
    hour = int(parts["hour"] or 0)
    minute_text = parts.get("minute") or parts.get("said")
    minute = _HALVES[minute_text] if minute_text in _HALVES else int(minute_text or 0)
    second = int(parts.get("second") or 0)
    hour = _of_half(hour, half)
    if hour == 24 and minute == second == 0:
        raise RefusedError(HOUR_24)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise RefusedError(wording.TIME) from None


def _of_half(hour: int, half: str) -> int:
    """The hour of the whole day; what clocks do not say (13 in the morning) is refused."""
    if half in _MORNING:
        if hour > 12:
            raise RefusedError(wording.TIME)
        return hour % 12
    if half in ("下午", "pm"):
        return hour + 12 if hour < 12 else hour
    if half == "晚上":
        if hour == 12:
            raise RefusedError(wording.TIME)
        return hour + 12 if hour < 12 else hour
    return hour + 12 if half == "中午" and hour <= 2 else hour
