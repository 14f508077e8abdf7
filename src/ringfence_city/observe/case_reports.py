"""What becomes known of those who are found: cases, samples, symptoms, orders. Each morning brings
what was known by the end of the day before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ringfence_city.observe import health
from ringfence_city.observe.delivering import Delivered, deliver
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Agencies, Noise
from ringfence_city.observe.rows import Numbers
from ringfence_city.truth import findings
from ringfence_city.truth.city import DAY
from ringfence_city.truth.epidemic import Outbreak

CASES, CASE_NOISE = "cases", Noise(wrong_day=80_000)
LABORATORY = "laboratory"
LABORATORY_NOISE = Noise(coverage=980_000, duplicates=5_000, wrong_digit=1_000)
SYMPTOMS, SYMPTOM_NOISE = "symptoms", Noise(coverage=800_000, wrong_day=150_000)
MEASURES, MEASURE_NOISE = "measures", Noise(coverage=950_000)
_HOUR = {CASES: 300, LABORATORY: 315, SYMPTOMS: 330, MEASURES: 345}


@dataclass(frozen=True)
class _Desk:
    root: Path
    outbreak: Outbreak
    agencies: Agencies

    def disguise(self, channel: str, own: Noise) -> Disguise:
        return Disguise(self.outbreak.city, channel, self.agencies.noise_of(channel, own))

    def each_morning(
        self, channel: str, table: str, known: Numbers, make: Callable[[Numbers], pa.Table]
    ) -> list[Delivered]:
        """`known`: the minute at which each row became known; `make` writes rows by position."""
        asked, delivered = self.outbreak.city.asked, list[Delivered]()
        for day in np.unique(known // DAY).tolist():
            rows = np.flatnonzero(known // DAY == day)
            received = (day + 1) * DAY + _HOUR[channel]
            delivered += deliver(self.root, asked, channel, table, day, received, make(rows))
        return delivered


def report(root: Path, outbreak: Outbreak, agencies: Agencies) -> list[Delivered]:
    desk = _Desk(root, outbreak, agencies)
    cases = findings.cases(outbreak)
    return [
        *_cases(desk, cases),
        *_events(desk, cases),
        *_samples(desk),
        *_symptoms(desk, cases),
        *_measures(desk, cases),
    ]


def _cases(desk: _Desk, cases: findings.Cases) -> list[Delivered]:
    return desk.each_morning(
        CASES,
        "case",
        cases.reported,
        lambda rows: health.case_table(cases, rows, cases.person[rows]),
    )


def _events(desk: _Desk, cases: findings.Cases) -> list[Delivered]:
    """The onset that a patient remembers may be a day off."""
    number, kind, minute = health.events(cases)
    known = np.where(kind == health.ONSET, cases.reported[number], minute)
    disguise = desk.disguise(CASES, CASE_NOISE)
    wrong = disguise.chance("day").happens(disguise.noise.wrong_day, number)
    wrong &= kind == health.ONSET
    earlier = disguise.chance("earlier").happens(500_000, number)
    minute = np.where(wrong, minute + np.where(earlier, -DAY, DAY), minute)
    minute = np.where(wrong, np.minimum(minute, cases.reported[number]), minute)
    asked = desk.outbreak.city.asked
    return desk.each_morning(
        CASES,
        "case_event",
        known,
        lambda rows: health.event_table(asked, number[rows], kind[rows], minute[rows]),
    )


def _samples(desk: _Desk) -> list[Delivered]:
    samples = findings.samples(desk.outbreak)
    disguise = desk.disguise(LABORATORY, LABORATORY_NOISE)
    seen = np.flatnonzero(disguise.seen(samples.person, samples.sampled))
    again = disguise.repeated(samples.person[seen], samples.sampled[seen])
    sent = seen[again]
    codes = disguise.codes(samples.person[sent], samples.sampled[sent])
    asked = desk.outbreak.city.asked
    return desk.each_morning(
        LABORATORY,
        "test",
        samples.known[sent],
        lambda rows: health.test_table(asked, samples, sent[rows], codes[rows]),
    )


def _symptoms(desk: _Desk, cases: findings.Cases) -> list[Delivered]:
    """Those of reported cases, as they tell them; the first day may be a day late."""
    symptoms = findings.symptoms(desk.outbreak)
    disguise = desk.disguise(SYMPTOMS, SYMPTOM_NOISE)
    order = np.argsort(cases.person)
    by_person = cases.person[order]
    told = np.isin(symptoms.person, by_person)
    told &= disguise.seen(symptoms.person, symptoms.kind)
    rows = np.flatnonzero(told)
    number = order[np.searchsorted(by_person, symptoms.person[rows])]
    wrong = disguise.chance("day").happens(disguise.noise.wrong_day, rows)
    first = symptoms.first[rows] + wrong
    known = np.maximum(cases.reported[number], first * DAY + DAY - 1)
    within = known < desk.outbreak.city.asked.days * DAY
    rows, first, known = rows[within], first[within], known[within]
    asked = desk.outbreak.city.asked
    return desk.each_morning(
        SYMPTOMS,
        "symptom",
        known,
        lambda some: health.symptom_table(
            asked, symptoms, rows[some], first[some], known[some] // DAY
        ),
    )


def _measures(desk: _Desk, cases: findings.Cases) -> list[Delivered]:
    persons, words, start, end, known = health.measures(cases, desk.outbreak.orders)
    disguise = desk.disguise(MEASURES, MEASURE_NOISE)
    sent = np.flatnonzero(disguise.seen(persons, start))
    asked = desk.outbreak.city.asked
    return desk.each_morning(
        MEASURES,
        "measure",
        known[sent],
        lambda rows: health.measure_table(
            asked,
            persons[sent[rows]],
            [words[row] for row in sent[rows].tolist()],
            start[sent[rows]],
            end[sent[rows]],
        ),
    )
