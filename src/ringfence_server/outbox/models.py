"""Rows of the audit that an act wrote with itself, until the home's log has them."""

from __future__ import annotations

from django.db import models


class AuditRow(models.Model):
    """`number`: of the row in the home's log, once it stands there. `after`: the log's last number
    when the row was about to be brought there; without `number`, it may stand after that.
    """

    at = models.DateTimeField()
    by = models.TextField()
    act = models.TextField()
    about = models.JSONField()
    after = models.BigIntegerField(null=True)
    number = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(number__isnull=True), name="audit_row_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} by {self.by}"
