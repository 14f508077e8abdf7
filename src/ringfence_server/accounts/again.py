"""What was taken from accounts after a backup, taken again from what was restored of it.

A password that was changed since is not known any more, and the one before may have been changed
for a reason: neither opens the account. Nobody's session lives on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import F

from ringfence.audit import Remembered
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.outbox.auditing import told

_ACTIVE = {"account.deactivate": False, "account.reactivate": True}
_ROLES = {"account.end_role": False, "account.appoint": True}
_PASSWORDS = frozenset({"account.change_password", "account.reset_password"})
_FACTORS = frozenset({"account.reset_second_factor", "account.end_second_factor"})


def end_sessions() -> int:
    """Of all accounts; how many there are."""
    return User.objects.update(sessions=F("sessions") + 1)


def revoke_again(rows: Sequence[Remembered], *, by: str, at: datetime) -> list[tuple[str, str]]:
    """Within a transaction. The acts, and the accounts that they were about."""
    done = []
    for act, name in _deactivated(rows):
        if User.objects.filter(username=name, is_active=True).update(is_active=False):
            told(act, by=by, at=at, about={"account": name})
            done.append((act, name))
    for name, role, unit in _ended(rows):
        held = Appointment.objects.filter(user__username=name, role=role, unit=unit)
        if held.filter(until__isnull=True).update(until=at):
            about = {"account": name, "role": role, "unit": unit}
            told("account.end_role", by=by, at=at, about=about)
            done.append(("account.end_role", name))
    for name in _named(rows, _PASSWORDS):
        if User.objects.filter(username=name).update(password=make_password(None)):
            told("account.reset_password", by=by, at=at, about={"account": name})
            done.append(("account.reset_password", name))
    for name in _named(rows, _FACTORS):
        gone, _ = Authenticator.objects.filter(user__username=name).delete()
        if gone:
            told("account.reset_second_factor", by=by, at=at, about={"account": name})
            done.append(("account.reset_second_factor", name))
    return done


def _deactivated(rows: Sequence[Remembered]) -> list[tuple[str, str]]:
    last = {row.about["account"]: row.act for row in rows if row.act in _ACTIVE}
    return [(act, name) for name, act in last.items() if not _ACTIVE[act]]


def _ended(rows: Sequence[Remembered]) -> list[tuple[str, str, str]]:
    last = {
        (row.about["account"], row.about["role"], row.about["unit"]): row.act
        for row in rows
        if row.act in _ROLES
    }
    return [key for key, act in last.items() if not _ROLES[act]]


def _named(rows: Sequence[Remembered], acts: frozenset[str]) -> list[str]:
    """What somebody does to their own account names it as the doer."""
    return sorted({row.about.get("account") or row.by for row in rows if row.act in acts})
