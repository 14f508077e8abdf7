"""Previewing what a run's list means as work, and sending all of it on one approval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence.errors import NotAllowed, NotFound
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of
from ringfence_server.outbox import auditing
from ringfence_server.tasks.keeping import Kept, alone, keep
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Approval, Exposure, FollowUp
from ringfence_server.tasks.planning import Change, Listed, Plan, plan
from ringfence_server.tasks.reading import Lake, Told, listed_by, look_up, standing, told_by
from ringfence_server.tasks.refusals import older_run, stale_preview
from ringfence_server.tracing.actions import check_traceable
from ringfence_server.tracing.answers import check_kept
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.queries import run_of

RIGHT = "trace.approve"
Following = Callable[[Home, Case, Sequence[int], Acting, datetime], None]
"""What another part does once a list is work: home, case, the follow-ups that it is about."""
_FOLLOWING: list[Following] = []
Foretelling = Callable[[Home, Run, Plan, datetime], Mapping[str, tuple[str, ...]]]
"""What another part will make of a list besides: kinds of tasks by person as listed."""
_FORETELLING: list[Foretelling] = []
_AT_ONCE = 1_000


def followed_by(following: Following) -> Following:
    """From now on this part hears of every approval, within its transaction."""
    _FOLLOWING.append(following)
    return following


def foretold_by(foretelling: Foretelling) -> Foretelling:
    """From now on previews show what this part will make."""
    _FORETELLING.append(foretelling)
    return foretelling


@dataclass(frozen=True)
class Preview:
    """`digest`: what an approval of exactly this names. `approval`: it was approved already."""

    run: Run
    plan: Plan
    approval: Approval | None

    @property
    def digest(self) -> str:
        return self.plan.digest

    @property
    def by_unit(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for one in self.plan.changes:
            found.setdefault(one.unit, []).append(one)
        return found


def preview(*, home: Home, run: int, by: Acting, at: datetime) -> Preview:
    """NotFound: no such run within reach. NotAllowed: without the right; or this list may not
    become work. Overtaken: there is a newer one.
    """
    found = _run(by, run)
    approval = Approval.objects.filter(run=found).select_related("by").first()
    if approval is not None:
        return Preview(found, Plan(), approval)
    _check(home, found, at)
    told = told_by(found)
    people = listed_by(home, found, told, look_up(home, told, at, stays=False).grids, at)
    return Preview(found, _plan(home, found, people, told, at), None)


def approve(*, home: Home, run: int, digest: str, by: Acting, at: datetime) -> Approval:
    """All of the preview with this digest, once. The same one again has no effect and the same
    answer. Overtaken: what it would do now is something else.
    """
    found = _run(by, run)
    told = told_by(found)
    lake = look_up(home, told, at, stays=True)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
        found.case = case
        alone()
        if (there := Approval.objects.filter(run=found).first()) is not None:
            return there
        _check(home, found, at)
        people = listed_by(home, found, told, lake.grids, at)
        planned = _plan(home, found, people, told, at)
        if planned.digest != digest:
            raise stale_preview()
        subjects = {person: one.subjects for person, one in told.items()}
        kept = keep(
            planned, case=case, run=found, subjects=subjects, by=by.user, at=at, reason="not_listed"
        )
        _expose(case, told, lake, kept.follow_ups)
        made = _written(found, planned, kept, by, at)
        for following in _FOLLOWING:
            following(home, case, [one.pk for one in kept.follow_ups.values()], by, at)
        return made


def newest_done(case_id: int) -> int | None:
    """The number of the run whose list is the case's now."""
    rows = Run.objects.filter(case_id=case_id, state="done").order_by("-pk")
    return rows.values_list("pk", flat=True).first()


def _run(by: Acting, run: int) -> Run:
    found = run_of(by, run)
    case_of(by, found.case.number, RIGHT)
    return Run.objects.select_related("case", "case__unit").get(pk=found.pk)


def _check(home: Home, run: Run, at: datetime) -> None:
    if run.state != "done":
        raise NotFound("this trace has no list", "此次追踪没有名单")
    # Else a list that was erased would be one of nobody, which ends everybody's work.
    check_kept(run)
    if newest_done(run.case_id) != run.pk:
        raise older_run()
    check_traceable(run.case, at)
    if run.draft and not home.synthetic:
        raise NotAllowed(
            "the protocol is a draft: no tasks follow from it where people are real",
            "该方案为草案：真实环境中不得据此派发任务",
        )


def _plan(
    home: Home, run: Run, people: list[Listed], told: Mapping[str, Told], at: datetime
) -> Plan:
    case, subjects = run.case, {one.person: told[one.person].subjects for one in people}
    planned = plan(case.pk, people, standing(home, subjects, case, at), book(), at)
    for foretelling in _FORETELLING:
        planned = planned.measured(foretelling(home, run, planned, at))
    return planned


def _expose(
    case: Case, told: Mapping[str, Told], lake: Lake, people: Mapping[str, FollowUp]
) -> None:
    """Where and when each of them is to have been, as the records say that the list rests on."""
    rows = []
    for person, one in told.items():
        for stay in one.exposed:
            if stay.key in lake.stays:
                subject, place = lake.stays[stay.key]
                rows.append(
                    Exposure(
                        follow_up=people[person],
                        case=case,
                        subject=subject,
                        place=place,
                        label=stay.label,
                        zone=stay.zone,
                        start=stay.start,
                        end=stay.end,
                    )
                )
    Exposure.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)


def _written(run: Run, planned: Plan, kept: Kept, by: Acting, at: datetime) -> Approval:
    figures = {
        "people": sum(one.listed is not None for one in planned.changes),
        "made": kept.made,
        "withdrawn": kept.gone.withdrawn,
        "closed": kept.gone.closed,
        "by_measure": sum(len(one.measures) for one in planned.changes),
    }
    made = Approval.objects.create(run=run, case=run.case, figures=figures, by=by.user, at=at)
    about = {"case": run.case.number, "run": str(run.pk)}
    counts = {name: str(count) for name, count in figures.items()}
    auditing.told("trace.approved", by=by.user.username, at=at, about={**about, **counts})
    return made
