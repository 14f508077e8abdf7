"""The tokens by which programs act for an account."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ringfence_server.accounts.models import User

LONGEST_LIFE = timedelta(days=365)


class Token(models.Model):
    """`digest`: SHA-256 of what was shown once. `sessions`: of the account when it was made: what
    ends all sessions of the account ends its tokens. `used_on`: a day in UTC.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.TextField()
    digest = models.TextField(unique=True)
    scopes = ArrayField(models.TextField())
    sessions = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until__lte=F("made_at") + LONGEST_LIFE, until__gt=F("made_at")),
                name="token_lives_a_year_at_most",
            ),
        )
        indexes = (models.Index(fields=["user", "-id"], name="token_of_user"),)

    def __str__(self) -> str:
        return f"token {self.pk} of {self.user_id}"
