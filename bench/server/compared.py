"""Figures of a server that are compared from run to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def measured(result: dict[str, Any]) -> Iterator[tuple[str, float, str]]:
    """Name, value, unit; less is better in all of them. Of pages, the slowest level."""
    slowest: dict[str, float] = {}
    for one in result["pages"]:
        slowest[one["page"]] = max(slowest.get(one["page"], 0.0), one["p95"])
    for page, p95 in slowest.items():
        yield f"{page}, p95 of the slowest level", p95, "ms"
    for number, one in enumerate(result["chains"], 1):
        yield f"positive test {number} to a list", one["list_ready_seconds"], "s"
        yield f"approval {number} to tasks sent", one["sent_seconds"], "s"
    for one in result["reports"]:
        words = "worker killed" if one["killed"] else "undisturbed"
        yield f"reports at once, {words}, p95", one["ms"]["p95"], "ms"
        yield f"reports at once, {words}, in the lake", one["delivered_seconds"], "s"
        yield f"reports at once, {words}, traced again", one["traced_again_seconds"], "s"


def load_of(result: dict[str, Any]) -> float:
    """While pages were measured."""
    return float(result["machine"]["load"]["pages"])
