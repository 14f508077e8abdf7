"""How the illness runs in one person, as whole numbers.

The disease is COVID-19 as Omicron spread it in 2022. Sources:
- incubation, mean 3.5 days: Xu and others, BMC Medicine 21:374 (2023), BA.1 3.49 days;
- serial interval 2.4 to 3.9 days: the same (BA.5 2.37); Guo and others 2023 (Hong Kong, BA.5 2.7,
  2.1 to 3.6); German households 2022 (BA.1 3.88);
- superspreading, k about 0.33 (0.17 to 0.62): two chains of Omicron in Hong Kong, J Travel Med
  29:taac049 (2022);
- infectious from two days before onset, most around onset, little after a week; 44 % (30 to 57) of
  it before the onset: He and others, Nature Medicine 26:672 (2020);
- without symptoms 32 % (25 to 40), a third as infectious: Shang and others, Vaccines 10:1049
  (2022); Buitrago-Garcia and others, PLoS Medicine 17:e1003346 (2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import DAY, Int32, Int64, Truths

INCUBATION_DAYS = (60, 210, 270, 220, 130, 65, 30, 15)
"""Per mille of those infected who fall ill after 1, 2, … days; the mean is 3.5."""

FIRST_INFECTIOUS = -2
INFECTIOUS = np.array([250, 700, 1000, 900, 650, 400, 250, 130, 60, 20, 0], dtype=np.int64)
"""How infectious, in thousandths, from two days before onset on; the last entry: no more."""

_SPREADING = """
0 0 1 2 3 5 8 11 15 19 24 30 37 45 53 62
72 84 96 109 123 139 155 173 192 213 234 258 283 309 337 367
399 433 470 508 549 593 639 688 741 797 858 922 991 1066 1146 1232
1326 1428 1539 1661 1795 1945 2113 2303 2520 2774 3076 3447 3921 4575 5608 8477
"""
SPREADING = np.array([int(part) for part in _SPREADING.split()], dtype=np.int64)
"""How much a person spreads, in thousandths of the mean: the means of the 64 parts of a gamma
distribution of shape 0.42 (integrated numerically once, and written down)."""

ASYMPTOMATIC = 320_000
ASYMPTOMATIC_SPREADING = 350
SUSCEPTIBLE = np.array([1000, 900, 800, 650], dtype=np.int64)
"""In thousandths, by doses received."""

STAYS_HOME = 600_000
SEEKS_TEST = 800_000
FOUND_BY_SCREENING = 200_000
DAYS_TO_TEST = (25, 35, 25, 15)
FALSE_NEGATIVE = 50_000
ISOLATION_DAYS = 10
QUARANTINE_DAYS = 7
NEVER = np.int32(2**31 - 1)

SYMPTOMS = ("fever", "cough", "sore throat", "headache", "fatigue", "runny nose")
SYMPTOM_SHARES = (520_000, 610_000, 580_000, 400_000, 450_000, 350_000)


@dataclass(frozen=True)
class Courses:
    """One entry an infection; minutes of the city. Without symptoms `onset` is when they would
    have come. `sampled` is the positive sample and `reported` its result (NEVER: not found).
    """

    onset: Int32
    symptomatic: Truths
    spreading: Int64  # thousandths of the mean, over the whole illness
    sampled: Int32
    reported: Int32


def courses(seed: int, persons: Int32, infected: Int32) -> Courses:
    """How the illness of `persons`, infected at these minutes, will run if nobody steps in."""
    draw = Chance.of(seed, "illness")
    incubation = 1 + draw.pick(INCUBATION_DAYS, persons, 0)
    onset = (infected // DAY + incubation) * DAY + 420 + draw.below(840, persons, 1)
    symptomatic = ~draw.happens(ASYMPTOMATIC, persons, 2)
    spreading = SPREADING[draw.below(len(SPREADING), persons, 3)]
    spreading = np.where(symptomatic, spreading, spreading * ASYMPTOMATIC_SPREADING // 1000)
    found = draw.happens(np.where(symptomatic, SEEKS_TEST, FOUND_BY_SCREENING), persons, 4)
    wait = draw.pick(DAYS_TO_TEST, persons, 5) + draw.happens(FALSE_NEGATIVE, persons, 6)
    morning = (onset // DAY + wait) * DAY + 480 + draw.below(540, persons, 7)
    sampled = np.where(found, np.maximum(morning, onset + 60), NEVER)
    reported = np.where(found, sampled + result_minutes(draw, persons), NEVER)
    return Courses(
        onset.astype(np.int32),
        symptomatic,
        spreading.astype(np.int64),
        sampled.astype(np.int32),
        reported.astype(np.int32),
    )


def result_minutes(draw: Chance, persons: Int32) -> Int64:
    """From sample to result."""
    return 300 + draw.below(600, persons, 8)


def infectious(onset: Int32, infected: Int32, day: int) -> Int64:
    """How infectious on `day`, in thousandths: nobody is on the day of infection itself."""
    since = day - onset // DAY - FIRST_INFECTIOUS
    told = INFECTIOUS[np.clip(since, 0, len(INFECTIOUS) - 1)]
    return np.where((since >= 0) & (infected // DAY < day), told, 0)
