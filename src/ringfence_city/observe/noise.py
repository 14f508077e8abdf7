"""How a channel distorts what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

MILLION = 1_000_000


@dataclass(frozen=True)
class Noise:
    """Shares in millionths of rows, unless they say persons or devices. Zero: no such fault.

    `coverage`: facts that the channel sees at all. `lag_days`: days from the day of the fact to its
    delivery, each as likely as the others. `late`: rows that come one delivery later than the rest.
    `skew_minutes`: a device's clock is wrong by up to so much, either way. `missing_end`: nobody
    checked out. `duplicates`: rows sent twice. `alias`: persons whom the channel knows by
    another key. `borrowed`: rows made with the telephone of somebody else of the home.
    `wrong_digit`: rows whose key has one digit wrong. `seat_swap`: of passengers who swapped seats,
    whom the list still has where their tickets say. `unchecked`: tickets that nobody read, so that
    they tell nothing of boarding. `wrong_day`: dates that are a day off. `false`: declared facts
    that never happened.

    Only in an agency's own form: `respelled`: ID numbers and times written in another way than the
    rest (spaces, a small x, slashes). `rounded`: ID numbers that a spreadsheet took for a quantity.
    """

    coverage: int = MILLION
    lag_days: tuple[int, ...] = (1,)
    late: int = 0
    skew_minutes: int = 0
    missing_end: int = 0
    duplicates: int = 0
    alias: int = 0
    borrowed: int = 0
    wrong_digit: int = 0
    seat_swap: int = 0
    unchecked: int = 0
    wrong_day: int = 0
    false: int = 0
    respelled: int = 0
    rounded: int = 0

    def scaled(self, thousandths: int) -> Noise:
        """All faults grown together; a share stays below the whole."""
        grown = {
            fault: min(getattr(self, fault) * thousandths // 1000, MILLION) for fault in FAULTS
        }
        return replace(self, **grown)


FAULTS = tuple(field.name for field in fields(Noise) if field.name not in ("coverage", "lag_days"))


@dataclass(frozen=True)
class Agencies:
    """How all agencies together deliver: noise in thousandths of each channel's own, and coverage
    in millionths for the channels named. `raw`: channels that have a mapping deliver in the form
    that their agency writes, not as canonical files.
    """

    noise: int = 1000
    coverage: tuple[tuple[str, int], ...] = ()
    raw: bool = False

    def noise_of(self, channel: str, own: Noise) -> Noise:
        coverage: Mapping[str, int] = dict(self.coverage)
        return replace(own.scaled(self.noise), coverage=coverage.get(channel, own.coverage))
