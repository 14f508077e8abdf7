"""Where a value lies on an axis, and at which values the axis is marked."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """From values to pixels. `ticks`: the values that are marked."""

    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def at(self, value: float, start: float, end: float) -> float:
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return start + share * (end - start)


def plain(values: Iterable[float], *, top: float | None = None, zero: bool = True) -> Scale:
    """From nought (or the least) to `top` or a round value above the greatest."""
    told = list(values)
    low = 0.0 if zero else min(told)
    reach = top if top is not None else max([*told, low])
    if reach <= low:
        reach = low + 1
    step = _step((reach - low) / 5)
    high = reach if top is not None else low + math.ceil((reach - low) / step - 1e-9) * step
    count = math.floor((high - low) / step + 1e-9)
    return Scale(low, high, tuple(low + step * n for n in range(count + 1)))


def logarithmic(values: Iterable[float]) -> Scale:
    """Whole powers of ten around the values, which are above nought."""
    told = [value for value in values if value > 0] or [1]
    low, high = math.floor(math.log10(min(told))), math.ceil(math.log10(max(told)))
    high = max(high, low + 1)
    return Scale(10.0**low, 10.0**high, tuple(10.0**n for n in range(low, high + 1)), True)


def _step(least: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten, at least `least`."""
    unit = 10.0 ** math.floor(math.log10(least))
    return next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times >= least * (1 - 1e-9))


def number(value: float) -> str:
    """As an axis tells it: `1,000`, `0.25`, `10 k`, `3 M`."""
    if value >= 1e6 and value % 1e5 == 0:
        return f"{value / 1e6:g} M"
    if value >= 1e4 and value % 1e2 == 0:
        return f"{value / 1e3:g} k"
    return f"{value:,.10g}"
