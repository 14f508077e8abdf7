"""What follows for tasks when a case changes: they are withdrawn where nothing stands behind it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from ringfence.errors import Text
from ringfence_server.cases.actions import followed_by
from ringfence_server.cases.models import Case, CaseChange
from ringfence_server.cases.words import MAY_BE_TRACED
from ringfence_server.deployment.here import home
from ringfence_server.tasks.keeping import alone, keep
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Approval, Link, Task
from ringfence_server.tasks.planning import plan
from ringfence_server.tasks.reading import standing
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.actions import ask_after


@followed_by
def follow(case: Case, change: CaseChange) -> Sequence[Text]:
    """In the transaction of whoever changes the case, who is told how many people that was."""
    if case.may_be_traced:
        return _again(case, change)
    if not _rests_on(case):
        return ()
    alone()
    stands = standing(home(), {}, case, change.at)
    planned = plan(case.pk, (), stands, book(), change.at, named_too=True)
    kept = keep(
        planned, case=case, run=None, subjects={}, by=change.by, at=change.at, reason="case_gone"
    )
    people = len(planned.changes)
    return (
        Text(
            f"{people} people do not rest on this case any more; {kept.gone.withdrawn} tasks were"
            f" withdrawn, {kept.gone.closed} closed as reported.",
            f"{people} 人不再与该病例关联；已撤回 {kept.gone.withdrawn} 项任务，"
            f"{kept.gone.closed} 项已反馈任务直接办结。",
        ),
    )


def before_a_withdrawal(case: Case) -> Sequence[Text]:
    """What the withdrawal of this case would do, told to whoever is about to."""
    people = Link.objects.filter(case=case, until__isnull=True).values("follow_up")
    elsewhere = Link.objects.filter(follow_up=OuterRef("follow_up"), until__isnull=True).exclude(
        case=case
    )
    alone_on_it = Task.objects.filter(
        ~Exists(elsewhere), follow_up__in=people, state__in=OPEN
    ).count()
    return (
        Text("It can be traced no more.", "该病例不能再追踪。"),
        Text(
            f"{people.count()} people are followed up because of it; {alone_on_it} open tasks rest"
            " on no other case and are withdrawn, those in hand as well; what is reported is"
            " closed.",
            f"有 {people.count()} 人因该病例随访；其中 {alone_on_it} 项未结任务不涉及其他病例，"
            "将被撤回（包括执行中的），已反馈的直接办结。",
        ),
        Text(
            "Nothing is deleted. The case cannot be put back: it would be entered anew.",
            "数据不会删除。撤销后不能恢复，须重新录入。",
        ),
    )


def _again(case: Case, change: CaseChange) -> Sequence[Text]:
    """A case that stands once more is traced anew: its list waits for approval again."""
    if not Approval.objects.filter(case=case).exists() or change.before.get("state") in (
        None,
        *MAY_BE_TRACED,
    ):
        return ()
    ask_after(case=case, because="the case stands again", at=change.at)
    return (
        Text(
            "The case is traced anew: its list waits for approval.",
            "该病例正在重新追踪：名单待审核。",
        ),
    )


def _rests_on(case: Case) -> bool:
    return Link.objects.filter(case=case, until__isnull=True).exists()
