"""Who searched, what raises a quota, and readings of names. No row holds what was typed, or names a
person; names of units and venues stand here in pinyin.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.tracing.models import Run


class Asked(models.Model):
    """A search among people. `kinds`: how the text was read (id_number, phone, name, …). `digest`:
    keyed, of what was typed. `refused`: it was over the quota, and nothing was looked for.
    """

    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kinds = models.TextField()
    digest = models.TextField()
    hits = models.PositiveIntegerField(default=0)
    refused = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["account", "at"], name="asked_by_account"),
            models.Index(fields=["at"], name="asked_at"),
        )

    def __str__(self) -> str:
        return f"search {self.pk}"


class Raise(models.Model):
    """A higher quota: asked for by the account, granted or refused by another; `until`: granted."""

    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(decided_at__isnull=True),
                name="one_raise_asked_for_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("account")),
                name="nobody_raises_their_own",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, until__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="raise_decided_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["account", "until"], name="raise_of_account"),)

    def __str__(self) -> str:
        return f"raise {self.pk}"


class UnitReading(models.Model):
    """How a name of a unit is read: its own, or one for short. `of`: its own. `whole`: pinyin
    without tones and spaces; `initials`: of it. `as_surname`: read as a person's name, where that
    differs.
    """

    code = models.TextField()
    name = models.TextField()
    of = models.TextField()
    whole = models.TextField(db_index=True)
    initials = models.TextField(db_index=True)
    as_surname = models.TextField(db_index=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "name"], name="reading_of_a_unit_once"),
        )

    def __str__(self) -> str:
        return self.code


class Venue(models.Model):
    """A name of a place that the newest run of a case tells of: its own, or an alias of the home.
    `label`: as the run shows it.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    label = models.TextField()
    name = models.TextField()
    folded = models.TextField()
    whole = models.TextField()
    initials = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "label", "name"], name="venue_of_a_case_once"),
        )

    def __str__(self) -> str:
        return f"venue of {self.run_id}"


class RunRead(models.Model):
    """The venues of this run were read."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="+", primary_key=True)

    def __str__(self) -> str:
        return str(self.run_id)
