"""Contacts per person and day: of the POLYMOD survey, and of a city, in the same terms.

Contacts are counted as the survey did: each other person once a day, in every setting in which the
two met. Both are brought to the city's ages (5-year groups) and to a week of seven equal days.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ringfence_city.truth.city import KINDS, SETTINGS, City, Int64, Met
from ringfence_city.truth.contacts import met
from ringfence_city.truth.movement import stays
from ringfence_city.truth.transport import met_aboard, rides

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "polymod"

SURVEYED = ("home", "work", "school", "transport", "leisure", "otherplace")
EDGES = (5, 18, 40, 60)
"""Age groups of the mixing: 0-4, 5-17, 18-39, 40-59, 60 and more."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contacts:
    """`mean`; by 5 years of age (the last 70 and more); by setting; `mixing[i, j]`: persons of
    group j met by one of group i; shares by minutes (<5, <15, <60, <240, more); who touched.
    """

    mean: float
    by_age: Floats
    by_setting: dict[str, float]
    mixing: Floats
    minutes: Floats
    physical: float


def _group(ages: Int64) -> Int64:
    return np.digitize(ages, EDGES)


def _age(text: str) -> int | None:
    try:
        return int(float(text))
    except ValueError:
        return None


def surveyed(ages: Int64) -> Contacts:
    """POLYMOD, brought to `ages` (of the city's people)."""
    with (FOLDER / "participants.csv").open(newline="") as lines:
        participants = {row["part_id"]: row for row in csv.DictReader(lines)}
    with gzip.open(FOLDER / "contacts.csv.gz", "rt", newline="") as lines:
        contacts = list(csv.DictReader(lines))
    share = np.bincount(np.minimum(ages // 5, 14), minlength=15) / len(ages)
    known = {
        part: age
        for part, row in participants.items()
        if (age := _age(row["part_age_exact"])) is not None and row["dayofweek"] != ""
    }
    # a weight brings ages and days of the week to those of the city
    cell = {
        part: (min(age // 5, 14), participants[part]["dayofweek"] in "06")
        for part, age in known.items()
    }
    size = Counter(cell.values())
    weight = {
        part: share[band] * (2 / 7 if rest else 5 / 7) / size[band, rest]
        for part, (band, rest) in cell.items()
    }
    mean, physical, told = 0.0, 0.0, 0.0
    by_age, minutes = np.zeros(15), np.zeros(5)
    mixing, group_weight = np.zeros((5, 5)), np.zeros(5)
    by_setting = dict.fromkeys(SURVEYED, 0.0)
    for part, age in known.items():
        group_weight[int(np.digitize(age, EDGES))] += weight[part]
    for row in contacts:
        part = row["part_id"]
        if part not in weight:
            continue
        heavy = weight[part]
        mean += heavy
        by_age[min(known[part] // 5, 14)] += heavy
        for setting in SURVEYED:
            by_setting[setting] += heavy * (row[f"cnt_{setting}"] == "1")
        if row["duration_multi"] in tuple("12345"):
            minutes[int(row["duration_multi"]) - 1] += heavy
        if row["phys_contact"] in tuple("12"):
            told += heavy
            physical += heavy * (row["phys_contact"] == "1")
        age = _age(row["cnt_age_exact"])
        if age is None and _age(row["cnt_age_est_min"]) is not None:
            age = (
                int(row["cnt_age_est_min"]) + int(row["cnt_age_est_max"] or row["cnt_age_est_min"])
            ) // 2
        if age is not None:
            mixing[int(np.digitize(known[part], EDGES)), int(np.digitize(age, EDGES))] += heavy
    return Contacts(
        mean,
        by_age / share,
        by_setting,
        mixing / group_weight[:, None],
        minutes / minutes.sum(),
        physical / told,
    )


_LEISURE = {"dining", "entertainment", "outdoor", "gathering", "lodging"}
_TRANSPORT = {"aircraft", "train", "coach", "bus", "metro", "ship", "car", "transport_hub"}


def _survey_setting(city: City, who: Int64, told: Met) -> Int64:
    """The survey's word for where `who` met somebody: what is a shop to one is work to another."""
    setting = np.array(SETTINGS)[told.setting]
    answer = np.full(len(setting), SURVEYED.index("otherplace"))
    answer[np.isin(setting, sorted(_LEISURE))] = SURVEYED.index("leisure")
    answer[np.isin(setting, sorted(_TRANSPORT))] = SURVEYED.index("transport")
    answer[setting == "school"] = SURVEYED.index("school")
    answer[setting == "work"] = SURVEYED.index("work")
    at_home = setting == "household"
    answer[at_home] = SURVEYED.index("home")
    home = city.people.home
    answer[at_home & (home[who] != told.place)] = SURVEYED.index("leisure")
    learns = city.people.role[who] == _STUDENT
    here = (city.people.daytime[who] == told.place) & (told.place >= 0) & ~learns
    answer[here] = SURVEYED.index("work")
    lunch = (
        (setting == "dining") & (told.start % 1_440 == 700) & (city.people.role[who] != _STUDENT)
    )
    answer[lunch] = SURVEYED.index("work")
    return answer


_STUDENT = 7


def of_city(city: City, days: range) -> Contacts:
    """The city's contacts on `days`, of residents."""
    n = city.people.count
    age = city.people.age.astype(np.int64)
    person = np.arange(n, dtype=np.int32)
    resident = np.arange(n) < city.residents
    met_count = np.zeros(n)
    by_setting = np.zeros(len(SURVEYED))
    mixing, minutes, touched, pairs = np.zeros((5, 5)), np.zeros(5), 0, 0
    for day in days:
        both = [
            met(city, stays(city, person, day), day),
            met_aboard(city, rides(city, person, day), day),
        ]
        told = Met(
            *(
                np.concatenate([getattr(one, name) for one in both])
                for name in Met.__dataclass_fields__
            )
        )
        key = (told.person_a.astype(np.int64) << 32) | told.person_b
        pair, first, number = np.unique(key, return_index=True, return_inverse=True)
        low, high = (pair >> 32), (pair & 0xFFFFFFFF)
        met_count += np.bincount(low, minlength=n) + np.bincount(high, minlength=n)
        together = np.bincount(number, weights=(told.end - told.start).astype(float))
        minutes += np.bincount(np.digitize(together, [5, 15, 60, 240]), minlength=5)
        touched += int(told.physical[first].sum())
        pairs += len(pair)
        for who, other in ((told.person_a, told.person_b), (told.person_b, told.person_a)):
            answer = _survey_setting(city, who.astype(np.int64), told)
            seen = np.unique((who.astype(np.int64) * n + other) * len(SURVEYED) + answer)
            kept = resident[seen // len(SURVEYED) // n]
            by_setting += np.bincount(seen[kept] % len(SURVEYED), minlength=len(SURVEYED))
        for who, other in ((low, high), (high, low)):
            np.add.at(mixing, (_group(age[who]), _group(age[other])), resident[who])
    band = np.minimum(age // 5, 14)
    counts = np.bincount(band[resident], minlength=15)
    by_age = np.bincount(band[resident], weights=met_count[resident], minlength=15) / counts
    groups = np.bincount(_group(age[resident]), minlength=5)
    return Contacts(
        float(met_count[resident].mean()) / len(days),
        by_age / len(days),
        dict(zip(SURVEYED, (by_setting / city.residents / len(days)).tolist(), strict=True)),
        mixing / groups[:, None] / len(days),
        minutes / minutes.sum(),
        touched / pairs,
    )


def kinds_where(city: City, told: Met) -> dict[str, int]:
    """How many rows each kind of place has."""
    counts = np.bincount(city.places.kind[told.place], minlength=len(KINDS))
    return {KINDS[number]: int(count) for number, count in enumerate(counts) if count}
