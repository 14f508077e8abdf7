"""A city of a few people is a city too: nothing divides by what is not there."""

import pytest

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build


@pytest.mark.parametrize("people", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 170, 233, 377])
def test_small_cities_stand(people: int) -> None:
    for seed in (1, 11, 12):
        city = build.city(Parameters(people=people, days=8, seed=seed))
        assert city.people.count >= people
        assert (city.people.daytime < city.places.count).all()
