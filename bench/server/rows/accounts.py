"""Accounts of the staff that use the server: some at each level of the tree, and many workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from ringfence_server.access import acting_of
from ringfence_server.access.operator import Operator
from ringfence_server.accounts.actions import make_account
from ringfence_server.accounts.first_passwords import draw
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import roles
from ringfence_server.api import actions as tokens
from ringfence_server.api.scopes import SCOPES
from ringfence_server.jurisdictions.models import Unit

OPERATOR = Operator("bench")


@dataclass(frozen=True)
class Account:
    """Who signs in. `factor`: the secret of the second one; none: the role asks for none.
    `token`: of a program of theirs, with all `scopes` that it may carry; none: it may carry none.
    """

    username: str
    role: str
    level: str
    unit: str
    password: str = field(repr=False)
    factor: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        return asdict(self)


def account(username: str, role: str, unit: str, at: datetime) -> Account:
    """Made as an administrator makes it, with its first password changed already."""
    found = Unit.objects.get(code=unit)
    fields = {
        "username": username,
        "name": username,
        "role": role,
        "unit": unit,
        "language": "zh",
    }
    made = make_account(fields=fields, by=OPERATOR, at=at, draw=draw)
    made.user.first_password = False
    made.user.save(update_fields=["first_password"])
    secret = ""
    if roles()[role].needs_second_factor:
        secret = generate_totp_secret()
        TOTP.activate(made.user, secret)
    scopes = tuple(sorted(roles()[role].rights & SCOPES.keys()))
    token = ""
    if scopes:
        user = User.objects.get(pk=made.user.pk)
        by = acting_of(user, at)
        token = tokens.make(name="bench", scopes=scopes, days=1, by=by, at=at).secret
    return Account(username, role, found.level, unit, made.password, secret, token, scopes)


def workers(units: Iterable[str], at: datetime) -> dict[str, int]:
    """One worker a unit, who never signs in: by unit, the key of the account."""
    password = make_password(None)
    users = [
        User(
            username=f"worker.{number:05d}",
            name=f"网格员 {number}",
            unit_id=unit,
            password=password,
            first_password=False,
            created_at=at,
        )
        for number, unit in enumerate(units)
    ]
    User.objects.bulk_create(users)
    Appointment.objects.bulk_create(
        Appointment(user=user, role="grid_worker", unit_id=user.unit_id, since=at) for user in users
    )
    return {user.unit_id: user.pk for user in users}


Made = Callable[[str, str, str], Account]
