"""The step that reads narratives, on one core."""

from __future__ import annotations

import time
from typing import Any

from tests.narratives.told import PARTS, Told, told_in

from ringfence.narratives.telling import read

_NARRATIVES = 1_000


def narrating_step() -> dict[str, Any]:
    """The whole corpus as often as makes a thousand narratives; seconds of one core."""
    told = [one for part in PARTS for one in told_in(part)]
    some = [told[at % len(told)] for at in range(_NARRATIVES)]
    read(some[0].text, some[0].reference)  # its rules are compiled once
    begun = time.process_time()
    events = sum(_events(one) for one in some)
    return {
        "narratives": len(some),
        "characters": sum(len(one.text) for one in some),
        "events": events,
        "seconds": time.process_time() - begun,
    }


def _events(one: Told) -> int:
    return len(read(one.text, one.reference).events)
