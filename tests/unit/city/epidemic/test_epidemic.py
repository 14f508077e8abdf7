"""Infections follow from what happened: nobody is infected twice, or by somebody far away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.city_reality.outbreaks import outbreak
from tests.unit.city.truth.cities import town

from ringfence_city.parameters import Parameters
from ringfence_city.truth import days, epidemic, findings, illness, travel
from ringfence_city.truth.city import AT_HOME, DAY, IN_HOSPITAL, ISOLATED
from ringfence_city.truth.epidemic import Outbreak


@pytest.fixture(scope="module")
def told() -> Outbreak:
    return outbreak(Parameters(4_000, 14, 21, index_cases=8))


def where(told: Outbreak, person: int, at: int) -> int:
    """The place of a person at a minute; -1 on the way."""
    day = at // DAY
    confined, codes = epidemic.confined(told, day)
    how = codes[confined == person][:1] if person in confined else np.zeros(1, np.int8)
    stays = days.lived(told.city, np.array([person], np.int32), day, how).stays
    there = (stays.start <= at) & (at < stays.end)
    return int(stays.place[there][0]) if there.any() else -1


def test_nobody_is_infected_twice(told: Outbreak) -> None:
    assert told.infections.count > 30
    assert len(np.unique(told.infections.person)) == told.infections.count


def test_infector_and_infected_were_in_that_place_at_that_minute(told: Outbreak) -> None:
    rows = told.infections
    for one in np.flatnonzero(rows.place >= 0).tolist():
        at, place = int(rows.at[one]), int(rows.place[one])
        assert where(told, int(rows.person[one]), at) == place
        assert where(told, int(rows.infector[one]), at) == place


def test_infectors_are_infectious_and_one_generation_before(told: Outbreak) -> None:
    rows, course = told.infections, told.course
    number = {person: n for n, person in enumerate(rows.person.tolist())}
    for one in np.flatnonzero(rows.infector >= 0).tolist():
        parent = number[int(rows.infector[one])]
        assert rows.generation[one] == rows.generation[parent] + 1
        day = int(rows.at[one] // DAY)
        weight = illness.infectious(course.onset[[parent]], rows.at[[parent]], day)
        assert weight[0] > 0
        assert rows.at[one] > rows.at[parent]


def test_first_infections_come_from_outside(told: Outbreak) -> None:
    rows = told.infections
    outside = rows.infector < 0
    assert (rows.generation[outside] == 0).all()
    assert (rows.generation[~outside] > 0).all()
    assert (rows.place[outside] == -1).all()
    residents = outside & (rows.person < told.city.residents)
    assert residents.sum() == 8
    assert (rows.at[residents] < 0).all()


def test_reported_cases_are_taken_away_on_the_next_day(told: Outbreak) -> None:
    cases = findings.cases(told)
    assert cases.count > 5
    for person, reported in zip(cases.person.tolist(), cases.reported.tolist(), strict=True):
        day = reported // DAY + 1
        if day >= told.city.asked.days:
            continue
        confined, codes = epidemic.confined(told, day)
        assert codes[confined == person].tolist() in ([IN_HOSPITAL], [ISOLATED])


def test_cases_are_numbered_in_the_order_of_their_reports(told: Outbreak) -> None:
    reported = findings.cases(told).reported
    assert (np.diff(reported) >= 0).all()
    assert (reported < told.city.asked.days * DAY).all()


def test_homes_of_reported_cases_stay_at_home(told: Outbreak) -> None:
    orders, people = told.orders, told.city.people
    cases = findings.cases(told)
    assert len(orders.person)
    homes = set(people.home[cases.person].tolist())
    assert set(people.home[orders.person].tolist()) <= homes
    day = int(orders.start[0])
    confined, codes = epidemic.confined(told, day)
    some = codes[confined == orders.person[0]]
    assert some.tolist() in ([AT_HOME], [IN_HOSPITAL], [ISOLATED])


def test_a_case_reported_before_the_first_day_has_a_household_order(told: Outbreak) -> None:
    city = told.city
    start = epidemic.begin(city)
    alone = np.diff(city.first_of_home)[city.people.home[start.infections.person]] == 1
    early = replace(
        start.course, reported=np.where(alone, illness.NEVER, -DAY // 2).astype(np.int32)
    )
    ordered = epidemic.found(replace(start, course=early), -1).orders
    homes = city.people.home[start.infections.person[~alone]]
    assert set(city.people.home[ordered.person].tolist()) == set(homes.tolist())
    assert set(ordered.start.tolist()) == {0}


def test_only_people_who_are_in_the_city_are_sampled() -> None:
    large = epidemic.begin(town(200_000))
    samples = findings.samples(large)
    some = ~samples.positive
    comes, leaves = travel.visits(large.city, samples.person[some].astype(np.int64))
    day = samples.sampled[some] // DAY
    assert ((comes < day) & (day < leaves)).all()


def test_negative_samples_are_of_people_who_were_not_infected_then(told: Outbreak) -> None:
    samples = findings.samples(told)
    infected = dict(zip(told.infections.person.tolist(), told.infections.at.tolist(), strict=True))
    for person, sampled, positive in zip(
        samples.person.tolist(), samples.sampled.tolist(), samples.positive.tolist(), strict=True
    ):
        assert positive == (infected.get(person, sampled + 1) <= sampled)


def test_each_case_has_a_positive_sample_before_the_report(told: Outbreak) -> None:
    samples, cases = findings.samples(told), findings.cases(told)
    positive = dict(
        zip(
            samples.person[samples.positive].tolist(),
            samples.sampled[samples.positive].tolist(),
            strict=True,
        )
    )
    assert set(positive) == set(cases.person.tolist())
    for person, reported in zip(cases.person.tolist(), cases.reported.tolist(), strict=True):
        assert positive[person] < reported


def test_symptoms_begin_with_the_onset_of_those_who_have_any(told: Outbreak) -> None:
    symptoms, course = findings.symptoms(told), told.course
    first: dict[int, int] = {}
    for person, day in zip(symptoms.person.tolist(), symptoms.first.tolist(), strict=True):
        first[person] = min(day, first.get(person, day))
    shown = course.symptomatic & (course.onset < told.city.asked.days * DAY)
    expected = dict(
        zip(
            told.infections.person[shown].tolist(),
            (course.onset[shown] // DAY).tolist(),
            strict=True,
        )
    )
    assert first == expected
