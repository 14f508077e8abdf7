"""What is registered of the city, as canonical tables."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from ringfence_city.chance import Chance
from ringfence_city.truth import keys
from ringfence_city.truth.city import KINDS, ROLE_WORDS, VENTILATION_WORDS, City, Int32


def _grid_codes(city: City) -> pa.Array:
    count = int(city.places.grid.max()) + 1
    return pa.array([f"grid-{number}" for number in range(count)])


def places(city: City, numbers: Int32 | None = None) -> pa.Table:
    """The canonical place table of `numbers` (all, where none are given)."""
    at = city.places
    chosen = np.arange(at.count, dtype=np.int32) if numbers is None else numbers
    named = keys.place_keys(city, chosen)
    return pa.table(
        {
            "place": named,
            "kind": keys.coded(at.kind[chosen], pa.array(KINDS)),
            "name": named,
            "lat": at.lat_e5[chosen] / 100_000,
            "lon": at.lon_e5[chosen] / 100_000,
            "ventilation": keys.coded(at.ventilation[chosen], pa.array(VENTILATION_WORDS)),
            "grid": keys.coded(at.grid[chosen], _grid_codes(city)),
        }
    )


def subjects(city: City, persons: Int32) -> pa.Table:
    people = city.people
    return pa.table(
        {
            "subject": keys.subject_keys(persons),
            "grid": keys.coded(people.grid[persons], _grid_codes(city)),
            "role": keys.coded(people.role[persons], pa.array(ROLE_WORDS)),
        }
    )


def jurisdictions(city: City) -> pa.Table:
    codes = _grid_codes(city).to_pylist()
    return pa.table(
        {
            "code": ["CN", *codes],
            "parent": pa.array([None, *(["CN"] * len(codes))], pa.string()),
            "level": ["country", *(["grid"] * len(codes))],
            "name_zh": ["中国", *codes],
            "name_en": ["China", *codes],
        }
    )


def household_links(city: City, homes: Int32) -> pa.Table:
    """Each pair of persons of each of `homes`, as undated household links."""
    first = city.first_of_home
    lows, highs = [], []
    size = first[homes + 1] - first[homes]
    for low in range(int(size.max(initial=0))):
        for high in range(low + 1, int(size.max(initial=0))):
            some = homes[size > high]
            lows.append(first[some] + low)
            highs.append(first[some] + high)
    low = np.concatenate([*lows, np.zeros(0, np.int32)]).astype(np.int32)
    high = np.concatenate([*highs, np.zeros(0, np.int32)]).astype(np.int32)
    order = np.lexsort((high, low))
    return pa.table(
        {
            "subject_a": keys.subject_keys(low[order]),
            "subject_b": keys.subject_keys(high[order]),
            "relation": keys.coded(np.zeros(len(low), np.int32), pa.array(["household"])),
        }
    )


def vaccinations(city: City, persons: Int32, disease: str = "covid-19") -> pa.Table:
    doses = city.people.doses[persons]
    person = np.repeat(persons, doses)
    nth = np.concatenate([[0], np.cumsum(doses)])[:-1]
    number = np.arange(len(person)) - np.repeat(nth, doses)
    draw = Chance.of(city.asked.seed, "vaccination")
    ago = 500 - 150 * number + draw.below(60, person, number)
    epoch = np.datetime64(city.asked.first_day - timedelta(days=0), "D")
    return pa.table(
        {
            "subject": keys.subject_keys(person),
            "disease": keys.coded(np.zeros(len(person), np.int32), pa.array([disease])),
            "date": pa.array(epoch - ago.astype("timedelta64[D]"), pa.date32()),
        }
    )
