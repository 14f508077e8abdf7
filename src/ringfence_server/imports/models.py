"""A file on its way into the home, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ringfence_server.accounts.models import User

UNDER_WAY = ("waiting", "running")
OPEN = ("receiving", *UNDER_WAY)
STATES = (*OPEN, "done", "failed")


class Import(models.Model):
    """`digest`: SHA-256 of the file, in hexadecimal. `table` of a canonical file, else `mapping`;
    or `listed`, of a list handed down: what is said of it, told apart by `list_key`.
    `received`: bytes that are here, from the beginning on. `rows`, `read`: how far the importer is,
    in rows and bytes. `moved_at`: when it last went on. `receipt`: the lake's. `unlinked`: subjects
    of the batch that bear a number that others bear too. `fault`: both languages and exit code.
    """

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    state = models.TextField(choices=[(state, state) for state in STATES], default="receiving")
    file = models.TextField()
    size = models.BigIntegerField()
    digest = models.TextField()
    table = models.TextField(blank=True, default="")
    mapping = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    dry_run = models.BooleanField(default=False)
    listed = models.JSONField(null=True)
    list_key = models.TextField(blank=True, default="")
    received = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    receipt = models.JSONField(null=True)
    unlinked = models.BigIntegerField(default=0)
    fault = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="import_state_is_known"),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("size")), name="import_within_its_size"
            ),
            models.CheckConstraint(
                condition=Q(table="", mapping__gt="", list_key="")
                | Q(mapping="", table__gt="", list_key="")
                | Q(table="", mapping="", list_key__gt="", listed__isnull=False),
                name="import_by_table_mapping_or_list",
            ),
            models.UniqueConstraint(
                fields=["by", "digest", "table", "mapping", "source", "dry_run", "list_key"],
                condition=Q(state__in=OPEN),
                name="one_import_of_a_file_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["by", "-id"], name="import_of_account"),
            models.Index(fields=["moved_at"], condition=Q(state__in=OPEN), name="import_open"),
        )

    def __str__(self) -> str:
        return f"import {self.pk} by {self.by_id}"
