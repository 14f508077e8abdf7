"""The sheet that a chart is drawn on: a plot with its axes, and SVG elements as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH = 720
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")
"""After Okabe and Ito: told apart by people who do not see all colours."""

_INK, _FAINT, _RULE = "#1f2328", "#57606a", "#d8dee4"
_FONT = "ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans', sans-serif"


@dataclass(frozen=True)
class Box:
    """Edges of the plot, in pixels of the sheet."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Sheet:
    """Elements are collected in the order in which they are painted."""

    title: str
    height: int
    parts: list[str] = field(default_factory=list)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, colour: str = _RULE, width: float = 1
    ) -> None:
        self.parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{colour}"'
            f' stroke-width="{_n(width)}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        size: int = 12,
        faint: bool = False,
        bold: bool = False,
        turned: bool = False,
    ) -> None:
        turn = f' transform="rotate(-90 {_n(x)} {_n(y)})"' if turned else ""
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{size}"{weight}'
            f' fill="{_FAINT if faint else _INK}"{turn}>{escape(words)}</text>'
        )

    def path(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        told = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self.parts.append(
            f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2.2"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="1.5"'
            f' fill="{colour}"/>'
        )

    def mark(self, x: float, y: float, which: int, hint: str = "") -> None:
        """A circle, square, diamond or triangle, by the number of the series."""
        colour = COLOURS[which % len(COLOURS)]
        shapes = (
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4"',
            f'<rect x="{_n(x - 3.6)}" y="{_n(y - 3.6)}" width="7.2" height="7.2"',
            f'<path d="M{_n(x)} {_n(y - 5)}l5 5l-5 5l-5 -5z"',
            f'<path d="M{_n(x)} {_n(y - 5)}l4.8 8.4h-9.6z"',
        )
        shape = f'{shapes[which % len(shapes)]} fill="{colour}" stroke="#fff" stroke-width="1.2"'
        end = f"><title>{escape(hint)}</title></{shape[1:].split(maxsplit=1)[0]}>" if hint else "/>"
        self.parts.append(shape + end)

    def legend(self, names: Sequence[str], left: float, top: float) -> float:
        """Names beside their marks, in as many lines as they need; where the last line is."""
        x = left
        for number, name in enumerate(names):
            wide = 26 + 6.6 * len(name)
            if x > left and x + wide > WIDTH - 16:
                x, top = left, top + 19
            self.mark(x + 5, top - 4, number)
            self.text(x + 15, top, name)
            x += wide
        return top

    def written(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}"'
            f' width="{WIDTH}" height="{self.height}" role="img" font-family="{_FONT}"'
            f' style="max-width:100%;height:auto"><title>{escape(self.title)}</title>\n'
            f'<rect width="{WIDTH}" height="{self.height}" rx="6" fill="#ffffff"/>\n'
            + "\n".join(self.parts)
            + "\n</svg>\n"
        )


def write(chart: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(chart, encoding="utf-8")


def _n(value: float) -> str:
    """At most one decimal, and no zero that says nothing."""
    told = f"{value:.1f}"
    return told.removesuffix(".0")
