"""A section that one part shows on a page of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fragment:
    """`told`: what the template knows as `part`."""

    template: str
    told: Mapping[str, Any]
