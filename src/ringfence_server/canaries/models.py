"""Canary persons, and the alerts that they raised. Who they pretend to be is sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ringfence_server.accounts.models import User
from ringfence_server.jurisdictions.models import InUnit

KINDS = ("case", "contact")
WAYS = ("search", "number", "reveal")


class Canary(InUnit):
    """`kind`: what it pretends to be; `number`: of the case that it pretends to hang on. No row of
    cases, contacts or tasks knows it, so it is nobody's work and in no figure.
    """

    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    number = models.TextField(unique=True)
    sealed = models.BinaryField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(kind__in=KINDS), name="canary_kind"),)

    def __str__(self) -> str:
        return f"canary {self.pk}"


class CanaryForm(models.Model):
    """One text by which the canary is found, as a keyed digest of its kind and the text."""

    canary = models.ForeignKey(Canary, models.CASCADE, related_name="forms")
    digest = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["canary", "digest"], name="form_of_a_canary_once"),
        )
        indexes = (models.Index(fields=["digest"], name="canary_form_digest"),)

    def __str__(self) -> str:
        return f"form of canary {self.canary_id}"


class Alert(models.Model):
    """Somebody came upon a canary. `way`: a word of WAYS. `seen_by`: the auditor who saw to it."""

    canary = models.ForeignKey(Canary, models.PROTECT, related_name="alerts")
    way = models.TextField(choices=[(way, way) for way in WAYS])
    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(way__in=WAYS), name="alert_way"),
            models.CheckConstraint(
                condition=Q(seen_by__isnull=True, seen_at__isnull=True)
                | Q(seen_by__isnull=False, seen_at__isnull=False),
                name="alert_seen_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=["id"], condition=Q(seen_at__isnull=True), name="alert_waiting"),
        )

    def __str__(self) -> str:
        return f"alert {self.pk}"
