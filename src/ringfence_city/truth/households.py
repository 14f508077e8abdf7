"""Who lives together: homes of realistic sizes, with persons of realistic ages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth import census
from ringfence_city.truth.city import KIND_OF, Int8, Int32, Int64

_KINDS = len(census.HOUSEHOLDS)
_DORMITORY, _NURSING_HOME = _KINDS, _KINDS + 1
_CHUNK = 200_000
_OLDEST = 99


@dataclass(frozen=True)
class Households:
    """`first[h]` is the number of the first person of home `h` (one entry more than homes)."""

    first: Int32
    kind: Int8  # of each home: number in KINDS
    age: Int8
    sex: Int8


def _templates(
    seed: int, homes: Int64, nursing: bool, size_of_all: int | None
) -> tuple[Int64, Int64, Int64]:
    """Template, persons, and five years of the head's age of each home."""
    weights = [
        weight if size_of_all in (None, len(told.members)) else 0
        for told in census.HOUSEHOLDS
        for weight in told.heads
    ]
    drawn = Chance.of(seed, "household").pick(weights, homes)
    template, band = drawn // 15, drawn % 15
    size = np.array([len(told.members) for told in census.HOUSEHOLDS])[template]
    special = Chance.of(seed, "household/collective")
    rest = special.below(1_000_000, homes)
    dormitory = rest < census.DORMITORY_MILLIONTHS
    template = np.where(dormitory, _DORMITORY, template)
    size = np.where(dormitory, 4 + special.below(3, homes, 1), size)
    if nursing:
        old = rest >= 1_000_000 - census.NURSING_HOME_MILLIONTHS
        template = np.where(old, _NURSING_HOME, template)
        size = np.where(old, 20 + special.below(41, homes, 2), size)
    return template, size, band


def _head_ages(band: Int64, draw: Chance, homes: Int64) -> Int64:
    """Of fifteen years and more; who heads a household is of age, and few are very old."""
    return np.minimum(
        np.maximum(15 + 5 * band, 18) + draw.below(np.where(band == 14, 9, 5), homes, 0),
        _OLDEST,
    )


def _member_ages(
    members: str, head: Int64, draw: Chance, homes: Int64
) -> tuple[list[Int64], list[NDArray[np.bool_]]]:
    """Ages, and whether male, of each member of households of one template."""
    male = draw.below(100, homes, 50) < (75 if "s" in members else 48)
    ages: list[Int64] = []
    sexes: list[NDArray[np.bool_]] = []
    youngest: Int64 | None = None
    for nth, member in enumerate(members):
        if member == "h":
            ages.append(head)
            sexes.append(male)
        elif member in "sf":
            other = head if member == "s" else ages[-1]
            least = 20 if member == "s" else 0
            ages.append(np.clip(other - 3 + draw.below(6, homes, nth), least, _OLDEST))
            sexes.append(~sexes[0] if member == "s" else ~sexes[-1])
        elif member == "c":
            if youngest is None:
                age = head - 23 - draw.below(6, homes, nth) - draw.below(7, homes, nth, 1)
            else:
                age = youngest - 2 - draw.below(5, homes, nth)
            youngest = np.where(age < 0, draw.below(3, homes, nth, 2), age)
            ages.append(youngest)
            sexes.append(draw.below(1000, homes, nth, 3) < 527)
        else:
            older = 22 + draw.below(6, homes, nth) + draw.below(6, homes, nth, 1)
            ages.append(np.clip(head + older, 0, _OLDEST))
            sexes.append(draw.below(100, homes, nth, 3) < (35 if "f" not in members else 0))
    return ages, sexes


def _collective(age: Int8, sex: Int8, who: Int64, nursing: bool, draw: Chance) -> None:
    if nursing:
        age[who] = 70 + draw.below(16, who, 90) + draw.below(12, who, 91)
        sex[who] = draw.below(100, who, 92) < 38
    else:
        age[who] = 18 + draw.pick([18, 18, 16, 14, 8, 6, 5, 4, 4, 3, 2, 2], who, 93)
        sex[who] = draw.below(100, who, 94) < 52


def households(seed: int, people: int, size_of_all: int | None = None) -> Households:
    """Homes for `people` persons; the last home takes as many as are left.

    `size_of_all`: persons of every household (dormitories and nursing homes keep theirs); None: as
    in the census.
    """
    nursing = people >= census.NURSING_HOME_FROM
    parts: list[tuple[Int64, Int64, Int64]] = []
    housed, homes, chunk = 0, 0, min(_CHUNK, people)
    while housed < people:
        part = _templates(seed, np.arange(homes, homes + chunk), nursing, size_of_all)
        parts.append(part)
        housed += int(part[1].sum())
        homes += chunk
    template, size, band = (np.concatenate([part[i] for part in parts]) for i in range(3))
    ends = np.cumsum(size)
    homes = int(np.searchsorted(ends, people)) + 1
    first = np.concatenate([[0], np.minimum(ends[:homes], people)]).astype(np.int32)
    template, band = template[:homes].astype(np.int8), band[:homes].astype(np.int8)
    age, sex = np.zeros(people, dtype=np.int8), np.zeros(people, dtype=np.int8)
    draw = Chance.of(seed, "household/members")
    for number in range(_KINDS + 2):
        every = np.flatnonzero(template == number)
        for begin in range(0, len(every), _CHUNK):
            some = every[begin : begin + _CHUNK]
            if number >= _KINDS:
                who = _persons(first, some)
                _collective(age, sex, who, number == _NURSING_HOME, draw)
                continue
            members = census.HOUSEHOLDS[number].members
            head = _head_ages(band[some].astype(np.int64), draw, some)
            ages, sexes = _member_ages(members, head, draw, some)
            for nth in range(len(members)):
                person = first[some] + nth
                inside = person < first[some + 1]
                age[person[inside]] = ages[nth][inside]
                sex[person[inside]] = sexes[nth][inside]
    words = ["home"] * _KINDS + ["dormitory", "nursing_home"]
    kind = np.array([KIND_OF[word] for word in words], dtype=np.int8)[template]
    return Households(first, kind, age, sex)


def _persons(first: Int32, homes: Int64) -> Int64:
    """Every person of `homes`."""
    size = (first[homes + 1] - first[homes]).astype(np.int64)
    begin = np.concatenate([[0], np.cumsum(size)])[:-1]
    told: Int64 = np.arange(size.sum()) - np.repeat(begin, size) + np.repeat(first[homes], size)
    return told
