"""How often an account may look for people, as the file says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Allowance:
    """Searches within the last 60 minutes, and within the last 24 hours."""

    hour: int
    day: int


@dataclass(frozen=True)
class Quotas:
    usual: Allowance
    raised: Allowance
    raised_for: timedelta


@cache
def quotas() -> Quotas:
    text = files("ringfence_server.search").joinpath("quotas.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    return Quotas(
        Allowance(**told["usual"]),
        Allowance(**told["raised"]),
        timedelta(hours=told["raised_for_hours"]),
    )
