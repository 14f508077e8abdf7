"""For how long, how often and what for a case may be opened, as their file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

import yaml

from ringfence.errors import DataError, Text

_COUNTS = (
    "hours",
    "review_hours",
    "most_open",
    "most_unjustified",
    "unjustified_days",
    "most_missed",
    "missed_hours",
)
_LONGEST = 24
"""Hours: what is open for longer is no emergency."""


@dataclass(frozen=True)
class Rules:
    """`unjustified`, `missed`: as far back as they are counted."""

    open_for: timedelta
    review_within: timedelta
    most_open: int
    most_unjustified: int
    unjustified: timedelta
    most_missed: int
    missed: timedelta
    purposes: Mapping[str, Text]


@cache
def rules() -> Rules:
    text = files("ringfence_server.glass").joinpath("rules.yaml").read_text(encoding="utf-8")
    return read_rules(text)


def read_rules(text: str) -> Rules:
    """DataError: what cannot be meant so; which is told."""
    told = yaml.safe_load(text)
    if told.keys() != {*_COUNTS, "purposes"}:
        raise _wrong("fields", f"there are {', '.join(_COUNTS)} and purposes", "字段不全或多余")
    for name in _COUNTS:
        if not isinstance(told[name], int) or isinstance(told[name], bool) or told[name] < 1:
            raise _wrong(name, "it is a whole number from 1", "应为不小于 1 的整数")
    if told["hours"] > _LONGEST:
        raise _wrong("hours", f"at most {_LONGEST}", f"不超过 {_LONGEST}")
    purposes = {key: Text(both["en"], both["zh"]) for key, both in told["purposes"].items()}
    if not purposes:
        raise _wrong("purposes", "there is one at least", "至少一项")
    return Rules(
        open_for=timedelta(hours=told["hours"]),
        review_within=timedelta(hours=told["review_hours"]),
        most_open=told["most_open"],
        most_unjustified=told["most_unjustified"],
        unjustified=timedelta(days=told["unjustified_days"]),
        most_missed=told["most_missed"],
        missed=timedelta(hours=told["missed_hours"]),
        purposes=purposes,
    )


def _wrong(name: str, en: str, zh: str) -> DataError:
    return DataError(f"rules of emergency openings, {name}: {en}", f"紧急查看规则 {name}：{zh}")
