"""Kinds of charts: lines over a quantity, and bars for groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bench.charts.canvas import COLOURS, WIDTH, Box, Sheet
from bench.charts.scales import Scale, logarithmic, number, plain

Point = tuple[float, float]


def lines(
    title: str,
    series: Mapping[str, Sequence[Point]],
    *,
    x_title: str,
    y_title: str,
    y_top: float | None = None,
    y_log: bool = False,
    x_log: bool = False,
    x_told: Callable[[float], str] = number,
    y_told: Callable[[float], str] = number,
) -> str:
    """A line for each name, its points marked; every x that occurs is told below the axis."""
    sheet, box = _begun(title, list(series), 380)
    points = [point for told in series.values() for point in told]
    across = sorted({x for x, _ in points})
    x_scale = logarithmic(across) if x_log else plain(across, zero=False)
    if len(across) > 1:
        x_scale = Scale(across[0], across[-1], tuple(across), x_log)
    y_scale = (
        logarithmic(y for _, y in points) if y_log else plain((y for _, y in points), top=y_top)
    )
    left, right = box.left + 14, box.right - 14
    _y_axis(sheet, box, y_scale, y_title, y_told)
    last = -100.0
    for tick in x_scale.ticks:
        x = x_scale.at(tick, left, right)
        sheet.line(x, box.bottom, x, box.bottom + 4)
        if x - last > 44:
            sheet.text(x, box.bottom + 18, x_told(tick), anchor="middle", size=11, faint=True)
            last = x
    sheet.text((left + right) / 2, box.bottom + 38, x_title, anchor="middle", faint=True)
    for which, (name, told) in enumerate(series.items()):
        placed = [
            (x_scale.at(x, left, right), y_scale.at(y, box.bottom, box.top))
            for x, y in sorted(told)
            if y > 0 or not y_log
        ]
        if len(placed) > 1:
            sheet.path(placed, COLOURS[which % len(COLOURS)])
        for (x, y), (given, value) in zip(placed, sorted(told), strict=False):
            sheet.mark(x, y, which, f"{name}: {x_told(given)}, {y_told(value)}")
    return sheet.written()


def bars(
    title: str,
    groups: Mapping[str, Mapping[str, float]],
    *,
    x_title: str,
    x_top: float | None = None,
    x_log: bool = False,
    told: Callable[[float], str] = number,
) -> str:
    """Lying bars: for each group a bar for each name that it has, with its value beside it."""
    names = list(dict.fromkeys(name for values in groups.values() for name in values))
    count = sum(len(values) for values in groups.values())
    thick, gap = 15, 12
    sheet, box = _begun(
        title,
        names if len(names) > 1 else [],
        100 + count * thick + len(groups) * gap,
        left=28 + 6.6 * max(len(group) for group in groups),
        right=64,
    )
    values = [value for of in groups.values() for value in of.values()]
    scale = logarithmic(values) if x_log else plain(values, top=x_top)
    for tick in scale.ticks:
        x = scale.at(tick, box.left, box.right)
        sheet.line(x, box.top, x, box.bottom)
        sheet.text(x, box.bottom + 16, told(tick), anchor="middle", size=11, faint=True)
    sheet.text((box.left + box.right) / 2, box.bottom + 34, x_title, anchor="middle", faint=True)
    y = box.top + gap / 2
    for group, of in groups.items():
        middle = y + len(of) * thick / 2 + 4
        sheet.text(box.left - 8, middle, group, anchor="end")
        for name, value in of.items():
            end = scale.at(value, box.left, box.right) if value > 0 or not x_log else box.left
            colour = COLOURS[names.index(name) % len(COLOURS)]
            sheet.bar(box.left, y + 1.5, max(1.0, end - box.left), thick - 3, colour)
            sheet.text(end + 5, y + thick - 4, told(value), size=11, faint=True)
            y += thick
        y += gap
    return sheet.written()


def _begun(
    title: str, names: Sequence[str], plot: int, left: float = 64, right: float = 24
) -> tuple[Sheet, Box]:
    """A sheet with title and legend; `plot`: height of what comes below them."""
    sheet = Sheet(title, 0)
    sheet.text(16, 28, title, size=15, bold=True)
    below = sheet.legend(names, 16, 52) if names else 30.0
    sheet.height = int(below) + 14 + plot
    top = below + (34 if names else 20)
    return sheet, Box(left, top, WIDTH - right, sheet.height - 52)


def _y_axis(sheet: Sheet, box: Box, scale: Scale, title: str, told: Callable[[float], str]) -> None:
    for tick in scale.ticks:
        y = scale.at(tick, box.bottom, box.top)
        sheet.line(box.left, y, box.right, y)
        sheet.text(box.left - 8, y + 4, told(tick), anchor="end", size=11, faint=True)
    sheet.text(16, box.top - 14, title, size=11, faint=True)
