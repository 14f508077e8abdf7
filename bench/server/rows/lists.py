"""Runs and their contacts: a few that the program traced itself, many more in their likeness."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from bench.server.rows.copying import copy, numbers
from bench.server.rows.people import People, met, sizes
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tracing.actions import ask
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.queries import OUTCOMES
from ringfence_server.tracing.running import run_trace

_NEWER_SHARE = 0.10
"""Of the cases, those with another list that waits for approval."""
_GRAVEST_FIRST = {outcome: place for place, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True)
class Listed:
    """A person on a list: the place in the register, and as what."""

    place: int
    outcome: str


@dataclass(frozen=True)
class List:
    """A run in the database. `approved`: its list became work."""

    run: int
    case: Case
    at: datetime
    approved: bool
    people: tuple[Listed, ...]


def traced(home: Home, cases: Sequence[Case], by: Acting, at: datetime) -> list[Run]:
    """By the program itself, and approved."""
    done = []
    for case in cases:
        asked = ask(case=case.pk, by=by, at=at)
        run_trace(home, asked.pk, now=at)
        run = Run.objects.get(pk=asked.pk)
        assert run.state == "done", run.fault
        seen = preview(home=home, run=run.pk, by=by, at=at)
        approve(home=home, run=run.pk, digest=seen.digest, by=by, at=at)
        done.append(run)
    return done


class Likeness:
    """What the program wrote of its own runs, to be written again of others."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = sorted(runs, key=lambda run: sum(run.figures[name] for name in OUTCOMES))
        self.contacts = {
            outcome: list(Contact.objects.filter(run__in=runs, outcome=outcome).order_by("pk"))
            for outcome in OUTCOMES
        }
        self.outcomes = [outcome for outcome in OUTCOMES if self.contacts[outcome]]
        whole = sum(map(len, self.contacts.values()))
        self.shares = [len(self.contacts[outcome]) / whole for outcome in self.outcomes]

    def run_of(self, size: int) -> Run:
        """The one whose list is as long, or the longest."""
        longer = (one for one in self.runs if sum(one.figures[n] for n in OUTCOMES) >= size)
        return next(longer, self.runs[-1])


def listed(
    people: People,
    cases: Sequence[Case],
    weights: Sequence[float],
    *,
    whole: int,
    likeness: Likeness,
    at: datetime,
    chance: np.random.Generator,
) -> list[List]:
    """So many contacts on lists of these cases, written; some cases have a newer one that waits."""
    newer = chance.random(len(cases)) < _NEWER_SHARE
    wanted = [case for case, more in zip(cases, newer, strict=True) for _ in range(1 + bool(more))]
    heavy = [
        weight for weight, more in zip(weights, newer, strict=True) for _ in range(1 + bool(more))
    ]
    number = numbers(Run)
    made: list[List] = []
    for case, size in zip(wanted, sizes(heavy, whole, chance), strict=True):
        before = made[-1] if made and made[-1].case.pk == case.pk else None
        when = before.at + timedelta(hours=6) if before else case.listed_at + timedelta(hours=1)
        chosen = met(people, bisect(people.subjects, case.subject), size, chance)
        outcomes = chance.choice(likeness.outcomes, len(chosen), p=likeness.shares)
        ordered = sorted(
            (Listed(place, str(outcome)) for place, outcome in zip(chosen, outcomes, strict=True)),
            key=lambda one: _GRAVEST_FIRST[one.outcome],
        )
        made.append(List(number(), case, min(when, at), before is None, tuple(ordered)))
    return made


def write(made: Sequence[List], people: People, likeness: Likeness, by: int) -> int:
    """How many contacts."""
    copy(
        Run,
        [
            *("id", "case_id", "asked_by_id", "asked_at", "state", "started_at", "ended_at"),
            *(
                "protocol",
                "draft",
                "provisional",
                "as_of",
                "sequence",
                "figures",
                "answer",
                "beside",
            ),
        ],
        (_run(one, likeness, by) for one in made),
    )
    return copy(
        Contact,
        [
            *("run_id", "rank", "person", "order", "outcome", "provisional", "first_exposure"),
            *("last_exposure", "minutes", "subjects", "stays", "rules", "release_date", "why"),
        ],
        _contacts(made, people, likeness),
    )


def _run(one: List, likeness: Likeness, by: int) -> list[Any]:
    like = likeness.run_of(len(one.people))
    counted = dict.fromkeys(OUTCOMES, 0)
    for person in one.people:
        counted[person.outcome] += 1
    figures = {**like.figures, **counted}
    return [
        *(one.run, one.case.pk, by, one.at, "done", one.at, one.at + timedelta(seconds=5)),
        *(
            like.protocol,
            like.draft,
            like.provisional,
            one.at,
            like.sequence,
            figures,
            like.answer,
            like.beside,
        ),
    ]


def _contacts(made: Sequence[List], people: People, likeness: Likeness) -> Iterator[list[Any]]:
    for one in made:
        for rank, person in enumerate(one.people):
            pool = likeness.contacts[person.outcome]
            like = pool[(one.run + rank) % len(pool)]
            subject = people.subjects[person.place]
            yield [
                *(one.run, rank, subject, like.order, person.outcome, like.provisional),
                *(like.first_exposure, like.last_exposure, like.minutes, [subject]),
                *(like.stays, like.rules, like.release_date, like.why),
            ]
