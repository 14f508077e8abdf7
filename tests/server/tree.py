"""A small tree of units, and people at them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client

from ringfence_server.access import acting_of
from ringfence_server.access.operator import Operator
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.deployment.here import now
from ringfence_server.jurisdictions.actions import load
from ringfence_server.jurisdictions.changing import Changes
from ringfence_server.jurisdictions.models import Unit

# As good as any for what is tested, and a hundred times as quick.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 64
Argon2PasswordHasher.parallelism = 1

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
OPERATOR = Operator("root")
HEADER = "code,parent,level,name_zh,name_en"
TREE = """\
CN,,country,中国,China
44,CN,province,广东省,Guangdong
4401,44,city,广州市,Guangzhou
4403,44,city,深圳市,Shenzhen
440103,4401,district,荔湾区,Liwan
440104,4401,district,越秀区,Yuexiu
440303,4403,district,罗湖区,Luohu
440103001,440103,street,沙面街道,Shamian
440103001001,440103001,community,翠洲社区,Cuizhou
440103001001001,440103001001,grid,第一网格,Grid 1
440104001,440104,street,洪桥街道,Hongqiao
"""
PASSWORD = "correct horse battery"


def table(rows: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO(f"{header}\n{rows}".encode())


def loaded(rows: str = TREE) -> Changes:
    return load(file=table(rows), name="units.csv", by=OPERATOR, at=AT)


def unit(code: str) -> Unit:
    return Unit.objects.get(pk=code)


def person(username: str, role: str | None, at: str, *, home: str | None = None) -> User:
    """An account that is ready, with one role at a unit; it belongs there, or to `home`."""
    user: User = User.objects.create(
        username=username,
        name=f"Name of {username}",
        unit=unit(home or at),
        password=_hashed(),
        first_password=False,
        created_at=AT,
    )
    if role is not None:
        Appointment.objects.create(user=user, role=role, unit=unit(at), since=AT)
    return user


@cache
def _hashed() -> str:
    """Made once: a good hash is slow."""
    return make_password(PASSWORD)


def browser(user: User) -> Client:
    """Signed in, with a second factor where the role needs one."""
    if acting_of(user, now()).needs_second_factor:
        Authenticator.objects.get_or_create(user=user, type="totp", data={})
    client = Client()
    client.force_login(user)
    return client
