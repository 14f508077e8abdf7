"""Bringing the values of one column to one form: what it depends on, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import Text
from ringfence.sources.frame import Frame
from ringfence.sources.normalise.cleaning import folded
from ringfence.sources.normalise.places import PlaceBook
from ringfence.sources.normalise.regions import RegionYears


@dataclass(frozen=True)
class Setting:
    """What a value's meaning depends on beside itself.

    `zone`: of times without an offset. `now`: receipt time, in UTC. `synthetic`: invented people
    are accepted. `region`: country of telephone numbers without a prefix. `forms`: strptime forms
    that the source uses. `words`: the source's words and what they mean. `may_come`: times may lie
    in the future (a planned departure). `regions`: years in which region codes of ID numbers were
    in use, as the user loaded them. `places`: known places by their names.
    `cases`: those that stand; None: any.
    """

    zone: ZoneInfo
    now: datetime
    synthetic: bool = False
    region: str = "CN"
    forms: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    may_come: bool = False
    regions: RegionYears | None = None
    places: PlaceBook | None = None
    cases: Callable[[], Mapping[str, str]] | None = None

    @cached_property
    def frame(self) -> Frame:
        return Frame(self.zone, self.now)

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """`words` as they are looked up: case, width and spaces make no difference."""
        return {folded(word): meant for word, meant in self.words.items()}


@dataclass(frozen=True)
class Normalised:
    """One value for each given one, as text (null: empty); why some are refused, by index."""

    values: pa.StringArray
    faults: Mapping[int, Text] = field(default_factory=dict)
