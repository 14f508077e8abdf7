"""Canonical tables of cases and of what is known of their health."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence_city.clock import instants, moment
from ringfence_city.observe.rows import Numbers, subjects
from ringfence_city.parameters import Parameters
from ringfence_city.truth import keys
from ringfence_city.truth.city import DAY, Truths
from ringfence_city.truth.epidemic import Orders
from ringfence_city.truth.findings import Cases, Samples, Symptoms
from ringfence_city.truth.illness import ISOLATION_DAYS, SYMPTOMS

DISEASE = "covid-19"
ONSET, REPORT, ISOLATED, RELEASED = range(4)
EVENTS = ("onset", "report", "isolated", "released")


def case_keys(numbers: Numbers) -> pa.Array:
    return pa.array([f"C{number + 1:06d}" for number in numbers.tolist()], pa.string())


def case_table(cases: Cases, numbers: Numbers, symptomatic: Truths) -> pa.Table:
    """`numbers`: which cases; `symptomatic`: whether each has had symptoms when this is told."""
    return pa.table(
        {
            "case": case_keys(numbers),
            "subject": subjects(cases.person[numbers]),
            "disease": _word(len(numbers), DISEASE),
            "classification": _word(len(numbers), "confirmed"),
            "symptomatic": pa.array(symptomatic),
        }
    )


def event_table(asked: Parameters, numbers: Numbers, kinds: Numbers, minutes: Numbers) -> pa.Table:
    """An onset is told to the day, all else to the minute."""
    at = [
        told.date().isoformat() if kind == ONSET else told.isoformat()
        for kind, told in zip(
            kinds.tolist(), (moment(asked, minute) for minute in minutes.tolist()), strict=True
        )
    ]
    return pa.table(
        {
            "case": case_keys(numbers),
            "kind": keys.coded(kinds, pa.array(EVENTS)),
            "at": pa.array(at, pa.string()),
        }
    )


def events(
    asked: Parameters, cases: Cases
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Number of the case, kind and minute of each event that has happened, by case."""
    minutes = np.stack([cases.onset, cases.reported, cases.isolated, cases.released], axis=1)
    happened = minutes < asked.days * DAY
    happened[:, ONSET] &= cases.symptomatic
    number, kind = np.nonzero(happened)
    return number, kind, minutes[number, kind].astype(np.int64)


def test_table(asked: Parameters, samples: Samples, rows: Numbers, codes: Numbers) -> pa.Table:
    return pa.table(
        {
            "subject": subjects(codes),
            "sampled": instants(asked, samples.sampled[rows]),
            "result": keys.coded(
                samples.positive[rows].astype(np.int32), pa.array(["negative", "positive"])
            ),
        }
    )


def symptom_table(
    asked: Parameters, symptoms: Symptoms, rows: Numbers, first: Numbers, today: Numbers
) -> pa.Table:
    """As told on the day `today`: no last day while a symptom goes on."""
    last = np.maximum(symptoms.last[rows], first)
    ongoing = pa.array(last > today)
    return pa.table(
        {
            "subject": subjects(symptoms.person[rows]),
            "kind": keys.coded(symptoms.kind[rows].astype(np.int32), pa.array(SYMPTOMS)),
            "start": days(asked, first),
            "end": pc.if_else(ongoing, pa.scalar(None, pa.date32()), days(asked, last)),
        }
    )


def measure_table(
    asked: Parameters, persons: Numbers, words: Sequence[str], start: Numbers, end: Numbers
) -> pa.Table:
    return pa.table(
        {
            "subject": subjects(persons),
            "kind": pa.array(words, pa.string()),
            "start": instants(asked, start),
            "end": instants(asked, end),
        }
    )


def measures(cases: Cases, orders: Orders) -> tuple[Numbers, list[str], Numbers, Numbers, Numbers]:
    """Persons, kinds, start and end of all orders, and when each became known (minutes)."""
    persons = np.concatenate([cases.person, orders.person])
    words = ["hospital" if ill else "facility" for ill in cases.symptomatic.tolist()]
    words += ["home"] * len(orders.person)
    start = np.concatenate([cases.isolated, orders.start * DAY])
    end = np.concatenate([cases.isolated + ISOLATION_DAYS * DAY, orders.end * DAY])
    return persons, words, start, end, start - 1


def days(asked: Parameters, numbers: Numbers) -> pa.Array:
    first = np.datetime64(asked.first_day, "D")
    return pa.array(first + np.asarray(numbers).astype("timedelta64[D]"), pa.date32())


def _word(count: int, word: str) -> pa.DictionaryArray:
    return keys.coded(np.zeros(count, np.int32), pa.array([word]))
