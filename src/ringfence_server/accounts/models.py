"""Accounts of staff, and the roles that each holds at a node of the tree."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from ringfence_server.jurisdictions.models import COLUMNS, InUnit, InUnitRows, Unit

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


class User(InUnit, AbstractBaseUser):
    """An account of one member of staff; never deleted, for the audit names it.

    `first_password`: it was set by somebody else, and must be changed before anything is done, and
    before `first_password_until`. `sessions`: counted up to end those that are open.
    """

    username = models.TextField(unique=True)
    name = models.TextField()
    language = models.TextField(choices=LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(default=True)
    first_password = models.BooleanField(default=True)
    first_password_until = models.DateTimeField(null=True)
    sessions = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects: ClassVar[BaseUserManager[User]] = BaseUserManager.from_queryset(InUnitRows)()  # type: ignore[assignment]

    USERNAME_FIELD = "username"

    class Meta:
        indexes = tuple(
            models.Index(fields=[level, "username"], name=f"user_{level}") for level in COLUMNS
        )

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """A session lives while this stays: the password, and the number of `sessions`."""
        salt = "ringfence_server.accounts.sessions"
        return salted_hmac(salt, f"{self.sessions}:{self.password}", algorithm="sha256").hexdigest()


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


class Attempt(models.Model):
    """A try to sign in that did not succeed, or whose end is not known yet.

    `name`: a keyed digest of the name that was given. It may be nobody's, or a password by mistake.
    """

    name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["name", "at"], name="attempt_of_name"),
            models.Index(fields=["at"], name="attempt_at"),
        )

    def __str__(self) -> str:
        return f"attempt at {self.at}"
