"""Episodes as bars, a line for each local day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape

from ringfence.errors import Text
from ringfence.movements.model import Confidence, Episode
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.moving.view import View
from ringfence.trace.local_days import day_start, local_day
from ringfence.trace.seeds import instant, seconds

LEFT, HOUR, LANE, TOP = 64, 40, 13, 24
MOST_LANES = 3
_LEAST_PIXELS = 3.0
_NIGHT = 24
_LABELLED = 24
_FILLED = frozenset({Confidence.CERTAIN, Confidence.LIKELY})


def drawn(view: View) -> str:
    days = list(_days(view.told))
    width = LEFT + _NIGHT * HOUR + 24
    line = MOST_LANES * LANE + 8
    height = TOP + len(days) * line + 4
    title = view.t(Text("Day by day", "逐日时间线"))
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img"><title>{title}</title>'
    ]
    for hour in range(0, _NIGHT + 1, 3):
        x = LEFT + hour * HOUR
        parts.append(f'<path class="grid" d="M{x} {TOP - 4}V{height - 4}"/>')
        parts.append(f'<text class="soft" x="{x - 14}" y="{TOP - 9}">{hour:02}:00</text>')
    for number, day in enumerate(days):
        y = TOP + number * line
        parts.append(f'<path class="grid" d="M0 {y}H{width}"/>')
        parts.append(f'<text x="4" y="{y + 16}">{day:%m-%d}</text>')
        parts += _infectious(view, day, y, line)
        parts += _gaps(view, day, y)
        parts += _bars(view, day, y)
    return "".join([*parts, "</svg>"])


def _days(told: Trajectory) -> Iterator[date]:
    person = told.movements.person
    day = local_day(instant(person.start), told.zone)
    while day_start(day, told.zone) < instant(person.end):
        yield day
        day += timedelta(days=1)


def _part(told: Trajectory, day: date, start: int, end: int) -> tuple[float, float] | None:
    """Pixels of what lies in the day; an instant is a thin bar."""
    first = seconds(day_start(day, told.zone))
    last = seconds(day_start(day + timedelta(days=1), told.zone))
    low, high = max(start, first), min(end, last)
    if high < low or low >= last or (high == low and start != end):
        return None
    x = LEFT + (low - first) / 3600 * HOUR
    return x, max(_LEAST_PIXELS, (high - low) / 3600 * HOUR)


def _infectious(view: View, day: date, y: int, height: int) -> Iterator[str]:
    window = view.told.movements.person.window
    part = None if window is None else _part(view.told, day, *window)
    if part is not None:
        x, width = part
        yield (
            f'<rect class="infectious" x="{x:.1f}" y="{y + 1}" width="{width:.1f}" '
            f'height="{height - 2}"/>'
        )


def _gaps(view: View, day: date, y: int) -> Iterator[str]:
    for one in view.told.movements.gaps:
        part = None if one.settled else _part(view.told, day, one.start, one.end)
        if part is not None:
            x, width = part
            tip = f"{view.span(one.start, one.end)} {view.t(words.gap(view.said, one))}"
            yield (
                f'<rect class="gap" x="{x:.1f}" y="{y + 6}" width="{width:.1f}" height="{LANE}">'
                f"<title>{tip}</title></rect>"
            )


def _bars(view: View, day: date, y: int) -> Iterator[str]:
    found = view.told.movements
    until = [0.0] * MOST_LANES
    for one in sorted([*found.episodes, *found.set_aside], key=lambda one: (one.start, one.end)):
        part = _part(view.told, day, one.start, one.end)
        if part is not None:
            x, width = part
            lane = next((n for n, end in enumerate(until) if end <= x + 0.5), MOST_LANES - 1)
            until[lane] = x + width
            yield _bar(view, one, part, y + 4 + lane * LANE)


def _bar(view: View, one: Episode, part: tuple[float, float], top: int) -> str:
    x, width = part
    name = escape(words.place(view.said, one.where))
    sure = view.t(words.CONFIDENCE_TERMS[one.confidence])
    pin = view.pins.get(one.where.key)
    label = ""
    if pin is not None and width > _LABELLED:
        style = ' class="on"' if one.confidence in _FILLED else ""
        label = f'<text{style} x="{x + 4:.1f}" y="{top + 10}">{pin.number}</text>'
    return (
        f'<rect class="bar {one.confidence.value}" x="{x:.1f}" y="{top}" width="{width:.1f}" '
        f'height="{LANE - 2}" rx="2"><title>{view.span(one.start, one.end)} {name} · {sure}'
        f"</title></rect>{label}"
    )
