"""The setting of most cases: Shanghai, 1 October 2022, real people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.sources.normalise import Normalised, Setting, normalise

SHANGHAI = Setting(ZoneInfo("Asia/Shanghai"), datetime(2022, 10, 1, 4, tzinfo=UTC))
SYNTHETIC = replace(SHANGHAI, synthetic=True)


def given(kind: str, *texts: str | None, setting: Setting = SHANGHAI, **more: Any) -> Normalised:
    return normalise(kind, pa.array(texts, pa.string()), setting, **more)


def one(kind: str, text: str, setting: Setting = SHANGHAI, **more: Any) -> tuple[str | None, str]:
    """The normal form of a single value, and in English why it is refused."""
    read = given(kind, text, setting=setting, **more)
    return read.values[0].as_py(), read.faults[0].en if read.faults else ""
