"""Questions of a trace that nobody at a desk can answer: people are asked, and what they say is a
record of the lake, which the next trace knows.

Whether somebody is a contact is open until then: a task to ask, never an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from ringfence.engines.persons import subjects_of
from ringfence.engines.sql import SqlEngine
from ringfence.errors import NotFound, UsageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.tasks.approving import RIGHT, newest_done
from ringfence_server.tasks.keeping import alone, make
from ringfence_server.tasks.kinds import ASKED, book
from ringfence_server.tasks.models import Exposure, FollowUp, Link, Task
from ringfence_server.tasks.reading import Told, look_up
from ringfence_server.tasks.refusals import older_run
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.actions import check_traceable
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.queries import run_of


def ask_people(*, home: Home, run: int, question: str, by: Acting, at: datetime) -> int:
    """How many tasks were made; of whom is being asked already, none. Twice has one effect.

    NotFound: no such question within reach. UsageError: it is not about a stay of somebody.
    Overtaken: there is a newer trace, which may ask otherwise.
    """
    found = run_of(by, run)
    case_of(by, found.case.number, RIGHT)
    if newest_done(found.case_id) != found.pk:
        raise older_run()
    item = _item(answer_of(found)["review"], question)
    persons = snapshot(home, at).persons
    people = {one: Told(tuple(sorted(subjects_of(persons, one))), ()) for one in item["people"]}
    grids = look_up(home, people, at, stays=False).grids
    known = set(Unit.objects.filter(code__in=set(grids.values())).values_list("code", flat=True))
    label = _label(home, item["place"], at)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
        check_traceable(case, at)
        alone()
        asked = []
        for person, told in people.items():
            units = [grids[one] for one in told.subjects if grids.get(one) in known]
            unit = units[0] if units else case.unit_id
            follow_up = _followed(person, told, case, unit=unit, at=at)
            _exposed(follow_up, person, case, item, label)
            if _to_be_asked(follow_up):
                asked.append(follow_up)
        (kind,) = book().rules[ASKED]
        make([(one, kind) for one in asked], origin="hand", by=by.user, at=at)
        FollowUp.objects.filter(pk__in=[one.pk for one in asked]).update(end="", ended_at=None)
        about = {"case": case.number, "run": str(run), "question": question}
        people_asked = {"people": str(len(asked))}
        auditing.told("review.sent", by=by.user.username, at=at, about=about | people_asked)
    return len(asked)


def _item(items: list[dict[str, Any]], question: str) -> dict[str, Any]:
    if not question:
        raise UsageError("no question was named", "未指明问题")
    item = next((one for one in items if one["id"] == question), None)
    if item is None:
        raise NotFound("this trace asks no such question", "此次追踪没有该问题")
    if item["place"] is None or item["start"] is None or item["end"] is None:
        raise UsageError(
            "this question is about no stay at a place: it is asked in an interview of the case",
            "该问题不涉及某场所的停留：请在病例流调中询问",
        )
    return item


def _followed(person: str, told: Told, case: Case, *, unit: str, at: datetime) -> FollowUp:
    follow_up, _ = FollowUp.objects.get_or_create(
        person=person,
        disease=case.disease,
        defaults={
            "subjects": list(told.subjects),
            "unit_id": unit,
            "unit_assumed": unit == case.unit_id,
            "since": at,
        },
    )
    Link.objects.get_or_create(
        follow_up=follow_up, case=case, until=None, defaults={"outcome": ASKED, "since": at}
    )
    return follow_up


def _exposed(
    follow_up: FollowUp, person: str, case: Case, item: Mapping[str, Any], label: str
) -> None:
    """Where and when it is asked about."""
    start, end = (datetime.fromtimestamp(item[name], UTC) for name in ("start", "end"))
    Exposure.objects.get_or_create(
        follow_up=follow_up,
        case=case,
        subject=person,
        place=item["place"],
        start=start,
        defaults={"label": label, "end": end},
    )


def _to_be_asked(follow_up: FollowUp) -> bool:
    """Not whom somebody is asking already, whose case it is, or who is followed elsewhere."""
    (kind,) = book().rules[ASKED]
    there = Task.objects.filter(follow_up=follow_up, kind=kind, state__in=OPEN).exists()
    return not there and follow_up.end not in ("case", "handed_over")


def _label(home: Home, place: str, at: datetime) -> str:
    """As people call it."""
    rows = SqlEngine(snapshot(home, at)).rows("place", "place", [place]).to_pylist()
    names = [row["name"] for row in rows if row["name"]]
    return f"{names[0]} ({place})" if names else place
