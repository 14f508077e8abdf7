"""Bringing the values of one column to one form: what it depends on, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import Text


@dataclass(frozen=True)
class Setting:
    """`zone`: of times without an offset. `now`: receipt time, in UTC. `synthetic`: invented people
    are accepted. `region`: country of telephone numbers without a prefix. `forms`: strptime forms
    that the source uses. `words`: the source's words and what they mean.
    """

    zone: ZoneInfo
    now: datetime
    synthetic: bool = False
    region: str = "CN"
    forms: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Normalised:
    """One value for each given one, as text (null: empty); why some are refused, by index."""

    values: pa.StringArray
    faults: Mapping[int, Text] = field(default_factory=dict)
