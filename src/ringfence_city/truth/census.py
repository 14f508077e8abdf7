"""Facts that the city is made to resemble, with their sources.

Household sizes and ages: Seventh National Population Census of China (2020), National Bureau of
Statistics: tables 1-1 and 4-1; mean size of family households 2.62.
"""

from __future__ import annotations

from dataclasses import dataclass

AGE_SHARES = (
    552,
    639,
    604,
    516,
    531,
    650,
    881,
    702,
    659,
    812,
    860,
    718,
    520,
    525,
    352,
    221,
    144,
    114,
)
"""Persons per ten thousand of each five years of age from 0; the last is 85 and more."""

HOUSEHOLD_SHARES = (2540, 2968, 2099, 1317, 617, 306, 153)
"""Family households per ten thousand with 1, 2, ... persons; the last is seven and more."""

MEAN_HOUSEHOLD = 2.62

EMPLOYED_FEMALE = (0, 0, 0, 8, 62, 78, 78, 79, 80, 79, 63, 42, 30, 18, 9, 3, 0, 0)
EMPLOYED_MALE = (0, 0, 0, 12, 70, 91, 94, 94, 94, 92, 87, 76, 48, 30, 15, 6, 0, 0)
"""Percent of each five years of age who work; those who study have no work beside it."""


@dataclass(frozen=True)
class Household:
    """A kind of household. `members`, in order: h head, s spouse, e parent of the head, f the
    other parent, c child, a another adult. `heads`: households per million by five years of the
    head's age from 15 (the last 85 and more).
    """

    members: str
    heads: tuple[int, ...]


# Heads are fitted (iterative scaling, off line) so that both tables above come out.
HOUSEHOLDS = (
    Household(
        "h",
        (
            269,
            22482,
            43488,
            22577,
            4,
            2,
            23476,
            32863,
            26181,
            15658,
            23299,
            15056,
            11340,
            9283,
            8022,
        ),
    ),
    Household(
        "hs",
        (0, 6777, 24494, 9054, 4, 2, 8925, 43998, 39324, 22947, 27518, 14645, 7397, 4724, 2961),
    ),
    Household(
        "hc", (0, 0, 374, 7738, 31376, 7395, 3271, 1411, 1237, 101, 24, 129, 1831, 1850, 844)
    ),
    Household("he", (0, 1809, 4774, 3121, 49, 58, 4419, 4601, 4182, 2243, 1195, 0, 0, 0, 0)),
    Household(
        "hsc", (0, 1076, 7242, 49888, 13660, 3449, 21674, 30244, 13013, 1294, 165, 0, 0, 0, 0)
    ),
    Household("hse", (0, 0, 2027, 2083, 18, 18, 3346, 6366, 4210, 2119, 1080, 0, 0, 0, 0)),
    Household("hec", (0, 0, 1408, 12445, 21127, 7790, 2953, 1204, 0, 0, 0, 0, 0, 0, 0)),
    Household("hscc", (0, 0, 585, 8595, 20377, 42622, 36238, 5218, 1092, 0, 0, 0, 0, 0, 0)),
    Household("hsec", (0, 0, 755, 4243, 1927, 711, 2185, 1762, 529, 0, 0, 0, 0, 0, 0)),
    Household("hsef", (0, 0, 692, 767, 22, 15, 860, 1343, 822, 340, 0, 0, 0, 0, 0)),
    Household("hscef", (0, 0, 2890, 10636, 3827, 1421, 2657, 1129, 0, 0, 0, 0, 0, 0, 0)),
    Household("hscce", (0, 0, 538, 5420, 12495, 15571, 5116, 0, 0, 0, 0, 0, 0, 0, 0)),
    Household("hsccef", (0, 0, 1209, 5807, 9457, 10778, 3349, 0, 0, 0, 0, 0, 0, 0, 0)),
    Household("hscccef", (0, 0, 158, 1134, 2126, 5790, 6092, 0, 0, 0, 0, 0, 0, 0, 0)),
)

DORMITORY_MILLIONTHS = 16_000
"""Households per million that are a dormitory room of four to six (2.5% of persons)."""

NURSING_HOME_MILLIONTHS = 260
"""Households per million that are a nursing home of twenty to sixty (0.4% of persons)."""

NURSING_HOME_FROM = 2_000
"""Persons from which a city has nursing homes at all."""
