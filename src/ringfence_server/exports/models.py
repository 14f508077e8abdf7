"""Each file that left the console: who took what, and what for."""

from __future__ import annotations

from django.db import models

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.exports.words import FORMS, KINDS
from ringfence_server.jurisdictions.models import COLUMNS, InUnit
from ringfence_server.tracing.models import Run


class Export(InUnit):
    """`unit`: of the case; of another list, of the account. `filters`: by which the list was asked
    for, words of vocabularies and codes of units. `rows`: as many as were counted before.
    """

    kind = models.TextField(choices=[(one, one) for one in KINDS])
    form = models.TextField(choices=[(one, one) for one in FORMS])
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    filters = models.JSONField(default=dict)
    purpose = models.TextField()
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = tuple(
            models.Index(fields=[level, "-at", "-id"], name=f"export_{level}") for level in COLUMNS
        )

    def __str__(self) -> str:
        return f"export {self.pk}"
