"""Whom an administrator may manage: accounts of the own unit and those below, and no other."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from ringfence.errors import NotAllowed, NotFound
from ringfence_server.access.acting import Acting
from ringfence_server.access.operator import By, reach_of, reaches
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within

RIGHT = "account.manage"


def managed(by: By) -> QuerySet[User]:
    reach = reach_of(by, RIGHT)
    accounts: QuerySet[User] = User.objects.all()
    return accounts if reach is None else within(accounts, reach)


def held(user: User, at: datetime) -> QuerySet[Appointment]:
    """Appointments that hold at this moment, and those still to begin."""
    return user.appointments.filter(Q(until__isnull=True) | Q(until__gt=at))


def managed_account(user: User, by: By) -> User:
    """The account anew, held until the transaction ends. NotFound: it is not of one's own unit."""
    found = managed(by).select_for_update(of=("self",)).filter(pk=user.pk).first()
    if found is None:
        raise NotFound("there is no such account", "没有该账户")
    return found


def check_not_own(user: User, by: By) -> None:
    if isinstance(by, Acting) and by.user.pk == user.pk:
        raise NotAllowed(
            "nobody does this to their own account: ask another administrator",
            "不能对自己的账户进行此操作：请由其他管理员办理",
        )


def check_roles_within(user: User, by: By, at: datetime) -> None:
    """Who can sign in as somebody has what they have: so all of it must be one's own to give."""
    reach = reach_of(by, RIGHT)
    for appointment in held(user, at).select_related("unit"):
        if not reaches(reach, appointment.unit):
            raise NotAllowed(
                "this account holds a role outside your own unit: an administrator above does this",
                "该账户在您的管辖范围之外担任角色：请由上级管理员办理",
            )


def own_unit(code: str, by: By) -> Unit:
    """NotFound: it is not one's own, or there is none."""
    unit = Unit.objects.filter(pk=code).first()
    if unit is None or not reaches(reach_of(by, RIGHT), unit):
        raise NotFound("your own unit has no unit of this code", "您的管辖范围内没有该代码的单位")
    return unit
