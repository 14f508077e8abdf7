"""A text of a case as it was pasted, and what was decided of each of its events."""

from __future__ import annotations

from django.db import models

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case


class Narrative(models.Model):
    """`sealed`: the text, its day of writing and the decisions; empty once its time is over.
    `version`: grows with each decision, so that two who decide at once do not overwrite each other.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="narratives")
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    events = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["case", "-at"], name="narrative_of_case"),)

    def __str__(self) -> str:
        return f"{self.pk} of {self.case_id}"

    @property
    def undecided(self) -> int:
        return max(0, self.events - self.accepted - self.left - self.asked)
