"""Faults that channels share: whose key a row carries, what its clock said, how often it came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import ALIAS, SLIP, SLIPS, Numbers, plain_codes
from ringfence_city.truth.city import City


@dataclass(frozen=True)
class Disguise:
    """One channel's faults. Draws depend on the channel, the person and the thing alone."""

    city: City
    channel: str
    noise: Noise

    def chance(self, of: str) -> Chance:
        return Chance.of(self.city.asked.seed, f"observe/{self.channel}/{of}")

    def seen(self, *things: Numbers | int) -> NDArray[np.bool_]:
        """Which facts the channel records at all."""
        return self.chance("seen").happens(self.noise.coverage, *things)

    def codes(self, persons: Numbers, *things: Numbers | int) -> NDArray[np.int64]:
        """Subject codes that the channel gives `persons` in the rows told apart by `things`."""
        return plain_codes(self.marked_codes(persons, *things))

    def marked_codes(self, persons: Numbers, *things: Numbers | int) -> NDArray[np.int64]:
        """The same, but a wrong digit is only marked: of a key or of an ID number, as rows tell."""
        codes = np.asarray(persons, dtype=np.int64).copy()
        if self.noise.borrowed:
            lent = self.chance("borrowed").happens(self.noise.borrowed, codes, *things)
            codes[lent] = self._somebody_at_home(codes[lent], *_of(things, lent))
        if self.noise.alias:
            codes[self.other_key(codes)] += ALIAS
        if self.noise.wrong_digit:
            wrong = self.chance("wrong digit").happens(self.noise.wrong_digit, persons, *things)
            codes[wrong] += self._slip(codes[wrong], *_of(things, wrong))
        return codes

    def other_key(self, persons: Numbers) -> NDArray[np.bool_]:
        """Whom the channel knows by another key than the registers do."""
        return self.chance("alias").happens(self.noise.alias, persons)

    def _somebody_at_home(self, persons: Numbers, *things: Numbers | int) -> NDArray[np.int64]:
        """Guests of hotels have nobody to lend to: they stay themselves."""
        own = self.city.people.home[persons]
        home = np.minimum(own, self.city.homes - 1)
        first = self.city.first_of_home[home].astype(np.int64)
        size = self.city.first_of_home[home + 1] - first
        lent = first + self.chance("lender").below(size, persons, *things)
        return np.where(own == home, lent, persons)

    def _slip(self, codes: Numbers, *things: Numbers | int) -> NDArray[np.int64]:
        draw = self.chance("digit")
        place, by = draw.below(8, codes, *things), draw.below(9, codes, *things, 1)
        return np.asarray((1 + place * SLIPS + by) * SLIP, dtype=np.int64)

    def skew(self, devices: Numbers) -> NDArray[np.int64]:
        """Minutes that the clock of each device is wrong by."""
        most = self.noise.skew_minutes
        if not most:
            return np.zeros(len(devices), np.int64)
        return self.chance("clock").below(2 * most + 1, devices) - most

    def lag(self, day: int, part: int) -> int:
        """Days from the facts of a day to their delivery."""
        lags = self.noise.lag_days
        return lags[int(self.chance("lag").below(len(lags), day, part)[0])]

    def hour(self, part: int) -> int:
        """Minute of the day at which this part of the channel delivers: in the forenoon."""
        return 360 + int(self.chance("hour").below(300, part)[0])

    def repeated(self, *things: Numbers | int) -> NDArray[np.int64]:
        """Positions of rows to send, in order, some of them twice."""
        first = next(thing for thing in things if not isinstance(thing, int))
        if not self.noise.duplicates:
            return np.arange(len(first), dtype=np.int64)
        twice = self.chance("twice").happens(self.noise.duplicates, *things)
        return np.repeat(np.arange(len(first), dtype=np.int64), 1 + twice)

    def late(self, *things: Numbers | int) -> NDArray[np.bool_]:
        if not self.noise.late:
            first = next(thing for thing in things if not isinstance(thing, int))
            return np.zeros(len(first), dtype=bool)
        return self.chance("late").happens(self.noise.late, *things)


def _of(things: tuple[Numbers | int, ...], where: NDArray[np.bool_]) -> list[Numbers | int]:
    return [thing if isinstance(thing, int) else thing[where] for thing in things]
