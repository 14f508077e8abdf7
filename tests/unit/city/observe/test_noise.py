"""How a channel distorts facts, and that quiet channels do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import FAULTS, MILLION, Agencies, Noise
from ringfence_city.observe.rows import ALIAS, subject_keys, subjects
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build
from ringfence_city.truth.city import City

PERSONS = np.arange(4_000, dtype=np.int32)
AT = PERSONS * 3
NONE = Noise()


@pytest.fixture(scope="module")
def city() -> City:
    return build.city(Parameters(4_000, 1, 7))


def disguise(city: City, noise: Noise = NONE) -> Disguise:
    return Disguise(city, "a channel", noise)


def test_no_noise_keeps_coverage_and_delay_and_has_no_fault() -> None:
    noisy = Noise(coverage=5, lag_days=(2, 3), alias=7, borrowed=9, skew_minutes=3)
    assert noisy.scaled(0) == Noise(coverage=5, lag_days=(2, 3))


def test_faults_grow_together_and_never_beyond_all() -> None:
    grown = Noise(coverage=400_000, alias=300_000, late=10).scaled(4_000)
    assert (grown.coverage, grown.alias, grown.late) == (400_000, MILLION, 40)


def test_every_fault_is_scaled() -> None:
    faults: dict[str, Any] = dict.fromkeys(FAULTS, 10)
    every = replace(Noise(), **faults)
    assert all(getattr(every.scaled(2_000), fault) == 20 for fault in FAULTS)


def test_coverage_asked_for_replaces_that_of_the_channel() -> None:
    agencies = Agencies(0, (("gates", 123),))
    assert agencies.noise_of("gates", Noise(coverage=9, alias=3)) == Noise(coverage=123)
    assert agencies.noise_of("payments", Noise(coverage=9, alias=3)) == Noise(coverage=9)


def test_a_channel_without_faults_gives_everybody_their_own_key(city: City) -> None:
    assert disguise(city).codes(PERSONS, AT).tolist() == PERSONS.tolist()


def test_an_alias_is_of_the_person_and_stays_the_same(city: City) -> None:
    told = disguise(city, Noise(alias=250_000))
    codes = told.codes(PERSONS, AT)
    assert set((codes % ALIAS - PERSONS).tolist()) == {0}
    assert (codes >= ALIAS).mean() == pytest.approx(0.25, abs=0.03)
    assert told.codes(PERSONS, AT + 1).tolist() == codes.tolist()


def test_a_borrowed_telephone_belongs_to_the_same_home(city: City) -> None:
    codes = disguise(city, Noise(borrowed=MILLION)).codes(PERSONS, AT)
    residents = np.less(PERSONS, city.residents)
    home = city.people.home
    assert (home[codes[residents]] == home[PERSONS[residents]]).all()
    assert (codes != PERSONS).any()


def test_a_wrong_digit_is_exactly_one(city: City) -> None:
    codes = disguise(city, Noise(wrong_digit=MILLION)).codes(PERSONS, AT)
    differing = [
        sum(a != b for a, b in zip(f"{one:08d}", f"{two:08d}", strict=True))
        for one, two in zip(codes.tolist(), PERSONS.tolist(), strict=True)
    ]
    assert set(differing) == {1}


def test_a_clock_is_wrong_by_the_same_minutes_all_day(city: City) -> None:
    devices = np.array([3, 3, 9, 9, 3])
    skew = disguise(city, Noise(skew_minutes=30)).skew(devices)
    assert len(set(skew[devices == 3].tolist())) == 1
    many = disguise(city, Noise(skew_minutes=5)).skew(np.arange(5_000))
    assert (many.min(), many.max()) == (-5, 5)


def test_duplicates_follow_their_first(city: City) -> None:
    sent = disguise(city, Noise(duplicates=500_000)).repeated(PERSONS, AT)
    assert len(sent) == pytest.approx(6_000, rel=0.05)
    assert (np.diff(sent) >= 0).all()
    assert set(sent.tolist()) == set(range(4_000))


def test_keys_hold_eight_digits_and_an_alias_its_own_letter() -> None:
    codes = np.array([0, 12, 99_999_999, ALIAS + 12])
    told = ["p00000000", "p00000012", "p99999999", "a00000012"]
    assert subject_keys(codes).to_pylist() == told


@pytest.mark.parametrize(
    "codes",
    [
        [],
        [5],
        [7, 7, 3, 3, 3],
        [99_999_999, 0, 199_999_999, 4, 4],
        [*range(300_000, 300_500), 2, ALIAS + 300_001, 90_000_000],
    ],
)
def test_a_column_of_subjects_holds_the_keys_of_its_rows_and_no_other(codes: list[int]) -> None:
    column = subjects(np.array(codes, dtype=np.int64))
    assert column.to_pylist() == subject_keys(np.array(codes, dtype=np.int64)).to_pylist()
    assert len(column.dictionary) == len(set(codes))
