"""When something was: days and windows of the clock that stand together in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ringfence.narratives.clocks import Clock, Vague, clock_of, half_of, is_late, twelve, vague_of
from ringfence.narratives.dating import Day, days_listed
from ringfence.narratives.marks import Mark

_WEEKDAY = (
    r"(?:\(?\s?(?:周|星期|礼拜)[一二三四五六日天]\s?\)?"
    r"|\(?\b(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?\)?)"
)
_RANGE = re.compile(
    r"\s*(?:至|到|~|-{1,3}|→|\b(?:to|until|till|through|and)\b)\s*(?:about\s|around\s|约)?"
)
_LIST = re.compile(
    r"\s*(?:、|和|及|以及|与|,|，|/|&|;|\band\b)\s*(?:on\s|again\son\s|again\sat\s|at\s)?", re.I
)
_NEAR = re.compile(
    rf"[\s(]*(?:,|，|:|的|于|在|从|约)?\s*(?:{_WEEKDAY})?(?:每[天日]|均|都|都在)?[\s,，)]*"
    r"(?:(?:at|on|from|between|the|of|in|about|around|approximately|roughly|and)\s+){0,3}",
    re.I,
)
_OF_DAYS = frozenset({"day", "bare_day", "refers", "listed", "weekday", "ago"})
_DATES = frozenset({"day", "bare_day", "listed"})
_BESIDE = re.compile(r"[\s,(]*(?:so\sthat.{0,4}\sbe\s)?(?:the\s|on\s)?[\s(]*")
_OF_CLOCKS = frozenset({"clock", "part"})
_OVERNIGHT = 18 * 60
_MORNING = 12 * 60
_LONGEST = 10 * 60
"""9:00-5:00 is a day of work; 9:00-8:00 is a slip."""


@dataclass(frozen=True)
class Window:
    """Of one day. `ends_on`: the day on which it ends, where it is another one."""

    start: Clock | None = None
    end: Clock | None = None
    vague: Vague | None = None
    ends_on: Day | None = None


@dataclass(frozen=True)
class When:
    """[start, end) of the plain text. `days`: each is told; `last`: the last day of a range that
    begins with the only one of `days`. Without days it is of the day spoken of.
    """

    start: int
    end: int
    days: tuple[Day, ...] = ()
    last: Day | None = None
    windows: tuple[Window, ...] = ()
    lost: bool = False
    """It refers to a day that was not told."""
    each: bool = False
    """每日, 均: each of the days by itself."""
    until: bool = False
    """It is told as an end: 吃到十点."""
    route: Mark | None = None
    """From one station at its clock to another at its own."""


@dataclass
class _Group:
    """A day, a part of it and a clock that stand together. `link`: what is before it."""

    link: str
    day: Day | None = None
    days: tuple[Day, ...] = ()
    last: Day | None = None
    vague: Vague | None = None
    clock: Mark | None = None
    about: bool = False
    lost: bool = False


def times_of(plain: str, marks: Sequence[Mark], written: date | None) -> list[When]:
    """In their order. `written`: the day on which the text was written."""
    of_times = _OF_DAYS | _OF_CLOCKS | {"route"}
    marks = _without_weekdays([mark for mark in marks if mark.name in of_times], plain)
    found: list[When] = []
    before: Day | None = None
    at = 0
    while at < len(marks):
        if marks[at].name == "route":
            found.append(_route(marks[at], before))
            at += 1
            continue
        after = at + 1
        links = [""]
        while after < len(marks):
            link = _link(plain, marks, after)
            if link is None:
                break
            links.append(link)
            after += 1
        for some, told in _together(marks[at:after], links, plain, before, written):
            when = _when(some, told, before)
            ends = _UNTIL.search(plain, max(when.start - 6, 0), when.start) is not None
            each = _EACH.search(plain, when.start, when.end) is not None
            when = replace(when, until=ends and not when.days, each=each)
            found.append(when)
            days = (*when.days, *((when.last,) if when.last else ()))
            ended = [window.ends_on for window in when.windows if window.ends_on]
            before = next(iter(ended), days[-1] if days else before) if days or ended else before
        at = after
    return found


def _route(mark: Mark, before: Day | None) -> When:
    start, end = (_written(mark.parts[name]) for name in ("leaves", "reaches"))
    later = "next" in mark.parts or "next2" in mark.parts
    ends_on = before.after(1) if later and before is not None else None
    return When(mark.start, mark.end, windows=(Window(start, end, None, ends_on),), route=mark)


def _written(clock: str) -> Clock:
    hour, minute = (int(part) for part in re.split(r"[:时]", clock))
    return Clock(60 * hour + minute, real=60 * hour + minute <= 2 * _MORNING)


def _without_weekdays(marks: Sequence[Mark], plain: str) -> list[Mark]:
    """Those that only accompany a date: Sat 9 July."""
    kept = []
    for number, mark in enumerate(marks):
        if mark.name == "weekday":
            beside = [marks[at] for at in (number - 1, number + 1) if 0 <= at < len(marks)]
            if any(one.name in _DATES and _beside(one, mark, plain) for one in beside):
                continue
        kept.append(mark)
    return kept


def _beside(one: Mark, mark: Mark, plain: str) -> bool:
    first, last = sorted((one, mark), key=lambda told: told.start)
    between = plain[first.end : last.start]
    return len(between) <= 20 and _BESIDE.fullmatch(between) is not None


def _link(plain: str, marks: Sequence[Mark], after: int) -> str | None:
    """How a mark is joined to the one before it: `range`, `list`, `near` or not at all."""
    between = plain[marks[after - 1].end : marks[after].start]
    apart = plain[marks[after - 1].end - 1] == "." and _SENTENCE.match(between)
    if marks[after].name == "route" or len(between) > 30 or "\n" in between or apart:
        return None
    if between and _RANGE.fullmatch(between):
        joined = between.strip().lower() == "and" and not _between(plain, marks, after)
        return "list" if joined else "range"
    if _LIST.fullmatch(between):
        return _listed(plain, marks, after, between.strip())
    if _NEAR.fullmatch(between):
        return _near(plain, marks[after - 1], marks[after], between)
    return None


def _listed(plain: str, marks: Sequence[Mark], after: int, comma: str) -> str | None:
    last_day, day = (marks[at].name in _OF_DAYS for at in (after - 1, after))
    if last_day and not day and comma in {",", "，"}:
        return "near"
    alike = last_day == day and (day or comma in {"、", "和", "及", "and", "/"})
    windows = not last_day and not day and comma != ";" and _two_windows(plain, marks, after)
    return "list" if alike or windows else None


def _near(plain: str, last: Mark, mark: Mark, between: str) -> str | None:
    """A day, a part of it and a clock stand in this order in Chinese; in English in any."""
    names = (last.name in _OF_DAYS, mark.name in _OF_DAYS)
    if names == (True, True) or (last.name, mark.name) == ("clock", "clock"):
        return None
    if (last.name, mark.name) == ("clock", "part"):
        return "near" if re.fullmatch(r"\s(?:in\sthe|at)\s", between) else None
    if names == (False, True):
        joined = between.strip().lower() in {"on", "of", ",", "", "(", "on the"}
        english = between.isascii() and not _CJK.search(plain[mark.start : mark.end])
        return "near" if between and joined and english else None
    return "near"


_SENTENCE = re.compile(r"\s+[A-Z]")
_EACH = re.compile(r"[每均都]|\b(?:each|every)\b", re.IGNORECASE)
_UNTIL = re.compile(r"(?:[到至]|\b(?:until|till)\s)\s?$", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|circa|ca\.?)\s*$|[约近]\s*$", re.IGNORECASE
)
_CJK = re.compile(r"[\u4e00-\u9fff]")


def _between(plain: str, marks: Sequence[Mark], after: int) -> bool:
    first = marks[after - 1].start
    return "between" in plain[max(first - 25, 0) : first].lower()


def _two_windows(plain: str, marks: Sequence[Mark], after: int) -> bool:
    """Whether a comma stands between two windows: 8:00-9:00，14:00-15:00."""
    if after < 2 or after + 1 >= len(marks):
        return False
    ahead = _RANGE.fullmatch(plain[marks[after].end : marks[after + 1].start])
    behind = _RANGE.fullmatch(plain[marks[after - 2].end : marks[after - 1].start])
    return bool(ahead and behind)


def _together(
    marks: Sequence[Mark],
    links: Sequence[str],
    plain: str,
    before: Day | None,
    written: date | None,
) -> Iterator[tuple[Sequence[Mark], list[_Group]]]:
    groups: list[_Group] = []
    first = 0
    for number, (mark, link) in enumerate(zip(marks, links, strict=True)):
        group = groups[-1] if groups and link == "near" else _Group(link)
        of_day = mark.name in _OF_DAYS
        if (
            link == "near"
            and groups
            and ((of_day and (group.day or group.lost)) or (mark.name == "clock" and group.clock))
        ):
            yield marks[first:number], groups
            groups, first, group = [], number, _Group("")
        if of_day:
            days, last = days_listed(mark, before, written)
            group.lost = not days
            group.day = days[0] if days else None
            group.days, group.last = days, last
            before = last or (days[-1] if days else before)
            group.vague = group.vague or _part_named(mark)
        elif mark.name == "clock":
            group.clock = mark
            group.about = bool(_ABOUT.search(plain[max(mark.start - 16, 0) : mark.start]))
        else:
            group.vague = vague_of(mark, plain)
        if not groups or group is not groups[-1]:
            groups.append(group)
    yield marks[first:], groups


def _when(marks: Sequence[Mark], groups: Sequence[_Group], before: Day | None) -> When:
    start, end = marks[0].start, marks[-1].end
    lost = any(group.lost for group in groups)
    days: list[Day] = []
    last: Day | None = None
    rest = list(groups)
    while rest and rest[0].day is not None:
        group = rest[0]
        only = group.clock is None and group.vague is None
        if days and group.link == "range":
            ahead = rest[1].link if len(rest) > 1 else ""
            last = group.last or group.day
            if only or ahead:
                pass
        elif days and group.link != "list":
            break
        else:
            days += group.days
            last = group.last or last
        if only:
            rest.pop(0)
            continue
        break
    if rest and rest[0].day is None and rest[0].clock is None and rest[0].vague is None:
        rest.pop(0)
    return When(start, end, tuple(days), last, tuple(_windows(rest, days, before)), lost)


def _windows(groups: Sequence[_Group], days: Sequence[Day], before: Day | None) -> Iterator[Window]:
    at = 0
    while at < len(groups):
        group = groups[at]
        until = groups[at + 1] if at + 1 < len(groups) and groups[at + 1].link == "range" else None
        at += 2 if until else 1
        if until is None:
            yield Window(_clock(group), vague=_vague(group))
            continue
        start, end = _clock(group, until), _clock(until)
        if start is None or end is None:
            vague = _vague(until) if start is not None else _vague(group)
            yield Window(start, end, vague)
            continue
        ends_on = None if until.day == (days[-1] if days else before) else until.day
        end = _later_half(group, until, start, end) if ends_on is None else end
        if ends_on is None and _overnight(start, end) and len(days) < 2:
            begun = days[-1] if days else before
            ends_on = begun.after(1) if begun is not None else None
        vague = Vague.ABOUT if start.about or end.about else None
        yield Window(start, end, vague, ends_on)


def as_end(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """One clock that is told as an end: 送货至11:30."""
    if len(windows) != 1 or windows[0].end is not None:
        return windows
    return (replace(windows[0], start=None, end=windows[0].start),)


def ended(window: Window, told: Window) -> Window:
    """With the end that is told later: 晚上八点…到十点."""
    end, start = told.start, window.start
    if (
        end is not None
        and start is not None
        and end.minutes < start.minutes < end.minutes + _MORNING
    ):
        end = replace(end, minutes=end.minutes + _MORNING)
    return replace(window, end=end, vague=window.vague or told.vague)


def _clock(group: _Group, until: _Group | None = None) -> Clock | None:
    if group.clock is None:
        return None
    told = clock_of(group.clock, group.vague)
    told = replace(told, about=told.about or group.about)
    if (
        until is not None
        and until.clock is not None
        and group.vague is None
        and twelve(group.clock)
    ):
        half = half_of(until.clock)
        if half is not None and "after" in until.clock.parts:
            moved = replace(told, minutes=told.minutes % _MORNING + _MORNING * is_late(half))
            if moved.minutes <= clock_of(until.clock).minutes:
                return moved
    return told


def _later_half(group: _Group, until: _Group, start: Clock, end: Clock) -> Clock:
    """下午3时至5时, 8 to 4: the second of two hours of twelve is later than the first."""
    if group.clock is None or until.clock is None or until.vague or not twelve(until.clock):
        return end
    late = is_late(group.vague or half_of(group.clock))
    either = twelve(group.clock) and group.vague is None
    moved = end.minutes + _MORNING
    written = "colon" in group.clock.parts and group.vague is None and not late
    if written and moved - start.minutes > _LONGEST:
        return end
    if (late or either) and end.minutes < start.minutes < moved <= 2 * _MORNING:
        return replace(end, minutes=moved)
    return end


def _overnight(start: Clock, end: Clock) -> bool:
    return end.minutes <= _MORNING and end.minutes < start.minutes >= _OVERNIGHT


def _vague(group: _Group) -> Vague | None:
    """A part of the day counts where there is no clock, which it only helps to read."""
    if group.clock is None:
        return group.vague
    return Vague.ABOUT if group.about or clock_of(group.clock).about else None


def _part_named(mark: Mark) -> Vague | None:
    """Of the day it refers to: 当晚, the next morning."""
    named = {name.rstrip("2") for name, told in mark.parts.items()}
    named = named if mark.name in {"refers", "ago"} else set()
    told = named & {"morning", "noon", "afternoon", "evening", "night"}
    return Vague(told.pop()) if told else None
