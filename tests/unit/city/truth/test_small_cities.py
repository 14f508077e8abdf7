"""A city of a few people is a city too: nothing divides by what is not there."""

import numpy as np
import pytest

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build
from ringfence_city.truth.city import KIND_OF


@pytest.mark.parametrize("people", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 170, 233, 377])
def test_small_cities_stand(people: int) -> None:
    for seed in (1, 11, 12):
        city = build.city(Parameters(people=people, days=8, seed=seed))
        assert city.people.count >= people
        assert (city.people.daytime < city.places.count).all()


@pytest.mark.parametrize("size", [1, 4, 7])
def test_every_household_has_the_size_that_is_asked_for(size: int) -> None:
    city = build.city(Parameters(3_000, 1, 1, household_size=size))
    homes = np.diff(city.first_of_home)[city.places.kind[: city.homes] == KIND_OF["home"]]
    assert set(homes[:-1].tolist()) == {size}
