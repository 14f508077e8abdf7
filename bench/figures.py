"""What is told of many measured values."""

from __future__ import annotations

import math
from collections.abc import Sequence


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile (nearest rank) and maximum."""
    ordered = sorted(values)
    return {
        "p50": _rank(ordered, 0.5),
        "p95": _rank(ordered, 0.95),
        "max": ordered[-1],
    }


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]
