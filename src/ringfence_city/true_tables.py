"""The true facts as canonical tables, and the infections."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.clock import instants
from ringfence_city.observe import carriers, health
from ringfence_city.observe.rows import RELATION_OF, places, subjects, table
from ringfence_city.truth import findings, keys, relations
from ringfence_city.truth.city import SETTINGS, City, Int64, Met, Stays, Truths
from ringfence_city.truth.days import Day
from ringfence_city.truth.epidemic import Infections, Outbreak
from ringfence_city.truth.followed import Kept
from ringfence_city.truth.relations import Relations


def presences(city: City, stays: Stays) -> pa.Table:
    return table(
        city,
        {
            "subject": stays.person,
            "place": stays.place,
            "start": stays.start,
            "end": stays.end,
            "zone": stays.zone,
            "role": stays.role,
            "mask": stays.mask,
            "certainty": "measured",
        },
    )


def of_day(city: City, told: Day, day: int) -> dict[str, pa.Table]:
    """Where people were: in places, aboard, in vehicles."""
    return {
        "presence": presences(city, told.stays),
        "ride": table(city, carriers.ride_columns(told.rides, day)),
        "occupancy": table(city, carriers.occupancy_columns(told.occupancies)),
        "sighting": table(city, carriers.sighting_columns(told.sightings)),
    }


def encounters(city: City, kept: Kept) -> pa.Table:
    met: Met = kept.met
    return table(
        city,
        {
            "subject_a": met.person_a,
            "subject_b": met.person_b,
            "start": met.start,
            "end": met.end,
            "distance_m": met.distance_dm,
            "physical": met.physical,
            "indoor": met.indoor,
            "mask_a": kept.mask_a,
            "mask_b": kept.mask_b,
        },
    )


def related(city: City, rows: Relations) -> pa.Table:
    words = np.array([RELATION_OF[word] for word in relations.WORDS], dtype=np.int8)
    return table(
        city,
        {
            "subject_a": rows.person_a,
            "subject_b": rows.person_b,
            "relation": words[rows.relation],
            "start": rows.start,
            "end": rows.end,
            "ppe": rows.ppe,
        },
    )


def households(city: City, low: Int64, high: Int64) -> pa.Table:
    """Undated: they last the whole time."""
    count = len(low)
    undated = pa.nulls(count, instants(city.asked, np.zeros(0, np.int64)).type)
    made = table(
        city,
        {
            "subject_a": low,
            "subject_b": high,
            "relation": np.full(count, RELATION_OF["household"], np.int8),
        },
    )
    made = made.append_column("start", undated).append_column("end", undated)
    return made.append_column("ppe", pa.array(np.zeros(count, dtype=bool)))


def infections(city: City, rows: Infections) -> pa.Table:
    """`infector`, `place` and `setting` are missing where the infection came from outside."""
    return pa.table(
        {
            "infectee": subjects(rows.person),
            "infector": _missing(subjects(np.maximum(rows.infector, 0)), rows.infector < 0),
            "at": instants(city.asked, rows.at),
            "place": _missing(places(city, np.maximum(rows.place, 0)), rows.place < 0),
            "setting": keys.coded(rows.setting.astype(np.int32), pa.array(SETTINGS)),
            "generation": pa.array(rows.generation),
        }
    )


def _missing(column: pa.DictionaryArray, where: Truths) -> pa.DictionaryArray:
    indices = pa.array(column.indices.to_numpy(zero_copy_only=False), mask=where)
    return pa.DictionaryArray.from_arrays(indices, column.dictionary)


def of_outbreak(outbreak: Outbreak) -> dict[str, pa.Table]:
    """Tables of health by name."""
    city = outbreak.city
    cases = findings.cases(outbreak)
    numbers = np.arange(cases.count)
    samples = findings.samples(outbreak)
    symptoms = findings.symptoms(outbreak)
    persons, words, start, end, _ = health.measures(cases, outbreak.orders)
    return {
        "case": health.case_table(cases, numbers, cases.symptomatic),
        "case_event": health.event_table(city.asked, *health.events(city.asked, cases)),
        "test": health.test_table(
            city.asked, samples, np.arange(len(samples.person)), samples.person
        ),
        "symptom": health.symptom_table(
            city.asked,
            symptoms,
            np.arange(len(symptoms.person)),
            symptoms.first,
            np.full(len(symptoms.person), city.asked.days - 1),
        ),
        "measure": health.measure_table(city.asked, persons, words, start, end),
        "infection": infections(city, outbreak.infections),
    }
