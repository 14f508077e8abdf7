"""Dates and times, exactly: `datetime.fromisoformat` decides what is valid."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from ringfence.records import Column
from ringfence.sources import reasons
from ringfence.sources.frame import FIRST_YEAR, Frame, microseconds
from ringfence.sources.reasons import RefusedError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY_SHAPES = re.compile(r"\d{4}(?:-?\d\d-?\d\d|-?W\d\d(?:-?\d)?)", re.ASCII)
_INSTANT_SHAPE = re.compile(r"\d{4}[0-9W-]{3,6}[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?", re.ASCII)
_HOUR_24 = re.compile(r"[T ]24(?::?00)*(?![0-9:])", re.ASCII)
_MOST_OFFSET = timedelta(hours=14)


def read_instant(column: Column, text: str, frame: Frame) -> int:
    """Microseconds since 1970 in UTC, cut to the whole second."""
    moment = _aware(text)
    if moment.year < FIRST_YEAR:
        raise RefusedError(reasons.TOO_EARLY)
    instant = microseconds(moment)
    if instant > frame.latest(column.tense):
        raise RefusedError(reasons.too_late(column.tense))
    return instant


def read_day(column: Column, text: str, frame: Frame) -> date:
    if not _DAY.fullmatch(text):
        raise RefusedError(reasons.NOT_A_DATE)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RefusedError(reasons.NOT_A_DATE) from None
    if day.year < FIRST_YEAR:
        raise RefusedError(reasons.TOO_EARLY)
    if day > frame.latest_day(column.tense):
        raise RefusedError(reasons.too_late(column.tense))
    return day


def read_moment(column: Column, text: str, frame: Frame) -> tuple[int, str]:
    """A calendar day as its local start, or an instant; with the precision that the form shows."""
    if _DAY.fullmatch(text):
        try:
            return frame.day_start(read_day(column, text, frame)), "day"
        except RefusedError as fault:
            if fault.reason is reasons.NOT_A_DATE:
                raise RefusedError(reasons.NOT_A_MOMENT) from None
            raise
    return read_instant(column, text, frame), "instant"


def _aware(text: str) -> datetime:
    if _DAY_SHAPES.fullmatch(text):
        raise RefusedError(reasons.NO_TIME)
    if not _INSTANT_SHAPE.fullmatch(text):
        raise RefusedError(reasons.NOT_AN_INSTANT)
    if _HOUR_24.search(text):
        raise RefusedError(reasons.HOUR_24)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedError(reasons.NOT_AN_INSTANT) from None
    offset = moment.utcoffset()
    if offset is None:
        raise RefusedError(reasons.NO_OFFSET)
    if abs(offset) > _MOST_OFFSET:
        raise RefusedError(reasons.OFFSET_RANGE)
    return moment
