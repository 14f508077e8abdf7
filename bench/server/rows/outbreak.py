"""All rows of an outbreak beside its cases: lists, and the work that they became."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection

from bench.server.rows.accounts import workers
from bench.server.rows.copying import lines, look_over
from bench.server.rows.lists import Likeness, listed, traced, write
from bench.server.rows.people import people_of
from bench.server.rows.work import Frame, parents, worked
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Assignment, Case
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.tasks.models import FollowUp

_TRACED = 6
_ASSIGNED_SHARE = 0.9


def outbreak(
    *,
    home: Home,
    city: Path,
    contacts: int,
    open_tasks: int,
    secret: str,
    by: Acting,
    at: datetime,
) -> dict[str, Any]:
    """How many rows, and the seconds of each part."""
    begun = time.perf_counter()
    seconds: dict[str, float] = {}

    def done(part: str) -> None:
        seconds[part] = time.perf_counter() - begun - sum(seconds.values())

    standing = list(Case.objects.filter(state="traceable", twin=False).order_by("pk"))
    own = traced(home, _spread(standing), by, at)
    auditing.drain(home)
    likeness = Likeness(own)
    done("traces")
    chance = np.random.default_rng(1)
    people = people_of(city)
    followed = set(FollowUp.objects.values_list("person", flat=True))
    mine = {run.case_id for run in own}
    others = [case for case in standing if case.pk not in mine]
    weights = _weights(others)
    known = people.without(followed | {case.subject for case in standing})
    made = listed(known, others, weights, whole=contacts, likeness=likeness, at=at, chance=chance)
    written = write(made, known, likeness, by.user.pk)
    done("lists")
    hands = workers(Unit.objects.order_by("code").values_list("code", flat=True), at)
    frame = Frame(known, lines(), parents(), hands, by.user.pk, secret, at)
    counted = worked(made, open_tasks, frame, chance)
    _assign(standing, by.user.pk, at)
    done("work")
    connection.close()
    look_over()
    done("analyze")
    return {
        "runs": len(made) + len(own),
        "contacts": written,
        **counted,
        "traced": {str(run.pk): run.figures for run in own},
        "longest_list": max(len(one.people) for one in made),
        "seconds": seconds,
    }


def _spread(cases: Sequence[Case]) -> list[Case]:
    """A few, from the first to the last."""
    step = max(1, len(cases) // _TRACED)
    return list(cases[::step][:_TRACED])


def _weights(cases: Sequence[Case]) -> list[float]:
    """Districts are uneven: the second has half of what the first has, and so on."""
    ranked = [code for code, _ in Counter(case.district for case in cases).most_common()]
    return [1 / (1 + ranked.index(case.district)) for case in cases]


def _assign(cases: Sequence[Case], by: int, at: datetime) -> None:
    """Each in its turn to the investigators of its district, or to their unit as a team."""
    staff = list(User.objects.filter(appointments__role="investigator").order_by("pk"))
    rows = []
    for number, case in enumerate(cases[: int(len(cases) * _ASSIGNED_SHARE)]):
        nearby = [one for one in staff if one.district in ("", case.district)]
        if nearby and number % 4 == 0:
            one = nearby[number % len(nearby)]
            rows.append(Assignment(case=case, account=one, since=at, by_id=by))
        else:
            rows.append(
                Assignment(case=case, team_id=case.district or case.city, since=at, by_id=by)
            )
    Assignment.objects.bulk_create(rows)
