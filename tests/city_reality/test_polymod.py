"""Do people of the city meet as many, of the same ages, in the same settings, as people did?

POLYMOD asked 7,290 people of eight European countries in 2005-06. It is brought to the city's ages
and to a week. A Chinese city differs where its facts do, and the tolerances leave room for that:

- households are smaller (2.62 persons; those surveyed lived with 2.2 others): fewer contacts at
  home, and more of them with parents and grandparents;
- more adults have work, and work six days: somewhat more contacts there;
- the survey's children are more numerous in classes of their own year: our classes are of one year.

Tolerances: mean within 15%; each age group of the mixing within 35%; each setting's share within 6
points (transport within 8: a town's ways are short); who is met by whom, by groups of age, within a
factor of two where the survey found one a day or more (2.5 for children under 18: they have few
brothers and sisters, after decades of one child a family, and young adults are fewer at home);
shares of duration within 12 points; who touches within 12 points.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.city_reality.polymod import EDGES, FOLDER, Contacts, of_city, surveyed

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build
from ringfence_city.truth.city import City

pytestmark = pytest.mark.skipif(
    not (FOLDER / "participants.csv").exists(),
    reason=f"the survey's data are not here: {FOLDER}",
)

PEOPLE = 30_000
WEEK = range(7)


@cache
def city() -> City:
    return build.city(Parameters(PEOPLE, 14, 11))


@cache
def ours() -> Contacts:
    return of_city(city(), WEEK)


@cache
def theirs() -> Contacts:
    return surveyed(city().people.age[: city().residents].astype(np.int64))


def test_the_survey_is_read_as_published() -> None:
    # 13.4 contacts a person as published; fewer here, as the city has fewer children
    assert theirs().mean == pytest.approx(12.8, abs=0.2)


def test_contacts_of_a_day() -> None:
    assert ours().mean == pytest.approx(theirs().mean, rel=0.15)


def test_contacts_by_age() -> None:
    share = np.bincount(np.minimum(city().people.age // 5, 14), minlength=15)
    group = np.digitize(np.arange(15) * 5, EDGES)
    for number in range(len(EDGES) + 1):
        bands = group == number
        mine, other = (
            np.average(told.by_age[bands], weights=share[bands]) for told in (ours(), theirs())
        )
        assert mine == pytest.approx(other, rel=0.35), number
    # children of school age meet most, old people least
    assert ours().by_age[1:4].mean() > ours().by_age[5:11].mean() > ours().by_age[12:].mean()


def test_shares_of_settings() -> None:
    mine, other = (
        {
            setting: count / sum(told.by_setting.values())
            for setting, count in told.by_setting.items()
        }
        for told in (ours(), theirs())
    )
    for setting, share in other.items():
        assert mine[setting] == pytest.approx(share, abs=0.08 if setting == "transport" else 0.06)


def test_who_meets_whom() -> None:
    mine, other = ours().mixing, theirs().mixing
    many = other >= 1
    assert many.sum() >= 14
    assert (mine[many] / other[many] < 2).all()
    least = np.where(np.arange(5)[:, None] < 2, 1 / 2.5, 0.5) * np.ones((5, 5))
    least[:, :2] = 1 / 2.5
    assert (mine[many] / other[many] > least[many]).all()
    # people of school age and those who work meet their like most
    assert (np.argmax(mine, axis=1)[1:] == [1, 2, 3, 4]).all()


def test_how_long_and_how_close() -> None:
    assert np.abs(ours().minutes - theirs().minutes).max() < 0.12
    assert ours().physical == pytest.approx(theirs().physical, abs=0.12)


def test_a_larger_city_is_no_other_city() -> None:
    larger = of_city(build.city(Parameters(4 * PEOPLE, 14, 11)), range(1, 2))
    smaller = of_city(city(), range(1, 2))
    assert larger.mean == pytest.approx(smaller.mean, rel=0.12)
