"""The epidemic of the city against what was observed of Omicron in 2022.

| what | observed | tolerated here |
| --- | --- | --- |
| serial interval, mean | 2.37 (BA.5, pooled) to 3.88 days (BA.1, German households) | 2.2 to 4.0 |
| incubation, mean | 3.49 days (BA.1, pooled) | 3.1 to 3.9 |
| k of offspring | 0.33 (0.17 to 0.62), Hong Kong | 0.17 to 0.62 |
| infected before the infector's onset | 44 % (30 to 57) | 40 to 70 %, see below |
| without symptoms | 32.4 % (25.3 to 39.5) | 25 to 40 % |

Here six of ten with symptoms stay at home from the day after their onset, and the reported are
taken away on the next day; so more of the infections that remain come before the onset than were
observed, though of the infectiousness itself (`illness.INFECTIOUS`) a third does.

Sources: Xu and others, BMC Medicine 21:374 (2023); German household outbreaks, Epidemiology and
Infection (2022); J Travel Med 29:taac049 (2022); He and others, Nature Medicine 26:672 (2020);
Shang and others, Vaccines 10:1049 (2022). What is asked of the city itself: an outbreak in 20,000
people takes off with most seeds, and stays within some hundred infections.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.city_reality.outbreaks import Chains, chains, dispersion, outbreak

from ringfence_city.parameters import Parameters
from ringfence_city.truth.epidemic import Outbreak
from ringfence_city.truth.illness import FIRST_INFECTIOUS, INCUBATION_DAYS, INFECTIOUS, SPREADING

PEOPLE, DAYS = 20_000, 21
SEEDS = tuple(range(1, 9))


@pytest.fixture(scope="module")
def several() -> list[Outbreak]:
    return [outbreak(Parameters(PEOPLE, DAYS, seed)) for seed in SEEDS]


@pytest.fixture(scope="module")
def told(several: list[Outbreak]) -> Chains:
    return chains(several)


def test_serial_interval(told: Chains) -> None:
    assert 2.2 <= told.serial.mean() <= 4.0
    assert (told.serial < 0).any(), "now and then the infected falls ill before the infector"


def test_incubation(told: Chains) -> None:
    assert 3.1 <= told.incubation.mean() <= 3.9


def test_few_infect_most(told: Chains) -> None:
    assert 0.17 <= dispersion(told.offspring) <= 0.62
    by_size = np.sort(told.offspring)[::-1]
    fifth = by_size[: len(by_size) // 5].sum() / by_size.sum()
    assert 0.6 <= fifth <= 0.95, "a fifth of the infected caused most infections"


def test_many_infect_before_they_fall_ill(told: Chains) -> None:
    assert 0.40 <= told.before.mean() <= 0.70


def test_a_third_never_has_symptoms(told: Chains) -> None:
    assert 0.25 <= 1 - told.symptomatic.mean() <= 0.40


def test_an_outbreak_takes_off_with_most_seeds_and_stays_within_hundreds(
    several: list[Outbreak],
) -> None:
    sizes = [one.infections.count for one in several]
    assert sum(size >= 25 for size in sizes) > len(SEEDS) // 2, sizes
    assert max(sizes) <= 1_000, sizes


def test_a_third_of_the_infectiousness_comes_before_the_onset() -> None:
    before = INFECTIOUS[:-FIRST_INFECTIOUS].sum() + INFECTIOUS[-FIRST_INFECTIOUS] / 2
    assert 0.30 <= before / INFECTIOUS.sum() <= 0.57


def test_the_tables_are_whole() -> None:
    assert sum(INCUBATION_DAYS) == 1_000
    mean = sum((day + 1) * share for day, share in enumerate(INCUBATION_DAYS)) / 1_000
    assert mean == pytest.approx(3.5, abs=0.06)
    assert SPREADING.mean() == pytest.approx(1_000, abs=1)
