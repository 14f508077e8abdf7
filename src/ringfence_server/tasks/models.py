"""Work that follows from traces. No row names a person: who a subject is, the vault knows."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import COLUMNS, InUnit, Unit
from ringfence_server.tasks.kinds import CLASSES
from ringfence_server.tasks.words import BEFORE_REPORT, ENDS, OPEN, ORIGINS, STATES
from ringfence_server.tracing.models import Run


def _one_of(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Approval(models.Model):
    """That a run's list was sent out as work. Never changed: a later run has its own."""

    run = models.OneToOneField(Run, models.PROTECT, related_name="approval")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["case", "-id"], name="approval_of_case"),)

    def __str__(self) -> str:
        return f"approval of trace {self.run_id}"


class FollowUp(InUnit):
    """A person whom contacts of one disease were found to be, whatever the number of cases.

    `unit`: responsible for the person. `unit_assumed`: no source tells of one, so it is the case's.
    `end`: why nothing is done any more; empty while something is.
    """

    person = models.TextField()
    subjects = ArrayField(models.TextField())
    disease = models.TextField()
    unit_assumed = models.BooleanField(default=False)
    since = models.DateTimeField()
    end = models.TextField(blank=True, default="", choices=_one_of(ENDS))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "disease"], name="one_follow_up_of_a_person"),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True)
                | (~Q(end="") & Q(ended_at__isnull=False)),
                name="an_end_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class Link(models.Model):
    """The follow-up rests on this case, for [since, until). `run`: the approved one that says so;
    none where somebody named the person. `listed_as`: the person's number in that run: another than
    the follow-up's own where numbers became one person since. `received`: instead of a case, the
    number of the hand-over by which another city told of the person; whose contact it is, that city
    knows.
    """

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="links")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    received = models.TextField(blank=True, default="")
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    listed_as = models.TextField(blank=True, default="")
    outcome = models.TextField(choices=_one_of(CLASSES))
    provisional = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["follow_up", "case"],
                condition=Q(until__isnull=True),
                name="linked_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["follow_up", "received"],
                condition=Q(until__isnull=True, case__isnull=True),
                name="received_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, received="")
                | (Q(case__isnull=True) & ~Q(received="")),
                name="rests_on_a_case_or_a_hand_over",
            ),
        )
        indexes = (
            models.Index(
                fields=["case"], condition=Q(until__isnull=True), name="link_of_case_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.follow_up_id} by {self.case_id or self.received}"


class Exposure(models.Model):
    """Where and when the person is to have been: what a worker asks. `subject`: whose record says
    so. `place`: the home's key of it.
    """

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="exposures")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    subject = models.TextField()
    place = models.TextField()
    label = models.TextField()
    zone = models.TextField(blank=True, default="")
    start = models.DateTimeField()
    end = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["follow_up", "case", "subject", "place", "start"], name="exposure_once"
            ),
        )

    def __str__(self) -> str:
        return f"exposure {self.pk}"


class Task(InUnit):
    """One piece of work for one unit. `account`: who has it in hand, or is to have it.

    `day`: of the home's zone, where it is one of several of its kind. `next_at`: when somebody is
    reminded or the level above is told, unless it is reported before.
    `told_to`: the highest unit that was told that it is late. `symptoms`: its report tells of some.
    """

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="tasks")
    kind = models.TextField()
    day = models.DateField(null=True)
    origin = models.TextField(choices=_one_of(ORIGINS))
    state = models.TextField(choices=_one_of(STATES), default="dispatched")
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    told_to = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(blank=True, default="")
    symptoms = models.BooleanField(db_default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["follow_up", "kind", "day"],
                condition=Q(state__in=OPEN),
                nulls_distinct=False,
                name="one_open_task_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "on_the_way", "feedback", "verified"))
                | Q(account__isnull=False),
                name="in_hand_of_an_account",
            ),
        )
        indexes = (
            # What the inbox counts by is in the index: a unit's hundred thousand are not looked at.
            models.Index(
                fields=["due_at", "id"],
                include=["state", "account", "kind"],
                condition=Q(state__in=OPEN),
                name="open_task_due",
            ),
            *(
                models.Index(
                    fields=[level, "due_at", "id"],
                    include=["state", "account", "kind"],
                    condition=Q(state__in=OPEN),
                    name=f"open_task_{level}",
                )
                for level in COLUMNS
            ),
            models.Index(
                fields=["account", "due_at", "id"],
                condition=Q(state__in=OPEN),
                name="task_of_account",
            ),
            models.Index(
                fields=["next_at"], condition=Q(state__in=BEFORE_REPORT), name="task_next"
            ),
            models.Index(
                fields=["told_to"], condition=Q(state__in=BEFORE_REPORT), name="task_told_to"
            ),
            models.Index(
                fields=["due_at", "id"],
                include=COLUMNS,
                condition=Q(symptoms=True, state="feedback"),
                name="symptoms_to_look_at",
            ),
        )

    def __str__(self) -> str:
        return f"task {self.pk}"


class TaskState(models.Model):
    """A state that a task came into. Rows are in the order in which the database had them:
    `received_at` is its clock, `at` the program's. `by` None: the program.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="states")
    state = models.TextField(choices=_one_of(STATES))
    reason = models.TextField(blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["task", "id"], name="state_of_task"),)

    def __str__(self) -> str:
        return f"{self.state} {self.task_id}"


class Feedback(models.Model):
    """What a worker told of a task. `sealed`: people write names everywhere.

    `runs`: of the cases, asked once the lake had what was told. `asked_at`: when that was settled.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="feedback")
    outcome = models.TextField()
    sealed = models.BinaryField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["id"], condition=Q(asked_at__isnull=True), name="feedback_not_asked"
            ),
        )

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class Escalation(models.Model):
    """That somebody was told that a task waits. `unit`: told that it is late; none: a reminder to
    those who have it.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="escalations")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["task", "unit"], nulls_distinct=False, name="told_once_of_a_task"
            ),
        )

    def __str__(self) -> str:
        return f"escalation of {self.task_id}"


class Fallen(models.Model):
    """Contacts of a case for whom nothing is done and nothing was ended, as they were last counted:
    a fault of the program. No row where there is none.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.people} of {self.case_id}"
