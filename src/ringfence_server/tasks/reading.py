"""Reading what a plan is made of: a run's contacts, who is responsible, what is open already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.engines.sql import SqlEngine
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import FollowUp, Link, Task, TaskState
from ringfence_server.tasks.planning import Listed, Rests, Standing, Work
from ringfence_server.tasks.sites import at_site
from ringfence_server.tasks.words import OPEN, REPORTED, WITHDRAWN_FOR
from ringfence_server.tracing.models import Contact, Run


@dataclass(frozen=True)
class Exposed:
    """A stay that somebody's record tells of. `key`: batch and row of the record."""

    label: str
    zone: str
    start: datetime
    end: datetime
    key: tuple[str, int]


@dataclass(frozen=True)
class Told:
    """The subjects of a contact, and the stays that its being one rests on."""

    subjects: tuple[str, ...]
    exposed: tuple[Exposed, ...]


def told_by(run: Run) -> dict[str, Told]:
    """By person."""
    rows = Contact.objects.filter(run=run).values_list("person", "subjects", "stays")
    return {
        person: Told(tuple(subjects), tuple(_exposed(stay) for stay in stays))
        for person, subjects, stays in rows
    }


def _exposed(stay: tuple[str, str, str, str, str, int]) -> Exposed:
    label, zone, start, end, batch, row = stay
    began, ended = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return Exposed(label, zone, began, ended, (batch, row))


@dataclass(frozen=True)
class Lake:
    """What the lake tells of the people of a run. `grids`: by subject. `stays`: subject and place
    by batch and row.
    """

    grids: Mapping[str, str]
    stays: Mapping[tuple[str, int], tuple[str, str]]


def look_up(home: Home, told: Mapping[str, Told], at: datetime, *, stays: bool) -> Lake:
    subjects = sorted({subject for one in told.values() for subject in one.subjects})
    engine = SqlEngine(snapshot(home, at))
    rows = engine.rows("subject", "subject", subjects).select(["subject", "grid"]).to_pylist()
    grids = {row["subject"]: row["grid"] for row in rows if row["grid"]}
    if not stays:
        return Lake(grids, {})
    columns = ["batch", "source_row", "subject", "place"]
    found = engine.rows("presence", "subject", subjects).select(columns).to_pylist()
    return Lake(
        grids,
        {(row["batch"], row["source_row"]): (row["subject"], row["place"]) for row in found},
    )


def listed_by(
    home: Home, run: Run, told: Mapping[str, Told], grids: Mapping[str, str], at: datetime
) -> list[Listed]:
    """With the unit of the grid that a source tells of; else the case's, said to be assumed."""
    units = set(Unit.objects.filter(code__in=set(grids.values())).values_list("code", flat=True))
    rows = Contact.objects.filter(run=run).values_list("person", "outcome", "provisional")
    cases = cases_among(run.case.disease, {key for one in told.values() for key in one.subjects})
    bound = at_site(home, {(run.pk, person) for person in told}, at)
    found = []
    for person, outcome, provisional in rows:
        known = [grids[one] for one in told[person].subjects if grids.get(one) in units]
        unit = known[0] if known else run.case.unit_id
        is_case = not cases.isdisjoint(told[person].subjects)
        binds = (run.pk, person) in bound
        found.append(Listed(person, outcome, provisional, unit, not known, is_case, binds))
    return found


def cases_among(disease: str, subjects: Iterable[str]) -> set[str]:
    """Those of them whose own case stands."""
    rows = Case.objects.filter(disease=disease, subject__in=list(subjects), state="traceable")
    return set(rows.values_list("subject", flat=True))


def standing(
    home: Home, people: Mapping[str, Sequence[str]], case: Case, at: datetime
) -> list[Standing]:
    """Of these people, by person with all subjects, and of all who rest on this case.

    Whose number changed, for another one turned out to be the same person's, is told by the number
    listed: what is under way for him goes on.
    """
    rows = FollowUp.objects.filter(disease=case.disease)
    subjects = {subject for own in people.values() for subject in own}
    found = {one.pk: one for one in rows.filter(person__in=[*subjects, *people])}
    names = _names(people, list(found.values()))
    resting = Link.objects.filter(case=case, until__isnull=True).values("follow_up")
    listed = {pk: one for pk, one in found.items() if pk in names}
    found = listed | {one.pk: one for one in rows.filter(pk__in=resting)}
    rests, work = _rests(home, found, at), _work(found)
    return [
        Standing(
            one.pk,
            names.get(one.pk, one.person),
            one.unit_id,
            one.unit_assumed,
            one.end,
            tuple(rests[one.pk]),
            tuple(work[one.pk]),
        )
        for one in found.values()
    ]


def _names(people: Mapping[str, Sequence[str]], found: Sequence[FollowUp]) -> dict[int, str]:
    """By follow-up, under which number its person is listed: one follow-up for each person, the one
    of the very number, else one that is open, else the oldest.
    """
    by_number = {one.person: one for one in found}
    names: dict[int, str] = {}
    for person, subjects in people.items():
        known = [by_number[subject] for subject in subjects if subject in by_number]
        own = by_number.get(person) or min(
            known, key=lambda one: (one.end != "", one.pk), default=None
        )
        if own is not None:
            names[own.pk] = person
    return names


def _rests(home: Home, keys: Iterable[int], at: datetime) -> Mapping[int, list[Rests]]:
    found: defaultdict[int, list[Rests]] = defaultdict(list)
    links = list(Link.objects.filter(follow_up__in=list(keys), until__isnull=True).order_by("pk"))
    lists = {(one.run_id, one.listed_as) for one in links if one.run_id is not None}
    bound = at_site(home, lists, at)
    for one in links:
        binds = (one.run_id, one.listed_as) in bound
        told = (one.case_id, one.run_id, one.outcome, one.provisional, one.since)
        found[one.follow_up_id].append(Rests(one.pk, *told, binds))
    return found


def _work(keys: Iterable[int]) -> Mapping[int, list[Work]]:
    """Without what was let go after a report that settled nothing: it is still to be done."""
    found: defaultdict[int, list[Work]] = defaultdict(list)
    tasks = Task.objects.filter(follow_up__in=list(keys), state__in=(*OPEN, "closed"))
    states = TaskState.objects.filter(task__in=tasks.filter(state="closed"), state="closed")
    closed = {
        task: (at, reason)
        for task, at, reason in states.order_by("pk").values_list("task_id", "at", "reason")
    }
    for one in tasks.order_by("pk"):
        at, reason = closed.get(one.pk, (None, ""))
        end = kind_of(one.kind).ends.get(one.outcome)
        if reason in WITHDRAWN_FOR and not (end and end.settled):
            continue
        work = Work(one.pk, one.kind, one.origin, at, one.state in REPORTED)
        found[one.follow_up_id].append(work)
    return found
