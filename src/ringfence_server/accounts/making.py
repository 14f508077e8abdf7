"""Making accounts: one from a form, or all of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from ringfence.errors import DataError
from ringfence_server.access.operator import By, name_of, reach_of
from ringfence_server.accounts.first_passwords import GOOD_FOR
from ringfence_server.accounts.lists import TAKEN, Told, read_list, read_one
from ringfence_server.accounts.managing import RIGHT
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.outbox.auditing import told

AT_ONCE = 200
"""Accounts of one list in the console: each password takes its time to be sealed."""


@dataclass(frozen=True)
class Made:
    """An account with its first password, which is shown once and never again."""

    user: User
    role: str
    password: str = field(repr=False)


def make_account(
    *, fields: Mapping[str, str], by: By, at: datetime, draw: Callable[[], str]
) -> Made:
    """`fields`: username, name, role, unit, language. DataError: the field is named."""
    return _make([read_one(fields, reach_of(by, RIGHT))], by, at, draw)[0]


def make_accounts(
    *,
    file: BinaryIO,
    name: str,
    by: By,
    at: datetime,
    draw: Callable[[], str],
    most: int | None = None,
) -> list[Made]:
    """All of the list or none. DataError: the rows at fault are named."""
    listed = read_list(file, name, reach_of(by, RIGHT), at)
    if most is not None and len(listed) > most:
        raise DataError(
            f"{name}: at most {most} accounts at once here; for more use"
            " `ringfence accounts bulk` on the server",
            f"{name}：此处一次最多 {most} 个账户；更多请在服务器上使用 ringfence accounts bulk",
        )
    return _make(listed, by, at, draw)


def _make(listed: list[Told], by: By, at: datetime, draw: Callable[[], str]) -> list[Made]:
    made = [_sealed(one, at, draw()) for one in listed]
    try:
        with transaction.atomic():
            User.objects.bulk_create([one.user for one in made])
            Appointment.objects.bulk_create(
                Appointment(user=one.user, role=one.role, unit=one.user.unit, since=at)
                for one in made
            )
            for one in made:
                about = {"account": one.user.username, "unit": one.user.unit_id, "role": one.role}
                told("account.make", by=name_of(by), at=at, about=about)
    except IntegrityError:  # somebody made one of them in between
        raise DataError(TAKEN.en, TAKEN.zh) from None
    return made


def _sealed(one: Told, at: datetime, password: str) -> Made:
    user = User(
        username=one.username,
        name=one.name,
        unit=one.unit,
        language=one.language,
        password=make_password(password),
        first_password_until=at + GOOD_FOR,
        created_at=at,
    )
    return Made(user, one.role, password)
