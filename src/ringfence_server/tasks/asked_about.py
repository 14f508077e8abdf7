"""What a report asks of where a person was: stays of one place that overlap, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ringfence_server.tasks.models import Exposure


@dataclass(frozen=True)
class AskedAbout:
    """Several sources may tell of one stay, or several cases may have been met in it. `exposures`:
    the earliest first; the answer is about each. [start, end): from the first to the last of them.
    """

    exposures: tuple[Exposure, ...]
    start: datetime
    end: datetime

    @property
    def key(self) -> str:
        """Another one when more becomes known of this stay: what was answered is asked anew."""
        return ".".join(str(pk) for pk in sorted(one.pk for one in self.exposures))

    @property
    def first(self) -> Exposure:
        return self.exposures[0]


def asked_about(exposures: Iterable[Exposure]) -> list[AskedAbout]:
    """The earliest first. Seats of one place are asked about apart: they are other exposures."""
    open_at: dict[tuple[str, str], AskedAbout] = {}
    found: list[AskedAbout] = []
    for one in sorted(exposures, key=lambda one: (one.start, one.pk)):
        where = (one.place, one.zone)
        last = open_at.get(where)
        if last is not None and one.start < last.end:
            found.remove(last)
            one_stay = AskedAbout((*last.exposures, one), last.start, max(last.end, one.end))
        else:
            one_stay = AskedAbout((one,), one.start, one.end)
        open_at[where] = one_stay
        found.append(one_stay)
    return sorted(found, key=lambda stay: (stay.start, stay.first.pk))
