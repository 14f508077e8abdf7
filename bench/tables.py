"""Tables of the pages, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_MB = 1_000_000


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def spread(values: Mapping[str, float], digits: int) -> tuple[str, str, str]:
    p50, p95, most = (f"{values[name]:,.{digits}f}" for name in ("p50", "p95", "max"))
    return p50, p95, most


def megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / _MB:,.0f}"
