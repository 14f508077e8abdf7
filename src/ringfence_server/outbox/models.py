"""What an act wrote with itself, until the home has it: rows of the audit, records for the lake."""

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


class Delivery(models.Model):
    """Source records that an act owes the home's lake.

    `rows`: as a canonical file has them, without identity. `sealed`: the identity columns of the
    same rows until the vault has them, then nothing. `fault`: why the home refused them; such a
    delivery waits for somebody to look at it, and those after it go on. `set_aside_at`: somebody
    did, and the audit says why.
    """

    key = models.TextField(unique=True)
    table = models.TextField()
    rows = models.JSONField()
    sealed = models.BinaryField(null=True)
    by = models.TextField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    receipt = models.JSONField(null=True)
    fault = models.JSONField(null=True)
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["id"],
                condition=models.Q(done_at__isnull=True),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(fault__isnull=False, set_aside_at__isnull=True),
                name="delivery_refused",
            ),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class SecretMark(models.Model):
    """Under which of the deployment's secrets the sealed rows are; made with the first renewal."""

    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
