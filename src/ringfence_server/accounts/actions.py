"""Acts on accounts. Each is one transaction, with its row of the audit in it.

Only on accounts of the own unit and below: for others there is none (NotFound).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction

from ringfence.errors import NotAllowed, NotFound, Text
from ringfence_server.access.operator import By, name_of
from ringfence_server.accounts import lockout
from ringfence_server.accounts.first_passwords import GOOD_FOR
from ringfence_server.accounts.making import make_account, make_accounts
from ringfence_server.accounts.managing import (
    check_not_own,
    check_roles_within,
    held,
    managed_account,
    own_unit,
)
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import Role, kept_apart, roles
from ringfence_server.outbox.auditing import told

__all__ = [
    "appoint",
    "deactivate",
    "end_appointment",
    "lift_lock",
    "make_account",
    "make_accounts",
    "reactivate",
    "reset_password",
    "reset_second_factor",
]


def appoint(*, user: User, role: str, unit: str, by: By, at: datetime) -> Appointment:
    """Give a role at a unit. NotAllowed: to oneself, or with a role that is kept apart from it."""
    given = roles().get(role)
    if given is None:
        known = "、".join(roles())
        raise NotFound(
            f"there is no such role; there are: {', '.join(roles())}",
            f"没有该角色；现有角色：{known}",
        )
    check_not_own(user, by)
    with transaction.atomic():
        account = managed_account(user, by)
        at_unit = own_unit(unit, by)
        _check_held(account, given, unit, at)
        made = Appointment.objects.create(user=account, role=role, unit=at_unit, since=at)
        about = {"account": account.username, "role": role, "unit": unit}
        told("account.appoint", by=name_of(by), at=at, about=about)
    return made


def end_appointment(*, appointment: Appointment, by: By, at: datetime) -> None:
    """From this moment; the next request of the account is without it."""
    with transaction.atomic():
        account = managed_account(appointment.user, by)
        unit = own_unit(appointment.unit_id, by)
        ended = held(account, at).filter(pk=appointment.pk).update(until=at)
        if not ended:
            raise NotFound("this role is not held any more", "该角色已终止")
        about = {"account": account.username, "role": appointment.role, "unit": unit.code}
        told("account.end_role", by=name_of(by), at=at, about=about)


def deactivate(*, user: User, by: By, at: datetime) -> None:
    """All sessions end, and none comes back to life with `reactivate`."""
    check_not_own(user, by)
    with transaction.atomic():
        account = managed_account(user, by)
        account.is_active = False
        account.sessions += 1
        account.save(update_fields=["is_active", "sessions"])
        _tell("account.deactivate", account, by, at)


def reactivate(*, user: User, by: By, at: datetime) -> None:
    check_not_own(user, by)
    with transaction.atomic():
        account = managed_account(user, by)
        check_roles_within(account, by, at)
        account.is_active = True
        account.save(update_fields=["is_active"])
        _tell("account.reactivate", account, by, at)


def reset_password(*, user: User, by: By, at: datetime, draw: Callable[[], str]) -> str:
    """A new first password, to be shown once; sessions end, and a lock is lifted."""
    check_not_own(user, by)
    password = draw()
    sealed = make_password(password)
    with transaction.atomic():
        account = managed_account(user, by)
        check_roles_within(account, by, at)
        account.password = sealed
        account.first_password = True
        account.first_password_until = at + GOOD_FOR
        account.sessions += 1
        account.save(
            update_fields=["password", "first_password", "first_password_until", "sessions"]
        )
        lockout.forget(account.username)
        _tell("account.reset_password", account, by, at)
    return password


def reset_second_factor(*, user: User, by: By, at: datetime) -> None:
    """It is begun anew at the next signing in; sessions end."""
    check_not_own(user, by)
    with transaction.atomic():
        account = managed_account(user, by)
        check_roles_within(account, by, at)
        Authenticator.objects.filter(user=account).delete()
        account.sessions += 1
        account.save(update_fields=["sessions"])
        _tell("account.reset_second_factor", account, by, at)


def lift_lock(*, user: User, by: By, at: datetime) -> None:
    """Of an account that was locked after wrong tries."""
    check_not_own(user, by)
    with transaction.atomic():
        account = managed_account(user, by)
        lockout.forget(account.username)
        _tell("account.lift_lock", account, by, at)


def _check_held(account: User, given: Role, unit: str, at: datetime) -> None:
    known = roles()
    for one in held(account, at):
        if one.role == given.key and one.unit_id == unit:
            raise NotAllowed("the account holds this role there", "该账户已在此担任该角色")
        other = known.get(one.role)
        if other is not None and kept_apart(given, other):
            raise NotAllowed(*_apart(given.name, other.name))


def _apart(given: Text, other: Text) -> Text:
    return Text(
        f"nobody is {given.en} and {other.en} at the same time",
        f"{given.zh}与{other.zh}不得由同一人兼任",
    )


def _tell(act: str, account: User, by: By, at: datetime) -> None:
    told(act, by=name_of(by), at=at, about={"account": account.username})
