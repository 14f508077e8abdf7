"""Which day each date of a text is, by what stands before it and the day of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ringfence.narratives.marks import Mark

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONWARD = 60
"""Days by which a date without a year may lie after the one before it, across New Year."""


@dataclass(frozen=True)
class Day:
    """`year` None: the text does not tell, nor does the day on which it was written. `real` False:
    there is no such day, as 30 February; it is kept as it was written.
    """

    year: int | None
    month: int
    day: int
    real: bool = True

    @property
    def written(self) -> str:
        """`YYYY-MM-DD`, or `MM-DD`."""
        short = f"{self.month:02}-{self.day:02}"
        return short if self.year is None else f"{self.year:04}-{short}"

    def after(self, days: int) -> Day:
        """Without a year, 29 February is taken to be."""
        if not self.real:
            return self
        moved = date(self.year or 2000, self.month, self.day) + timedelta(days=days)
        told = self.year is not None
        return Day(moved.year if told else None, moved.month, moved.day)


def day_of(mark: Mark, before: Day | None, written: date | None) -> Day | None:
    """Of a mark `day`, `bare_day` or `refers`. `before`: the last day told; `written`: of the text.
    None: it refers to nothing that was told.
    """
    if mark.name in _BY_NAME:
        return _BY_NAME[mark.name](mark, before, written)
    parts = mark.parts
    if "first" in parts:
        year = f"20{parts['short']}" if "short" in parts else parts.get("year")
        return _of_two(int(parts["first"]), int(parts["then"]), year, before, written)
    day, month = int(parts["day"]), _month(parts)
    if month is None:
        return _bare(day, before, written)
    if "year" in parts:
        return _checked(Day(int(parts["year"]), month, day))
    return _checked(Day(_year(month, day, before, written), month, day))


def days_listed(
    mark: Mark, before: Day | None, written: date | None
) -> tuple[tuple[Day, ...], Day | None]:
    """The days of any mark of dates, and the last one where it tells a range."""
    if mark.name != "listed":
        told = day_of(mark, before, written)
        return ((told,) if told else ()), None
    numbers = re.findall(r"\d+", mark.parts.get("list", mark.parts.get("day", "")))
    days: list[Day] = []
    for number in numbers:
        parts = {
            key: value for key, value in mark.parts.items() if key in {"year", "month", "name"}
        }
        one = replace(mark, parts={**({} if days else parts), "day": number})
        told = _bare(int(number), days[-1], written) if days else day_of(one, before, written)
        if told is not None:
            days.append(told)
    if "until" not in mark.parts or not days:
        return tuple(days), None
    if "month2" in mark.parts:
        parts = {"month": mark.parts["month2"], "day": mark.parts["until"]}
        if "year2" in mark.parts:
            parts["year"] = mark.parts["year2"]
        return (days[0],), day_of(replace(mark, parts=parts), days[0], written)
    return (days[0],), _bare(int(mark.parts["until"]), days[0], written)


def _of_two(
    first: int, then: int, year: str | None, before: Day | None, written: date | None
) -> Day:
    """Day and month in the order in which it can be; where both can, the one that lies nearer to
    the day spoken of, or to that of writing, else as most of the world writes them.
    """
    found = []
    for day, month in ((first, then), (then, first)):
        if month <= 12:
            told = int(year) if year else _year(month, day, before, written)
            found.append(_checked(Day(told, month, day)))
    sound = [one for one in found if one.real] or found
    if not sound:
        return Day(int(year) if year else None, first, then, real=False)
    near = _near(before) or written
    if len(sound) < 2 or near is None:
        return sound[0]
    return min(sound, key=lambda one: abs(((_near(one) or near) - near).days))


def _near(day: Day | None) -> date | None:
    if day is None or day.year is None:
        return None
    return _as_date(day.year, day.month, day.day)


def _weekday(mark: Mark, before: Day | None, written: date | None) -> Day | None:
    """The first one from the day spoken of on that is not after the day of writing; else the last
    one before that.
    """
    told = mark.parts["weekday"][:3].lower()
    number = _WEEKDAYS.index(told) if told in _WEEKDAYS else min("一二三四五六日天".index(told), 6)
    spoken = _near(before)
    if spoken is not None:
        onward = spoken + timedelta(days=(number - spoken.weekday()) % 7)
        if written is None or onward <= written:
            return Day(onward.year, onward.month, onward.day)
    if written is None:
        return None
    last = written - timedelta(days=(written.weekday() - number) % 7)
    return Day(last.year, last.month, last.day)


def _month(parts: Mapping[str, str]) -> int | None:
    if "month" in parts:
        return int(parts["month"])
    return _MONTHS.index(parts["name"][:3].lower()) + 1 if "name" in parts else None


def _referred(mark: Mark, before: Day | None, written: date | None) -> Day | None:
    """Where the day is named as well, as in 次日（5日）, the name counts."""
    if "day" in mark.parts:
        day, month = int(mark.parts["day"]), _month(mark.parts)
        if month is not None:
            return _checked(Day(_year(month, day, before, written), month, day))
        return _bare(day, before, written)
    return None if before is None else before.after(int(mark.rule.means["days"]))


def _ago(mark: Mark, _: Day | None, written: date | None) -> Day | None:
    if written is None:
        return None
    told = written - timedelta(days=int(mark.means["days"]))
    return Day(told.year, told.month, told.day)


def _bare(day: int, before: Day | None, written: date | None) -> Day | None:
    """Of the month spoken of; of the next where that day has passed by more than half a month."""
    if before is None:
        if written is None:
            return None
        before = Day(written.year, written.month, written.day)
        if day > written.day:
            before = replace(before, day=1).after(-1)
        return _checked(replace(before, day=day, real=True))
    if before.day - day > 15:
        onward = replace(before, day=28, real=True).after(7)
        return _checked(replace(onward, day=day))
    return _checked(replace(before, day=day, real=True))


def _year(month: int, day: int, before: Day | None, written: date | None) -> int | None:
    """The year of the day before it, or the next one where it goes on across New Year; else the
    last year in which it was past when the text was written.
    """
    tomorrow = None if written is None else written + timedelta(days=1)
    if before is not None and before.year is not None:
        year = before.year
        same, last = _as_date(year, month, day), _near(before)
        onward = _as_date(year + 1, month, day)
        if same is not None and last is not None and onward is not None and same < last:
            year += (onward - last).days <= _ONWARD
        told = _as_date(year, month, day)
        ahead = tomorrow is not None and told is not None and told > tomorrow >= (last or told)
        return year - 1 if ahead else year
    if tomorrow is None or written is None:
        return None
    past = (month, day) <= (tomorrow.month, tomorrow.day) or tomorrow.year > written.year
    return written.year if past else written.year - 1


def _as_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _checked(told: Day) -> Day:
    return replace(told, real=_as_date(told.year or 2000, told.month, told.day) is not None)


_BY_NAME: Mapping[str, Callable[[Mark, Day | None, date | None], Day | None]] = {
    "refers": _referred,
    "weekday": _weekday,
    "ago": _ago,
}
