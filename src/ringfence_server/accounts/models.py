"""Accounts of staff, and the roles that each holds at a node of the tree."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from ringfence_server.jurisdictions.models import Unit

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


class User(AbstractBaseUser):
    """An account of one member of staff; never deleted, for the audit names it.

    `first_password`: it was set by somebody else, and must be changed before anything is done.
    """

    username = models.TextField(unique=True)
    name = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    language = models.TextField(choices=LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(default=True)
    first_password = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class Appointment(models.Model):
    """A role held at a unit, for [since, until)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=models.Q(until__isnull=True),
                name="one_open_appointment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} at {self.unit_id}"
