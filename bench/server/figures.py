"""What is told of many measured times."""

from __future__ import annotations

import math
from collections.abc import Sequence


def spread(values: Sequence[float]) -> dict[str, float]:
    """Nearest rank, in the unit of the values, to a tenth."""
    ordered = sorted(values)
    found = {
        name: ordered[max(0, math.ceil(share * len(ordered)) - 1)]
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    return {name: round(value, 1) for name, value in {**found, "max": ordered[-1]}.items()}
