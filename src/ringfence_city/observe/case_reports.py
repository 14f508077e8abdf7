"""What becomes known of those who are found: cases, samples, symptoms, orders. Each morning brings
what was known by the end of the day before.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from ringfence_city.observe import health
from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.raw import line_list, results
from ringfence_city.observe.rows import Numbers
from ringfence_city.truth import findings
from ringfence_city.truth.city import DAY
from ringfence_city.truth.epidemic import Outbreak

CASES, CASE_NOISE = "cases", Noise(wrong_day=80_000)
LABORATORY = "laboratory"
LABORATORY_NOISE = Noise(coverage=980_000, duplicates=5_000, wrong_digit=1_000, respelled=5_000)
SYMPTOMS, SYMPTOM_NOISE = "symptoms", Noise(coverage=800_000, wrong_day=150_000)
MEASURES, MEASURE_NOISE = "measures", Noise(coverage=950_000)
_HOUR = {CASES: 300, LABORATORY: 315, SYMPTOMS: 330, MEASURES: 345}


def report(post: Post, outbreak: Outbreak) -> list[Delivered]:
    cases = findings.cases(outbreak)
    told = _line_list(post, cases) if post.raw else [*_cases(post, cases), *_events(post, cases)]
    return [
        *told,
        *_samples(post, outbreak),
        *_symptoms(post, outbreak, cases),
        *_measures(post, outbreak, cases),
    ]


def _each_morning(
    post: Post, channel: str, table: str, known: Numbers, make: Callable[[Numbers], pa.Table]
) -> list[Delivered]:
    """`known`: the minute at which each row became known; `make` writes rows by position."""
    delivered: list[Delivered] = []
    for day in np.unique(known // DAY).tolist():
        made = make(np.flatnonzero(known // DAY == day))
        received = (day + 1) * DAY + _HOUR[channel]
        delivered += post.send(channel, table, made, number=day, received=received)
    return delivered


def _cases(post: Post, cases: findings.Cases) -> list[Delivered]:
    """Who falls ill after the report is told again as symptomatic then."""
    later = np.flatnonzero(cases.symptomatic & (cases.onset > cases.reported))
    numbers = np.concatenate([np.arange(cases.count), later])
    known = np.concatenate([cases.reported, cases.onset[later]])
    ill = cases.symptomatic[numbers] & (cases.onset[numbers] <= known)
    return _each_morning(
        post, CASES, "case", known, lambda rows: health.case_table(cases, numbers[rows], ill[rows])
    )


def _known_events(post: Post, cases: findings.Cases) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Number of the case, kind, minute as told, and since when each event is known. The onset that
    a patient remembers may be a day off.
    """
    number, kind, minute = health.events(post.city.asked, cases)
    known = np.maximum(minute, cases.reported[number])
    disguise = post.disguise(CASES, CASE_NOISE)
    wrong = disguise.chance("day").happens(disguise.noise.wrong_day, number)
    wrong &= kind == health.ONSET
    earlier = disguise.chance("earlier").happens(500_000, number)
    minute = np.where(wrong, minute + np.where(earlier, -DAY, DAY), minute)
    minute = np.where(wrong, np.minimum(minute, known), minute)
    return number, kind, minute, known


def _line_list(post: Post, cases: findings.Cases) -> list[Delivered]:
    """Each morning the cases of which there is news, with all that is known of them by then."""
    number, kind, minute, known = _known_events(post, cases)
    delivered: list[Delivered] = []
    disguise = post.disguise(CASES, CASE_NOISE)
    for day in np.unique(known // DAY).tolist():
        by_then = known // DAY <= day
        news = np.unique(number[by_then & (known // DAY == day)]).tolist()
        told = {case: dict[int, int]() for case in news}
        for case, what, when in zip(
            number[by_then].tolist(), kind[by_then].tolist(), minute[by_then].tolist(), strict=True
        ):
            if case in told:
                told[case][what] = when
        rows = [
            line_list.Told(
                case,
                int(cases.person[case]),
                events[health.REPORT],
                events.get(health.ONSET),
                events.get(health.ISOLATED),
                events.get(health.RELEASED),
            )
            for case, events in told.items()
        ]
        sheet = line_list.write(post.clerk(disguise, day), rows)
        received = (day + 1) * DAY + _HOUR[CASES]
        delivered += post.send_raw([sheet], number=day, received=received)
    return delivered


def _events(post: Post, cases: findings.Cases) -> list[Delivered]:
    asked = post.city.asked
    number, kind, minute, known = _known_events(post, cases)
    return _each_morning(
        post,
        CASES,
        "case_event",
        known,
        lambda rows: health.event_table(asked, number[rows], kind[rows], minute[rows]),
    )


def _samples(post: Post, outbreak: Outbreak) -> list[Delivered]:
    samples = findings.samples(outbreak)
    disguise = post.disguise(LABORATORY, LABORATORY_NOISE)
    seen = np.flatnonzero(disguise.seen(samples.person, samples.sampled))
    again = disguise.repeated(samples.person[seen], samples.sampled[seen])
    sent = seen[again]
    codes = disguise.marked_codes(samples.person[sent], samples.sampled[sent])
    asked = post.city.asked
    if post.raw:
        return _results(post, disguise, samples, sent, codes)
    return _each_morning(
        post,
        LABORATORY,
        "test",
        samples.known[sent],
        lambda rows: health.test_table(asked, samples, sent[rows], codes[rows]),
    )


def _results(
    post: Post, disguise: Disguise, samples: findings.Samples, sent: Numbers, codes: Numbers
) -> list[Delivered]:
    """What the laboratory's system exports each morning."""
    delivered: list[Delivered] = []
    known = samples.known[sent]
    for day in np.unique(known // DAY).tolist():
        some = np.flatnonzero(known // DAY == day)
        rows = sent[some]
        clerk = post.clerk(disguise, day)
        sheet = results.write(clerk, codes[some], samples.sampled[rows], samples.positive[rows])
        received = (day + 1) * DAY + _HOUR[LABORATORY]
        delivered += post.send_raw([sheet], number=day, received=received)
    return delivered


def _symptoms(post: Post, outbreak: Outbreak, cases: findings.Cases) -> list[Delivered]:
    """Those of reported cases, as they tell them; the first day may be a day late."""
    symptoms = findings.symptoms(outbreak)
    disguise = post.disguise(SYMPTOMS, SYMPTOM_NOISE)
    order = np.argsort(cases.person)
    by_person = cases.person[order]
    told = np.isin(symptoms.person, by_person)
    told &= disguise.seen(symptoms.person, symptoms.kind)
    rows = np.flatnonzero(told)
    number = order[np.searchsorted(by_person, symptoms.person[rows])]
    wrong = disguise.chance("day").happens(disguise.noise.wrong_day, rows)
    first = symptoms.first[rows] + wrong
    known = np.maximum(cases.reported[number], first * DAY + DAY - 1)
    within = known < post.city.asked.days * DAY
    rows, first, known = rows[within], first[within], known[within]
    asked = post.city.asked
    return _each_morning(
        post,
        SYMPTOMS,
        "symptom",
        known,
        lambda some: health.symptom_table(
            asked, symptoms, rows[some], first[some], known[some] // DAY
        ),
    )


def _measures(post: Post, outbreak: Outbreak, cases: findings.Cases) -> list[Delivered]:
    persons, words, start, end, known = health.measures(cases, outbreak.orders)
    disguise = post.disguise(MEASURES, MEASURE_NOISE)
    sent = np.flatnonzero(disguise.seen(persons, start))
    asked = post.city.asked
    return _each_morning(
        post,
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
