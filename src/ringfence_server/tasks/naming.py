"""Whom somebody names: to the vault by sealed delivery, and a task to verify it.

Never an order, and no record of a stay before it is verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.persons import checked, person_of
from ringfence_server.cases.records import owe_records
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.tasks.asked_about import AskedAbout
from ringfence_server.tasks.keeping import alone, make
from ringfence_server.tasks.kinds import NAMED, book
from ringfence_server.tasks.models import Exposure, FollowUp, Link, Task
from ringfence_server.tasks.words import OPEN

_NOBODY = Text("say who: a name, a number or a telephone", "请填写姓名、证件号码或电话")


@dataclass(frozen=True)
class Naming:
    """By whom, about which task. `key`: of what is owed to the home; `token`: of the form."""

    home: Home
    task: Task
    key: str
    token: str
    by: Acting
    at: datetime


def name(told: Naming, others: Sequence[tuple[AskedAbout, Mapping[str, str]]]) -> None:
    """`others`: at which stay, and who, as typed.

    Within the transaction of the report. FieldErrors: nobody could be found by what is said."""
    alone()
    people = [checked(told.home, fields, told.at) for _, fields in others]
    for place, fields in enumerate(people):
        if not fields:
            raise FieldErrors({f"other-{place}": _NOBODY})
    known = [
        person_of(told.home, fields, f"{told.token}/{place}", told.at).subject
        for place, fields in enumerate(people)
    ]
    rows = [{"subject": subject} for subject in known]
    owe_records(told.home, told.key, "subject", rows, by=told.by, at=told.at, identity=people)
    open_links = Link.objects.filter(
        follow_up=told.task.follow_up_id, until__isnull=True, case__isnull=False
    )
    cases = list(Case.objects.filter(pk__in=open_links.values("case")))
    for subject, (stay, _) in zip(known, others, strict=True):
        _verify(told, subject, stay, cases)


def _verify(told: Naming, subject: str, stay: AskedAbout, cases: Sequence[Case]) -> None:
    """Nothing where the person is followed up for these cases already."""
    follow_up, _ = FollowUp.objects.get_or_create(
        person=subject,
        disease=told.task.follow_up.disease,
        defaults={
            "subjects": [subject],
            "unit_id": told.task.unit_id,
            "unit_assumed": True,
            "since": told.at,
        },
    )
    linked = Link.objects.filter(follow_up=follow_up, until__isnull=True)
    fresh = [one for one in cases if not linked.filter(case=one).exists()]
    for case in fresh:
        Link.objects.create(follow_up=follow_up, case=case, outcome=NAMED, since=told.at)
    for case in cases:
        Exposure.objects.get_or_create(
            follow_up=follow_up,
            case=case,
            subject=subject,
            place=stay.first.place,
            start=stay.start,
            defaults={"label": stay.first.label, "zone": stay.first.zone, "end": stay.end},
        )
    (kind,) = book().rules[NAMED]
    there = Task.objects.filter(follow_up=follow_up, kind=kind, state__in=OPEN).exists()
    if fresh and not there:
        make([(follow_up, kind)], origin="rule", by=told.by.user, at=told.at)
        FollowUp.objects.filter(pk=follow_up.pk).update(end="", ended_at=None)
