"""Openings of cases in an emergency, and what a review found of each."""

from __future__ import annotations

from django.db import models

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import COLUMNS, InUnit, Unit


class Opening(InUnit):
    """A case that an account may read for [at, until). `unit`: whose case it was. `came_from`: the
    unit of the account. `first`: where its review begins: with the case's unit or, where that is
    the account's own, with the one above.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    purpose = models.TextField()
    reason = models.TextField()
    came_from = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    first = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("at")), name="opening_ends_after_it_began"
            ),
        )
        indexes = (
            models.Index(fields=["by", "until"], name="opening_of_account"),
            models.Index(fields=["case", "-at"], name="opening_of_case"),
            *(
                models.Index(fields=[level, "-at", "-id"], name=f"opening_{level}")
                for level in COLUMNS
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} by {self.by_id}"


class Review(models.Model):
    """What somebody of another unit, or the auditor, found of an opening. It has one."""

    opening = models.OneToOneField(Opening, models.PROTECT, related_name="review")
    justified = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review of {self.opening_id}"


class Missed(models.Model):
    """That an account asked for a number which no case has. The number itself is not kept."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["by", "at"], name="missed_by_account"),)

    def __str__(self) -> str:
        return f"missed by {self.by_id}"
