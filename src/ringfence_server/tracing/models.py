"""A run of a trace, and the contacts that it found.

A run's answer is never changed: another run is another answer. Persons are pseudonyms.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case

UNDER_WAY = ("waiting", "running")
STATES = (*UNDER_WAY, "done", "failed")


class Run(models.Model):
    """`asked_by` None: the program itself, after a report or a change. `sequence`: of the lake,
    which the answer rests on. `answer`: the payload of its page, as compressed JSON; `beside`: what
    the page needs of it beside the contacts; `kept`: the same for programs, as `trace.views.kept`
    has it. `fault`: what was wrong, in both languages, where it failed.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.TextField(choices=[(state, state) for state in STATES], default="waiting")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    protocol = models.TextField(blank=True, default="")
    draft = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    as_of = models.DateTimeField(null=True)
    sequence = models.BigIntegerField(null=True)
    figures = models.JSONField(default=dict)
    answer = models.BinaryField(null=True)
    kept = models.BinaryField(null=True)
    beside = models.JSONField(null=True)
    fault = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="run_state_is_known"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=UNDER_WAY),
                name="one_run_of_a_case_at_a_time",
            ),
        )
        indexes = (models.Index(fields=["case", "-id"], name="run_of_case"),)

    def __str__(self) -> str:
        return f"trace {self.pk} of {self.case_id}"


class Contact(models.Model):
    """Somebody whom a run lists. `rank`: the place in its order, gravest and earliest first.

    `why`: sentences in both languages, each with the rows that it rests on. `stays`: those of the
    person's own records that it rests on: [place as it is read, zone, start, end, batch, row].
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="contacts")
    rank = models.IntegerField()
    person = models.TextField()
    order = models.SmallIntegerField()
    outcome = models.TextField()
    provisional = models.BooleanField()
    first_exposure = models.DateTimeField()
    last_exposure = models.DateTimeField()
    minutes = models.FloatField(null=True)
    subjects = ArrayField(models.TextField())
    stays = models.JSONField(default=list)
    rules = ArrayField(models.TextField())
    release_date = models.DateField(null=True)
    why = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "rank"], name="rank_in_run"),
            models.UniqueConstraint(fields=["run", "person"], name="person_in_run"),
        )
        indexes = (models.Index(fields=["run", "outcome", "rank"], name="outcome_in_run"),)

    def __str__(self) -> str:
        return f"{self.person} in trace {self.run_id}"


class Answer(models.Model):
    """What somebody found out about a question of a run. The next run knows it from the lake."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="answers")
    question = models.TextField()
    word = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "question"], name="one_answer_to_a_question"),
        )

    def __str__(self) -> str:
        return f"{self.question} of {self.run_id}"
