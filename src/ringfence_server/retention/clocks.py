"""The clocks, as their file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ringfence.errors import DataError, Text

_FIELDS = {"tables", "days", "en", "zh"}
_WORDS = {"name", "from", "but"}


@dataclass(frozen=True)
class Clock:
    """`begins`: when it begins to run. `held`: what holds it back."""

    key: str
    name: Text
    tables: tuple[str, ...]
    days: int
    begins: Text
    held: Text


@dataclass(frozen=True)
class Clocks:
    """`kept`: why, by table."""

    clocks: Mapping[str, Clock]
    kept: Mapping[str, Text]


@cache
def clocks() -> Clocks:
    text = files("ringfence_server.retention").joinpath("clocks.yaml").read_text(encoding="utf-8")
    return read_clocks(text)


def read_clocks(text: str) -> Clocks:
    """DataError: a clock that cannot be meant so; it is named."""
    told = yaml.safe_load(text)
    return Clocks(
        {key: _clock(key, fields) for key, fields in told["clocks"].items()},
        {table: Text(why["en"], why["zh"]) for table, why in told["kept"].items()},
    )


def _clock(key: str, fields: dict[str, Any]) -> Clock:
    days = fields.get("days")
    if (
        fields.keys() != _FIELDS
        or any(fields[lang].keys() != _WORDS for lang in ("en", "zh"))
        or not isinstance(days, int)
        or days < 1
    ):
        raise DataError(
            f"clock {key}: it has tables, days (1 or more), and in en and zh: name, from, but",
            f"期限 {key}：应有 tables、days（至少 1），以及 en、zh 下的 name、from、but",
        )
    en, zh = fields["en"], fields["zh"]
    name, begins, held = (Text(en[word], zh[word]) for word in ("name", "from", "but"))
    return Clock(key, name, tuple(fields["tables"]), days, begins, held)
