"""What approved lists became: people followed up, tasks with the states they went through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from bench.server.rows.copying import copy, numbers
from bench.server.rows.lists import List
from bench.server.rows.people import People
from ringfence_server.jurisdictions.models import COLUMNS, Unit
from ringfence_server.outbox.sealing import seal
from ringfence_server.tasks.keeping import first_look
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import (
    Approval,
    Escalation,
    Exposure,
    Feedback,
    FollowUp,
    Link,
    Task,
    TaskState,
)
from ringfence_server.tasks.reporting import PURPOSE
from ringfence_server.tasks.words import BEFORE_REPORT, IN_HAND

_STEPS = ("dispatched", "accepted", "on_the_way", "feedback", "verified", "closed")
_OPEN = {
    "dispatched": 0.45,
    "accepted": 0.15,
    "refused": 0.02,
    "on_the_way": 0.05,
    "feedback": 0.20,
    "verified": 0.13,
}
"""In which states the open tasks stand."""
_LATE = 0.15
"""Of the open ones: so many were sent out long ago."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Followed:
    """A person with one disease. `lists`: those that name the person, and as what."""

    key: int
    place: int
    since: datetime
    lists: list[tuple[List, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Piece:
    """A task. `reached`: the states that it came into, and when."""

    key: int
    follow_up: Followed
    unit: str
    kind: str
    made_at: datetime
    reached: tuple[tuple[str, datetime], ...]
    account: int | None
    outcome: str

    @property
    def state(self) -> str:
        return self.reached[-1][0]


@dataclass(frozen=True)
class Frame:
    """What all rows are written with."""

    people: People
    lines: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str | None]
    workers: Mapping[str, int]
    desk: int
    secret: str
    at: datetime


def worked(
    made: Sequence[List],
    open_tasks: int,
    frame: Frame,
    chance: np.random.Generator,
) -> dict[str, int]:
    """Written for every approved list; how many rows of each table."""
    approved = [one for one in made if one.approved]
    followed = _followed(approved, frame)
    pieces = _pieces(followed, open_tasks, frame, chance)
    ended = _ended(pieces)
    counted = {
        "approvals": copy(
            Approval,
            ["run_id", "case_id", "figures", "by_id", "at"],
            (_approval(one, frame) for one in approved),
        ),
        "follow_ups": copy(
            FollowUp,
            [
                *("id", "unit_id", "person", "subjects", "disease", "unit_assumed", "since"),
                *("end", "ended_at", *COLUMNS),
            ],
            (_follow_up(one, ended, frame) for one in followed),
        ),
        "links": copy(
            Link,
            [
                *("follow_up_id", "case_id", "received", "run_id", "listed_as"),
                *("outcome", "provisional", "since"),
            ],
            (_link(one, by, outcome, frame) for one in followed for by, outcome in one.lists),
        ),
        "exposures": copy(
            Exposure,
            ["follow_up_id", "case_id", "subject", "place", "label", "zone", "start", "end"],
            _exposures(followed, list(Exposure.objects.order_by("pk")), frame),
        ),
        "tasks": copy(
            Task,
            [
                *("id", "follow_up_id", "unit_id", "kind", "origin", "state", "account_id"),
                *("made_at", "due_at", "next_at", "told_to_id", "outcome", *COLUMNS),
            ],
            (_task(one, frame) for one in pieces),
        ),
        "states": copy(
            TaskState,
            ["task_id", "state", "reason", "unit_id", "account_id", "by_id", "at"],
            _states(pieces, frame),
        ),
        "feedback": copy(
            Feedback,
            ["id", "task_id", "outcome", "sealed", "by_id", "at", "asked_at"],
            _feedback(pieces, numbers(Feedback), frame),
        ),
        "escalations": copy(
            Escalation,
            ["task_id", "unit_id", "at"],
            (
                [one.key, unit, at]
                for one in pieces
                if one.state in BEFORE_REPORT
                for unit, at in _told(one, frame)
            ),
        ),
    }
    return {**counted, "open_tasks": sum(one.state != "closed" for one in pieces)}


def _followed(approved: Sequence[List], frame: Frame) -> list[Followed]:
    """Whom the program follows up already, because of the lists that it traced, is left out."""
    there = set(FollowUp.objects.values_list("person", flat=True))
    assert not any(frame.people.subjects[p.place] in there for one in approved for p in one.people)
    number = numbers(FollowUp)
    found: dict[int, Followed] = {}
    for one in approved:
        for person in one.people:
            known = found.get(person.place)
            if known is None:
                known = found[person.place] = Followed(number(), person.place, one.at)
            known.lists.append((one, person.outcome))
    return list(found.values())


def _link(one: Followed, by: List, outcome: str, frame: Frame) -> list[Any]:
    person = frame.people.subjects[one.place]
    return [one.key, by.case.pk, "", by.run, person, outcome, False, by.at]


def _pieces(
    followed: Sequence[Followed], open_tasks: int, frame: Frame, chance: np.random.Generator
) -> list[Piece]:
    wanted = [
        (one, kind)
        for one in followed
        for kind in sorted({kind for _, outcome in one.lists for kind in book().rules[outcome]})
    ]
    is_open = np.zeros(len(wanted), bool)
    is_open[chance.permutation(len(wanted))[: min(open_tasks, len(wanted))]] = True
    stands = chance.choice(list(_OPEN), len(wanted), p=list(_OPEN.values()))
    late = chance.random(len(wanted)) < _LATE
    ago = chance.random(len(wanted))
    number = numbers(Task)
    return [
        _piece(
            number(),
            one,
            kind,
            frame,
            state=str(stands[n]) if is_open[n] else "closed",
            ago=float(ago[n]),
            late=bool(late[n]) or not is_open[n],
        )
        for n, (one, kind) in enumerate(wanted)
    ]


def _piece(
    key: int, one: Followed, kind: str, frame: Frame, *, state: str, ago: float, late: bool
) -> Piece:
    """Made within the hours that it is given, or long before."""
    due = book().kinds[kind].due
    made_at = frame.at - due * (1 + 4 * ago if late else 0.95 * ago)
    unit = frame.people.grids[one.place]
    passed = ("dispatched", "refused") if state == "refused" else _passed(state)
    step = (frame.at - made_at) / (len(passed) + 1)
    reached = tuple((name, made_at + step * n) for n, name in enumerate(passed))
    in_hand = state in (*IN_HAND, "feedback", "verified", "closed")
    ends = [word for word, end in book().kinds[kind].ends.items() if end.settled]
    reported = state in ("feedback", "verified", "closed")
    return Piece(
        key,
        one,
        unit,
        kind,
        made_at,
        reached,
        frame.workers[unit] if in_hand else None,
        ends[0] if reported else "",
    )


def _passed(state: str) -> tuple[str, ...]:
    before = _STEPS[: _STEPS.index(state) + 1]
    return before if state == "on_the_way" else tuple(one for one in before if one != "on_the_way")


def _ended(pieces: Sequence[Piece]) -> dict[int, datetime]:
    """By follow-up, when the last of its tasks was closed; nothing where one is open."""
    found: dict[int, datetime] = {}
    still = {one.follow_up.key for one in pieces if one.state != "closed"}
    for one in pieces:
        key = one.follow_up.key
        if key not in still:
            found[key] = max(found.get(key, one.reached[-1][1]), one.reached[-1][1])
    return found


def _approval(one: List, frame: Frame) -> list[Any]:
    figures = {"people": len(one.people), "made": len(one.people), "withdrawn": 0}
    return [one.run, one.case.pk, figures, frame.desk, one.at + _HOUR]


def _follow_up(one: Followed, ended: Mapping[int, datetime], frame: Frame) -> list[Any]:
    unit, subject = frame.people.grids[one.place], frame.people.subjects[one.place]
    end = ended.get(one.key)
    disease = one.lists[0][0].case.disease
    return [
        *(one.key, unit, subject, [subject], disease, False, one.since),
        *("closed" if end else "", end, *frame.lines[unit]),
    ]


def _exposures(
    followed: Sequence[Followed], like: Sequence[Exposure], frame: Frame
) -> Iterator[list[Any]]:
    """One for each list that names the person, at the places of the program's own lists."""
    for one in followed:
        subject = frame.people.subjects[one.place]
        for by, _ in one.lists:
            if like:
                at = like[(one.key + by.run) % len(like)]
                yield [one.key, by.case.pk, subject, at.place, at.label, at.zone, at.start, at.end]


def _task(one: Piece, frame: Frame) -> list[Any]:
    kind = book().kinds[one.kind]
    due_at = one.made_at + kind.due
    next_at, told_to = None, None
    if one.state in BEFORE_REPORT:
        told = _told(one, frame)
        told_to = next((unit for unit, _ in reversed(told) if unit), None)
        if told_to is None:
            next_at = due_at if told else first_look(kind, one.made_at)
        elif frame.parents[told_to] is not None:
            next_at = told[-1][1] + kind.due / 2
    return [
        *(one.key, one.follow_up.key, one.unit, one.kind, "rule", one.state, one.account),
        *(one.made_at, due_at, next_at, told_to, one.outcome, *frame.lines[one.unit]),
    ]


def _told(one: Piece, frame: Frame) -> list[tuple[str | None, datetime]]:
    """Who was told that it waits: a reminder, then level by level."""
    kind = book().kinds[one.kind]
    moment = first_look(kind, one.made_at)
    if moment > frame.at:
        return []
    found: list[tuple[str | None, datetime]] = [(None, moment)]
    moment, unit = one.made_at + kind.due, frame.parents[one.unit]
    while moment <= frame.at and unit is not None:
        found.append((unit, moment))
        moment, unit = moment + kind.due / 2, frame.parents[unit]
    return found


def _states(pieces: Sequence[Piece], frame: Frame) -> Iterator[list[Any]]:
    for one in pieces:
        hand = None
        for state, at in one.reached:
            by: int | None = frame.workers[one.unit]
            if state == "accepted":
                hand = by
            elif state in ("dispatched", "verified", "closed"):
                by = frame.desk
            reason = "本人已迁出" if state == "refused" else ""
            yield [one.key, state, reason, one.unit, hand, by, at]


def _feedback(
    pieces: Sequence[Piece], number: Callable[[], int], frame: Frame
) -> Iterator[list[Any]]:
    for one in pieces:
        reported = next((at for state, at in one.reached if state == "feedback"), None)
        if reported is None:
            continue
        key = number()
        told = {
            "outcome": one.outcome,
            "said": [],
            "symptoms": [],
            "since": "",
            "others": [],
            "note": "",
        }
        sealed = seal(frame.secret, PURPOSE, str(key), told)
        yield [key, one.key, one.outcome, sealed, one.account, reported, reported]


def parents() -> dict[str, str | None]:
    return dict(Unit.objects.values_list("code", "parent_id"))
