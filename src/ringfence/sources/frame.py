"""What is judged of a row beside its own bytes: the home's zone, the clock, and its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from ringfence.records import Tense

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
FIRST_YEAR = 1900
CLOCKS_DIFFER = timedelta(hours=48)
PLANNED_AHEAD = timedelta(days=3652)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC, cut to the whole second."""
    return int((moment - EPOCH) // timedelta(seconds=1)) * SECOND


def no_case() -> Mapping[str, str]:
    """Nothing is known of cases."""
    return {}


@dataclass(frozen=True)
class Frame:
    """The home's zone and the receipt time: they decide what a day is and what lies too far off.

    `cases`: those that stand, by number, each with its subject: of them alone positions are kept;
    None: of any.
    """

    zone: ZoneInfo
    now: datetime
    cases: Callable[[], Mapping[str, str]] | None = no_case

    @cached_property
    def _latest(self) -> dict[Tense, int]:
        return {
            Tense.HAPPENED: microseconds(self.now + CLOCKS_DIFFER),
            Tense.MAY_COME: microseconds(self.now + PLANNED_AHEAD),
        }

    def latest(self, tense: Tense) -> int:
        """The last microsecond that a time of this tense may name."""
        return self._latest[tense]

    def latest_day(self, tense: Tense) -> date:
        last = EPOCH + timedelta(microseconds=self.latest(tense))
        return last.astimezone(self.zone).date()

    def day_start(self, day: date) -> int:
        """The first microsecond of a local day."""
        return microseconds(datetime(day.year, day.month, day.day, tzinfo=self.zone))

    def local_day(self, instant: int) -> date:
        return (EPOCH + timedelta(microseconds=instant)).astimezone(self.zone).date()
