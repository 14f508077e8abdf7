"""Making a token and revoking it: each account its own, and nobody another's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from ringfence.errors import NotAllowed, NotFound, Text
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.accounts.models import User
from ringfence_server.api.models import LONGEST_LIFE, Token
from ringfence_server.api.scopes import SCOPES
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.outbox import auditing

PREFIX = "rf_"
MOST = 20
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Made:
    """`secret`: what the program shows. It is kept nowhere."""

    token: Token
    secret: str


def draw() -> str:
    """256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(
    *,
    name: str,
    scopes: Sequence[str],
    days: int,
    by: Acting,
    at: datetime,
    draw: Callable[[], str] = draw,
) -> Made:
    """FieldErrors: a right that the account has not or no token carries, or another life than 1 to
    365 days. NotAllowed: the account has too many.
    """
    _check(name, scopes, days, by)
    secret = draw()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user.pk)
        alive = Token.objects.filter(user=by.user, revoked_at__isnull=True, until__gt=at)
        if alive.count() >= MOST:
            raise NotAllowed(
                f"an account has at most {MOST} tokens: revoke one that is not needed",
                f"每个账户最多 {MOST} 个令牌：请先吊销不再使用的令牌",
            )
        made = Token.objects.create(
            user=by.user,
            name=name.strip(),
            digest=digest_of(secret),
            scopes=sorted(set(scopes)),
            sessions=by.user.sessions,
            made_at=at,
            until=at + timedelta(days=days),
        )
        about = {
            "token": str(made.pk),
            "scopes": " ".join(made.scopes),
            "until": made.until.isoformat(),
        }
        auditing.told("token.make", by=by.user.username, at=at, about=about)
    return Made(made, secret)


def revoke(*, key: int, by: Acting, at: datetime) -> None:
    """From this moment. NotFound: it is not one of one's own."""
    with transaction.atomic():
        own = Token.objects.select_for_update().filter(pk=key, user=by.user).first()
        if own is None:
            raise NotFound("there is no such token", "没有此令牌")
        if own.revoked_at is not None:
            return
        own.revoked_at = at
        own.save(update_fields=["revoked_at"])
        auditing.told("token.revoke", by=by.user.username, at=at, about={"token": str(own.pk)})


def _check(name: str, scopes: Sequence[str], days: int, by: Acting) -> None:
    wrong: dict[str, Text] = {}
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        wrong["name"] = Text(
            f"a name has 1 to {_LONGEST_NAME} characters", f"名称为 1 至 {_LONGEST_NAME} 个字符"
        )
    if not scopes or not set(scopes) <= SCOPES.keys() & by.rights:
        wrong["scopes"] = Text(
            "choose rights that you have; no others can be given",
            "请选择您已有的权限；其他权限不能授予",
        )
    if not 1 <= days <= LONGEST_LIFE.days:
        wrong["days"] = Text(f"from 1 to {LONGEST_LIFE.days} days", f"1 至 {LONGEST_LIFE.days} 天")
    if wrong:
        raise FieldErrors(wrong)
    check_words("name", "名称", name)
