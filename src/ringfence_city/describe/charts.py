"""Charts as SVG text. Each is drawn in several widths; the page shows the one that fits.

Words stand in both languages in elements of class `en` and `zh`; the page shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ringfence.errors import Text

WIDTHS = {"desk": 1100, "half": 530, "phone": 340}
"""In units of the drawing, which are about a pixel on such a screen."""

_LETTER = 12


@dataclass(frozen=True)
class Series:
    """Values with their name; `tone` is a class of the page's style."""

    name: Text
    values: Sequence[float]
    tone: str


def both(text: Text) -> str:
    """Both languages, as HTML."""
    return (
        f'<span class="en" lang="en">{escape(text.en)}</span>'
        f'<span class="zh" lang="zh">{escape(text.zh)}</span>'
    )


def legend(series: Sequence[Series]) -> str:
    keys = (f'<li><i class="{one.tone}"></i>{both(one.name)}</li>' for one in series)
    return f'<ul class="legend">{"".join(keys)}</ul>'


def drawn(title: Text, draw: Callable[[int], tuple[int, str]]) -> str:
    """A drawing in all widths. `draw` gets a width and returns height and content."""
    pictures = []
    for name, width in WIDTHS.items():
        height, content = draw(width)
        label = escape(f"{title.en} {title.zh}", quote=True)
        pictures.append(
            f'<svg class="{name}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{label}">{content}</svg>'
        )
    return "".join(pictures)


def pyramid(labels: Sequence[str], left: Series, right: Series, title: Text) -> str:
    """Two sides of horizontal bars, the first group at the bottom."""
    most = max([*left.values, *right.values, 1])

    def draw(width: int) -> tuple[int, str]:
        step, middle, names = 16, width / 2, 26
        reach = middle - names - 42
        parts = []
        for at, label in enumerate(reversed(labels)):
            group, y = len(labels) - 1 - at, at * step
            parts.append(_text(middle, y + 12, label, "middle", "soft"))
            for side, sign in ((left, -1), (right, 1)):
                value = side.values[group]
                length = reach * value / most
                start = middle + sign * names
                parts.append(_bar((min(start, start + sign * length), y + 2), (length, 12), side))
                end, anchor = start + sign * (length + 4), "end" if sign < 0 else "start"
                parts.append(_text(end, y + 12, f"{value:,.0f}", anchor, "value"))
        return len(labels) * step + 4, "".join(parts)

    return drawn(title, draw)


def highest(stacks: Sequence[Series]) -> float:
    """The tallest stack."""
    return max((sum(values) for values in zip(*(s.values for s in stacks), strict=True)), default=0)


def columns(
    labels: Sequence[str],
    stacks: Sequence[Series],
    title: Text,
    *,
    most: float | None = None,
    height: int = 220,
) -> str:
    """Vertical bars; several series are stacked. `most`: what the scale reaches to, at least."""
    top = _round_up(max(highest(stacks), most or 0, 1))

    def draw(width: int) -> tuple[int, str]:
        return height, "".join(_stacked(labels, stacks, _Plot.of(width, height, labels, top)))

    return drawn(title, draw)


def curve(labels: Sequence[str], bars: Series, lines: Sequence[Series], title: Text) -> str:
    """Bars with lines over them, each over the same days."""
    top = _round_up(max([1, *bars.values, *(v for line in lines for v in line.values)]))
    height = 240

    def draw(width: int) -> tuple[int, str]:
        plot = _Plot.of(width, height, labels, top)
        parts = _stacked(labels, [bars], plot)
        for line in lines:
            points = [
                (plot.middle(at), plot.low - plot.tall(value))
                for at, value in enumerate(line.values)
            ]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(f'<polyline class="line {line.tone}" points="{path}"/>')
            parts += [
                f'<circle class="dot {line.tone}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
                for x, y in points
            ]
        return height, "".join(parts)

    return drawn(title, draw)


@dataclass(frozen=True)
class _Plot:
    """Columns side by side, from `left` on and up from `low`; `top` is the highest value."""

    width: int
    top: float
    left: float
    low: int
    step: float

    @staticmethod
    def of(width: int, height: int, labels: Sequence[str], top: float) -> _Plot:
        left = _margin(top)
        return _Plot(width, top, left, height - 24, (width - left - 4) / max(len(labels), 1))

    def middle(self, at: int) -> float:
        return self.left + (at + 0.5) * self.step

    def tall(self, value: float) -> float:
        return (self.low - 12) * value / self.top


def _stacked(labels: Sequence[str], stacks: Sequence[Series], plot: _Plot) -> list[str]:
    """The grid, the bars of each label one above the other, and as many labels as fit."""
    parts = [_grid(plot.top, plot.left, plot.width, plot.low)]
    every = _every(labels, plot.step)
    for at, label in enumerate(labels):
        y = float(plot.low)
        for one in stacks:
            tall = plot.tall(one.values[at])
            y -= tall
            if tall > 0:
                corner = (plot.left + at * plot.step + 1, y)
                parts.append(_bar(corner, (max(plot.step - 2, 1), tall), one))
        if at % every == 0:
            parts.append(_text(plot.middle(at), plot.low + 16, label, "middle", "soft"))
    return parts


def _bar(corner: tuple[float, float], size: tuple[float, float], of: Series) -> str:
    (x, y), (width, height) = corner, size
    return (
        f'<rect class="{of.tone}" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}"/>'
    )


def _text(x: float, y: float, told: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{told}</text>'


def _grid(top: float, left: float, width: int, low: int) -> str:
    lines = []
    for part in range(5):
        y = low - (low - 12) * part / 4
        lines.append(f'<line class="grid" x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        if part % 2 == 0:
            lines.append(_text(left - 6, y + 4, f"{top * part / 4:,.10g}", "end", "soft"))
    return "".join(lines)


def _margin(top: float) -> float:
    return 12 + 7 * len(f"{top:,.10g}")


def _every(labels: Sequence[str], step: float) -> int:
    """Each how many-th label fits."""
    widest = max((len(label) for label in labels), default=1) * 7 + _LETTER
    return max(1, -(-widest // max(int(step), 1)))


def _round_up(value: float) -> float:
    """The next number whose quarters are round: 4, 8, 12, 16, 20, 24, 32, 40, 80, 100, 120, ..."""
    unit = 1.0
    while value > 40 * unit:
        unit *= 10
    fitting = (4, 8, 12, 16, 20, 24, 32, 40) if unit == 1 else (4, 8, 10, 12, 16, 20, 24, 32, 40)
    return next(unit * factor for factor in fitting if value <= unit * factor)
