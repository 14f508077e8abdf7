"""What follows when a list is approved, and when a case changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringfence.errors import NotAllowed, Text
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.actions import followed_by
from ringfence_server.cases.models import Case, CaseChange
from ringfence_server.cases.words import MAY_BE_TRACED
from ringfence_server.deployment.here import home
from ringfence_server.follow_ups.foretelling import begun_by
from ringfence_server.follow_ups.knowing import end_as_case
from ringfence_server.follow_ups.models import Watch
from ringfence_server.follow_ups.watching import watch
from ringfence_server.tasks import approving
from ringfence_server.tasks.keeping import alone
from ringfence_server.tasks.models import FollowUp, Link
from ringfence_server.tracing.actions import ask_after

approving.foretold_by(begun_by)


@approving.followed_by
def follow_list(served: Home, _: Case, follow_ups: Sequence[int], by: Acting, at: datetime) -> None:
    watch(served, follow_ups, by=by.user, at=at)


@followed_by
def follow_case(case: Case, change: CaseChange) -> Sequence[Text]:
    """A contact who is a case is followed as a case; one who is none after all, as a contact. Who
    rested on a case that is gone is measured by what is left.
    """
    told: list[Text] = []
    if case.state == "traceable":
        told += _is_a_case(case, change)
    elif case.state not in MAY_BE_TRACED:
        told += _is_none(case, change)
        resting = Link.objects.filter(case=case, until=change.at).values("follow_up")
        left = list(
            Watch.objects.filter(follow_up__in=resting, follow_up__end="").values_list(
                "follow_up", flat=True
            )
        )
        if left:
            alone()
            watch(home(), left, by=change.by, at=change.at)
    return told


def _is_a_case(case: Case, change: CaseChange) -> list[Text]:
    gone = end_as_case(case, by=change.by, at=change.at)
    if gone is None:
        return []
    return [
        Text(
            f"The person was followed up as a contact: {gone} tasks were withdrawn.",
            f"此人原为随访中的接触者：已撤回 {gone} 项任务。",
        )
    ]


def _is_none(case: Case, change: CaseChange) -> list[Text]:
    """The lists that name the person wait for approval again."""
    rows = FollowUp.objects.filter(
        subjects__contains=[case.subject], disease=case.disease, end="case"
    )
    keys = list(rows.values_list("pk", flat=True))
    others = Case.objects.filter(disease=case.disease, subject=case.subject, state="traceable")
    if not keys or others.exists():
        return []
    FollowUp.objects.filter(pk__in=keys).update(end="closed")
    asked = 0
    links = Link.objects.filter(follow_up__in=keys, until__isnull=True, case__isnull=False)
    for one in Case.objects.filter(pk__in=links.values("case")).exclude(pk=case.pk):
        try:
            ask_after(case=one, because="a contact's case ended", at=change.at)
        except NotAllowed:
            continue
        asked += 1
    return [
        Text(
            f"The person is a contact again: {asked} cases are traced anew, their lists wait.",
            f"此人恢复为接触者：{asked} 个病例正在重新追踪，名单待审核。",
        )
    ]
