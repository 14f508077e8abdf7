"""What reported cases remember of their last days, and which telephones met theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import RELATION_OF, Columns, Numbers, chosen, table
from ringfence_city.truth import relations
from ringfence_city.truth.city import DAY, Int32, Met, Stays
from ringfence_city.truth.findings import Cases
from ringfence_city.truth.relations import Relations

INTERVIEWS = "interviews"
INTERVIEW_NOISE = Noise(coverage=700_000, skew_minutes=20, wrong_digit=4_000, false=30_000)
ENCOUNTERS = "encounters"
ENCOUNTER_NOISE = Noise(coverage=400_000, skew_minutes=1, duplicates=10_000, borrowed=10_000)

_ASKED_DAYS = 4
_KEPT_DAYS = 14
_INTERVIEWED, _UPLOADED = 8 * 60, 9 * 60
"""Minutes of the morning after the report."""


@dataclass(frozen=True)
class Lived:
    """What the cases lived through, of all days together."""

    stays: Stays
    met: Met
    related: Relations


def report(post: Post, cases: Cases, lived: Lived) -> list[Delivered]:
    """What the cases tell and hand over, by the day of their reports."""
    delivered: list[Delivered] = []
    told = post.disguise(INTERVIEWS, INTERVIEW_NOISE)
    app = post.disguise(ENCOUNTERS, ENCOUNTER_NOISE)
    for day in np.unique(cases.reported // DAY).tolist():
        persons = np.sort(cases.person[cases.reported // DAY == day])
        morning = (day + 1) * DAY
        for channel, name, hour, rows in (
            (INTERVIEWS, "presence", _INTERVIEWED, _remembered(told, lived.stays, persons, day)),
            (INTERVIEWS, "link", _INTERVIEWED, _named(told, lived.related, persons, day)),
            (ENCOUNTERS, "encounter", _UPLOADED, _near(app, lived.met, persons, day)),
        ):
            made = table(post.city, rows)
            delivered += post.send(channel, name, made, number=day, received=morning + hour)
    return delivered


def _remembered(disguise: Disguise, stays: Stays, persons: Int32, day: int) -> Columns:
    """Places, with times rounded as people tell them."""
    first = (day - _ASKED_DAYS) * DAY
    rows = np.flatnonzero(np.isin(stays.person, persons) & (stays.start >= first))
    rows = rows[stays.start[rows] < (day + 1) * DAY]
    rows = rows[disguise.seen(stays.person[rows], stays.start[rows])]
    person, start, end = stays.person[rows], stays.start[rows], stays.end[rows]
    wrong = _recall(disguise, person, start)
    begun = start + wrong
    return {
        "subject": person.astype(np.int64),
        "place": stays.place[rows],
        "start": begun,
        "end": np.maximum(end + wrong, begun + 5),
        "zone": stays.zone[rows],
        "role": stays.role[rows],
        "mask": stays.mask[rows],
        "certainty": "declared",
    }


def _recall(disguise: Disguise, person: Int32, start: Int32) -> NDArray[np.int64]:
    most = disguise.noise.skew_minutes
    if not most:
        return np.zeros(len(person), np.int64)
    return disguise.chance("recall").below(2 * most + 1, person, start) - most


def _named(disguise: Disguise, related: Relations, persons: Int32, day: int) -> Columns:
    """People named with what they did together; a few are named who were not there."""
    mine = np.isin(related.person_a, persons) | np.isin(related.person_b, persons)
    mine &= (related.start >= (day - _ASKED_DAYS) * DAY) & (related.start < (day + 1) * DAY)
    rows = np.flatnonzero(mine)
    low, high, start = related.person_a[rows], related.person_b[rows], related.start[rows]
    seen = disguise.seen(low, high, start)
    rows, low, high, start = rows[seen], low[seen], high[seen], start[seen]
    words = np.array([RELATION_OF[word] for word in relations.WORDS], dtype=np.int8)
    a_is_case = np.isin(low, persons)
    case, other = np.where(a_is_case, low, high), np.where(a_is_case, high, low)
    wrong = _mistaken(disguise, other, start)
    told = disguise.codes(np.where(wrong, (other + 1) % disguise.city.asked.people, other), start)
    columns: Columns = {
        "subject_a": case.astype(np.int64),
        "subject_b": told,
        "relation": np.where(wrong, RELATION_OF["reported"], words[related.relation[rows]]).astype(
            np.int8
        ),
        "start": start,
        "end": related.end[rows],
        "ppe": related.ppe[rows],
    }
    return chosen(columns, case != told)


def _mistaken(disguise: Disguise, other: Numbers, start: Int32) -> NDArray[np.bool_]:
    return disguise.chance("mistaken").happens(disguise.noise.false, other, start)


def _near(disguise: Disguise, met: Met, persons: Int32, day: int) -> Columns:
    """Encounters of cases who have the app with others who have it."""
    mine = np.isin(met.person_a, persons) | np.isin(met.person_b, persons)
    mine &= (met.start >= (day - _KEPT_DAYS) * DAY) & (met.start < (day + 1) * DAY)
    rows = np.flatnonzero(mine)
    rows = rows[disguise.seen(met.person_a[rows]) & disguise.seen(met.person_b[rows])]
    rows = rows[disguise.repeated(met.person_a[rows], met.person_b[rows], met.start[rows])]
    low, high, start = met.person_a[rows], met.person_b[rows], met.start[rows]
    skew = disguise.skew(low)
    columns: Columns = {
        "subject_a": disguise.codes(low, start),
        "subject_b": disguise.codes(high, start),
        "start": start + skew,
        "end": met.end[rows] + skew,
        "distance_m": met.distance_dm[rows],
        "indoor": met.indoor[rows],
    }
    return chosen(columns, np.asarray(columns["subject_a"]) != np.asarray(columns["subject_b"]))
