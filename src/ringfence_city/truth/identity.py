"""Names, ID numbers, telephones and addresses: invented, of a region that does not exist."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.truth import keys
from ringfence_city.truth.city import City, Int32


def identities(city: City, persons: Int32) -> pa.Table:
    """The canonical subject table with identity columns."""
    numbers = np.asarray(persons).tolist()
    sex = city.people.sex[persons]
    age = city.people.age[persons].astype(np.int64)
    year = city.asked.first_day.year - age
    births = pa.array((year - 1970).astype("datetime64[Y]").astype("datetime64[D]"), pa.date32())
    return pa.table(
        {
            "subject": keys.subject_keys(persons),
            "name": [f"王{n}" for n in numbers],
            "sex": pa.array(["female", "male"]).take(pa.array(sex)),
            "birth_date": births,
            "id_kind": ["resident"] * len(numbers),
            "id_number": [f"000101{y}0101{n % 1000:03d}0" for n, y in zip(numbers, year, strict=True)],
            "phone": [f"1{3_000_000_000 + n}" for n in numbers],
            "address": [f"{n}" for n in numbers],
        }
    )
