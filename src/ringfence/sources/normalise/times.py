"""Dates, times of day and instants of a source, in the zone that its mapping names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from ringfence.records import Tense
from ringfence.sources import reasons
from ringfence.sources.frame import FIRST_YEAR
from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import is_blank, tidy
from ringfence.sources.normalise.fixed_forms import FixedForm, Parsed, fixed_form, parse_fixed
from ringfence.sources.normalise.local_instants import (
    local_instants,
    one_local_instant,
    shown_in_utc,
)
from ringfence.sources.normalise.loose_forms import USUAL, loose_pattern, parse_loose
from ringfence.sources.normalise.model import Setting
from ringfence.sources.normalise.written_times import (
    Written,
    by_form,
    by_forms,
    by_itself,
    is_form,
    joined_cells,
    names_its_offset,
    read_clock,
)
from ringfence.sources.reasons import RefusedError

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%dT%H:%M:%S")
_CLOCKS = (" %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M")
_INSTANTS = (
    *(day + clock for day in _DAYS[:3] for clock in _CLOCKS),
    *(f"%Y-%m-%d %H:%M:%S.%{digits}" for digits in (1, 3, 6)),
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
)
_ISO = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_IN_UTC = [
    form
    for end in ("+00:00", "Z", ".%3Z", ".%6Z")
    if (form := fixed_form(f"%Y-%m-%dT%H:%M:%S{end}", in_utc=True)) is not None
]
_FIRST = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())


def read_date(text: str, setting: Setting) -> str | None:
    """A calendar day; of a date with a time, the day."""
    written = _written(text, setting)
    if written is None:
        return None
    day = written.day
    if written.instant is not None:
        day = written.instant.astimezone(setting.zone).date()
    if day.year < FIRST_YEAR:
        raise RefusedError(reasons.TOO_EARLY)
    if day > setting.frame.latest_day(_tense(setting)):
        raise RefusedError(reasons.too_late(_tense(setting)))
    return day.isoformat()


def read_datetime(text: str, setting: Setting) -> str | None:
    """An instant, in UTC to the second."""
    written = _written(text, setting)
    if written is None:
        return None
    if written.time is None:
        raise RefusedError(wording.NO_TIME)
    return _instant(written, setting).isoformat(timespec="seconds")


def read_moment(text: str, setting: Setting) -> str | None:
    """An instant where a time of day was written, else the calendar day."""
    written = _written(text, setting)
    if written is None:
        return None
    return read_date(text, setting) if written.time is None else read_datetime(text, setting)


def read_time(text: str, setting: Setting) -> str | None:
    """A time of day, to the second."""
    bare = joined_cells(tidy(text))
    if is_blank(bare):
        return None
    for form in setting.forms:
        moment = by_form(bare, form)
        if moment is not None:
            return moment.time().isoformat(timespec="seconds")
    return read_clock(bare).isoformat(timespec="seconds")


def _written(text: str, setting: Setting) -> Written | None:
    bare = joined_cells(tidy(text))
    if is_blank(bare):
        return None
    if not setting.forms or names_its_offset(bare):
        return by_itself(bare)
    by_mapping = by_forms(bare, setting.forms)
    if by_mapping is not None:
        return by_mapping
    if "T" in bare or _is_iso_day(bare, setting.forms):
        return by_itself(bare)
    raise RefusedError(wording.NOT_AS_FORMS)


def _is_iso_day(bare: str, forms: tuple[str, ...]) -> bool:
    """Workbooks hold real dates beside written ones; a form of the same shape goes before."""
    day = fixed_form("%Y-%m-%d")
    shapes = [made.shape for made in map(fixed_form, forms) if made is not None]
    if day is None or day.shape in shapes:
        return False
    return bool(parse_fixed(pa.array([bare]), [day]).taken[0])


def _instant(written: Written, setting: Setting) -> datetime:
    instant = written.instant
    if instant is None:
        assert written.time is not None
        instant = one_local_instant(datetime.combine(written.day, written.time), setting.zone)
    if instant.year < FIRST_YEAR:
        raise RefusedError(reasons.TOO_EARLY)
    micros = int((instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    if micros > setting.frame.latest(_tense(setting)):
        raise RefusedError(reasons.too_late(_tense(setting)))
    return instant.replace(microsecond=0)


def _tense(setting: Setting) -> Tense:
    return Tense.MAY_COME if setting.may_come else Tense.HAPPENED


def take_dates(values: pa.StringArray, setting: Setting) -> tuple[pa.BooleanArray, pa.StringArray]:
    parsed = _parsed(values, setting, _DAYS)
    latest = setting.frame.latest_day(_tense(setting))
    days = parsed.seconds // 86_400
    last = (latest - datetime(1970, 1, 1, tzinfo=UTC).date()).days
    taken = parsed.taken & (days <= last) & (days >= _FIRST // 86_400)
    dates = pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32()).cast(pa.string())
    return pa.array(taken), dates


def take_datetimes(
    values: pa.StringArray, setting: Setting
) -> tuple[pa.BooleanArray, pa.StringArray]:
    parsed = _parsed(values, setting, _INSTANTS)
    taken, seconds = local_instants(parsed.taken & ~parsed.day_only, parsed.seconds, setting.zone)
    normal = parse_fixed(values, _IN_UTC)
    seconds = np.where(normal.taken, normal.seconds, seconds)
    taken = taken | normal.taken
    latest = setting.frame.latest(_tense(setting)) // 1_000_000
    taken &= (seconds <= latest) & (seconds >= _FIRST)
    seconds = np.where(taken, seconds, 0)
    return pa.array(taken), shown_in_utc(seconds)


def _parsed(values: pa.StringArray, setting: Setting, usual: tuple[str, ...]) -> Parsed:
    """By forms of fixed width; what is left, without leading zeros."""
    fixed = parse_fixed(values, _forms(setting.forms, usual))
    left = np.flatnonzero(~fixed.taken)
    patterns = _patterns(setting.forms)
    if not len(left) or not patterns:
        return fixed
    loose = parse_loose(values.take(pa.array(left)), patterns)
    fixed.taken[left] = loose.taken
    fixed.seconds[left] = loose.seconds
    fixed.day_only[left] = loose.day_only
    return fixed


@cache
def _patterns(named: tuple[str, ...]) -> list[str]:
    if not named:
        return [USUAL]
    made: list[str] = []
    for form in named:
        pattern = loose_pattern(form)
        if pattern is None:
            return made
        made.append(pattern)
    return made


@cache
def _forms(named: tuple[str, ...], usual: tuple[str, ...]) -> list[FixedForm]:
    """Forms to try, in turn. Where the mapping names forms, only those and ISO 8601 are tried.

    A named form that has no fixed places goes before what follows it, so nothing after it is taken
    here.
    """
    made: list[FixedForm] = []
    for form in named:
        fixed = fixed_form(form) if is_form(form) else None
        if fixed is None:
            return made
        made.append(fixed)
    shapes = [form.shape for form in made]
    for form in _ISO if named else usual:
        fixed = fixed_form(form)
        if fixed is not None and fixed.shape not in shapes:
            made.append(fixed)
    return made
