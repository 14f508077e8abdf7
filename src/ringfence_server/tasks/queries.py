"""Which tasks an account sees. What lies outside is as if it did not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ringfence.errors import NotAllowed, NotFound
from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.cases.queries import visible
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import covers, within
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Approval, Link, Task
from ringfence_server.tasks.words import BEFORE_REPORT, IN_HAND, OPEN
from ringfence_server.tracing.models import Contact, Run

WORK = "task.work"
DISPATCH = "task.dispatch"
APPROVE = "trace.approve"
CALLED_OFF_FOR = timedelta(hours=24)
"""So long a worker is shown that a task in hand was withdrawn."""


def units_of(by: Acting, right: str) -> list[Unit]:
    return reach_of(by, right) or []


def of_worker(by: Acting) -> QuerySet[Task]:
    """Tasks of the units at which the account works, but for those of the desk."""
    rows = Task.objects.exclude(kind__in=book().at_desk)
    return _with_names(within(rows, units_of(by, WORK)))


def of_desk(by: Acting) -> QuerySet[Task]:
    """Tasks of the units from which the account sends them out."""
    return _with_names(within(Task.objects.all(), units_of(by, DISPATCH)))


def asked_at_desk(
    by: Acting, asked: Mapping[str, str]
) -> tuple[Unit, dict[str, str], QuerySet[Task]]:
    """The unit that is asked for, or the account's own; state, kind and symptoms, where they are
    words; and the open tasks that are meant by them. NotFound: the unit is not within reach.
    """
    unit = desk_of(by, asked.get("unit", ""))
    rows = within(of_desk(by), [unit]).filter(state__in=OPEN)
    known = {"state": OPEN, "kind": book().kinds}
    filters = {name: asked[name] for name, words in known.items() if asked.get(name) in words}
    rows = rows.filter(**filters)
    if asked.get("symptoms") != "yes":
        return unit, filters, rows
    return unit, filters | {"symptoms": "yes"}, with_symptoms(rows)


def worked(by: Acting, number: int) -> Task:
    """NotFound: no such task in a unit of this worker, or another has it in hand."""
    found = of_worker(by).filter(pk=number).first()
    if found is None or (found.account_id not in (None, by.user.pk)):
        raise _no_task()
    return found


def dispatched(by: Acting, number: int) -> Task:
    """NotFound: no such task within reach."""
    found = of_desk(by).filter(pk=number).first()
    if found is None:
        raise _no_task()
    return found


def desk_of(by: Acting, code: str) -> Unit:
    """The unit that is asked for, or the account's own. NotFound: not within reach."""
    own = units_of(by, DISPATCH)
    if not code and own:
        return own[0]
    found = Unit.objects.filter(code=code).first() if "\0" not in code else None
    if found is None or not any(covers(above, found) for above in own):
        raise NotFound("there is no such unit", "没有此单位")
    return found


def mine(by: Acting) -> QuerySet[Task]:
    """What this account has in hand or is to have, the most urgent first."""
    own = of_worker(by).filter(account=by.user, state__in=("dispatched", *IN_HAND))
    return own.order_by("due_at", "pk")


def free(by: Acting) -> QuerySet[Task]:
    """What anybody of the unit may take."""
    anybody = of_worker(by).filter(account__isnull=True, state="dispatched")
    return anybody.order_by("due_at", "pk")


def called_off(by: Acting, now: datetime) -> QuerySet[Task]:
    """What was withdrawn from this account lately."""
    return (
        of_worker(by)
        .filter(
            account=by.user,
            state="withdrawn",
            states__state="withdrawn",
            states__at__gt=now - CALLED_OFF_FOR,
        )
        .order_by("-pk")
    )


def late(tasks: QuerySet[Task], now: datetime) -> QuerySet[Task]:
    return tasks.filter(state__in=BEFORE_REPORT, due_at__lte=now)


def counted(tasks: QuerySet[Task], now: datetime) -> tuple[int, int]:
    """How many, and how many of them are late. None of them is reported yet."""
    late_too = tasks.order_by().aggregate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lte=now))
    )
    return late_too["n"], late_too["late"]


def by_state(tasks: QuerySet[Task]) -> dict[str, int]:
    """How many of the open ones stand in each state; none where there is none."""
    rows = tasks.filter(state__in=OPEN).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def with_symptoms(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Whose report tells of some, and nobody has looked at it yet."""
    return tasks.filter(symptoms=True, state="feedback")


def told_of(by: Acting) -> QuerySet[Task]:
    """Late tasks of units below that this account's own units were told of."""
    units = [unit.code for unit in units_of(by, DISPATCH)]
    return Task.objects.filter(told_to__in=units, state__in=BEFORE_REPORT)


def to_approve(by: Acting) -> QuerySet[Run]:
    """The newest lists that nobody approved yet, of cases that may still be traced."""
    later = Run.objects.filter(case=OuterRef("case"), state="done", pk__gt=OuterRef("pk"))
    done = Run.objects.filter(state="done", case__in=visible(by, APPROVE), approval__isnull=True)
    return done.filter(~Exists(later), case__state__in=("traceable", "provisional"))


def lost() -> QuerySet[Contact]:
    """Contacts of the newest approved run of each case that are followed up by nobody, or without
    an open task and without an end. There is none unless the program is at fault.
    """
    later = Approval.objects.filter(case=OuterRef("run__case"), pk__gt=OuterRef("run__approval"))
    kept = Link.objects.filter(
        case=OuterRef("run__case"),
        run=OuterRef("run"),
        listed_as=OuterRef("person"),
        follow_up__disease=OuterRef("run__case__disease"),
    )
    at_work = Task.objects.filter(follow_up=OuterRef("follow_up"), state__in=OPEN)
    sound = kept.filter(Q(until__isnull=False) | ~Q(follow_up__end="") | Exists(at_work))
    return (
        Contact.objects.filter(
            run__approval__isnull=False, run__case__state__in=("traceable", "provisional")
        )
        .filter(~Exists(later), ~Exists(sound))
        .select_related("run__case__unit__parent")
        .defer("why")
        .order_by("run", "rank")
    )


def lost_within(by: Acting) -> QuerySet[Contact]:
    return lost().filter(run__case__in=visible(by, APPROVE))


def account_of(username: str) -> User:
    """NotFound: there is no such active account."""
    found: User | None = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise NotFound("there is no such account", "没有此账户")
    return found


def check_right(by: Acting, right: str, unit: Unit) -> None:
    if not by.may(right, unit):
        raise NotAllowed("you may not do this in this unit", "您没有在该辖区执行此操作的权限")


def _with_names(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_related("unit__parent", "account", "follow_up")


def _no_task() -> NotFound:
    return NotFound("there is no such task", "没有此任务")
