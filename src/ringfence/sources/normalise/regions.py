"""Region codes of ID numbers by year: the six digits that begin a resident's number (GB/T 2260).

The program ships no table. Without one, only the province is judged: its two digits are part of the
standard and have not been taken back. With one (`ringfence divisions import`), a number is refused
where its district is known to have been dissolved before the person was born, or where the table
covers the year of birth and has never heard of the code. A district that was made after the birth
is no fault: people are registered late, and numbers were first given out in 1984.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

FIRST_NUMBERS = 1984
"""Resident numbers were first given out in this year, whatever the year of birth."""

PROVINCES = frozenset(
    (
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83),
    )
)
"""GB/T 2260, with 83 for the residence permits of people from Taiwan."""

PERMITS = frozenset([810000, 820000, 830000])
INVENTED = 0
"""No province has this number: synthetic people are born there."""

OPEN = 9999


@dataclass(frozen=True)
class RegionYears:
    """Which codes were in use from the year `covers_from` until `covers_to`, both included.

    `last_year` of a code that is still in use is `OPEN`.
    """

    covers_from: int
    covers_to: int
    last_year: dict[int, int]

    @cached_property
    def codes(self) -> npt.NDArray[np.int64]:
        return np.array(sorted(self.last_year), dtype=np.int64)

    @cached_property
    def last_years(self) -> npt.NDArray[np.int64]:
        return np.array([self.last_year[int(code)] for code in self.codes], dtype=np.int64)

    def dissolved(self, code: int, born: int) -> bool:
        last = self.last_year.get(code)
        return last is not None and last < max(born, FIRST_NUMBERS)

    def never_was(self, code: int, born: int) -> bool:
        given = max(born, FIRST_NUMBERS)
        return code not in self.last_year and self.covers_from <= given <= self.covers_to
