"""Questions about numbers of people, and what was decided. Numbers only; the act itself is the
home's.
"""

from __future__ import annotations

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ringfence_server.accounts.models import User
from ringfence_server.merging.words import KINDS, LEFT, STATES


class Question(models.Model):
    """Numbers that share a document, and something speaks against one person; some of them are a
    case's or a contact's. `people`: all numbers of all persons concerned. `linked`: one person so
    far. Made anew of the home with each look; `key`: digest of the numbers, by which it stays.
    """

    key = models.TextField(unique=True)
    subjects = ArrayField(models.TextField())
    people = ArrayField(models.TextField())
    kinds = ArrayField(models.TextField())
    linked = models.BooleanField()
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def standing(self) -> str:
        """Another one as soon as anything about it is: what was left as it is, is asked again."""
        told = "\x1f".join((*self.subjects, "", *sorted(self.kinds), str(self.linked)))
        return hashlib.sha256(told.encode()).hexdigest()


class Looked(models.Model):
    """The state of the home that the questions are of: one row. `others`: questions about numbers
    of people who are neither case nor contact; they are counted, and nothing else is kept of them.
    """

    sequence = models.BigIntegerField()
    act = models.BigIntegerField()
    others = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sequence}, {self.act}"


class Decision(models.Model):
    """What somebody decided, once. `subjects`: named; `people`: all numbers of all persons
    concerned as it was decided. `question`: which one was left as it is, by its standing.
    `begun_at`: when the worker took it up, which is the time of the home's act; `act`: the number
    of that. `persons`: as they are afterwards. `cases`: numbers of those that it bears on;
    `to_trace`: rows of those that are still to be traced anew. `fault`: both languages and exit
    code, where it failed.
    """

    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    subjects = ArrayField(models.TextField())
    people = ArrayField(models.TextField())
    undoes = models.BigIntegerField(null=True)
    question = models.TextField(blank=True, default="")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.TextField(choices=[(state, state) for state in STATES], default="waiting")
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.BigIntegerField(null=True)
    persons = models.JSONField(default=list)
    cases = ArrayField(models.TextField(), default=list)
    to_trace = ArrayField(models.BigIntegerField(), default=list)
    fault = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="decision_state_is_known"),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False)
                | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="an_undo_names_its_act",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(kind=LEFT) | Q(act__isnull=False),
                name="done_by_an_act",
            ),
        )
        indexes = (
            models.Index(fields=["id"], condition=~Q(to_trace=[]), name="decision_to_trace"),
            models.Index(fields=["act"], name="decision_of_act"),
        )

    def __str__(self) -> str:
        return f"decision {self.pk}"
