"""Whose token it is, and what its holder may do at this moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import QuerySet

from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts import lockout
from ringfence_server.accounts.models import User
from ringfence_server.api.actions import digest_of
from ringfence_server.api.models import Token
from ringfence_server.web.deciding import missing_of


@dataclass(frozen=True)
class Holder:
    """`acting`: the account with those of its rights that the token carries."""

    token: Token
    acting: Acting


def tokens_of(user: User) -> QuerySet[Token]:
    """Newest first."""
    return Token.objects.filter(user=user).order_by("-id")


def holder_of(secret: str, at: datetime) -> Holder | None:
    """None: there is no such token, or it is revoked, too old, or its account could not sign in
    now: deactivated, locked, with a first password, or without the second factor that it needs.
    """
    alive = Token.objects.filter(revoked_at__isnull=True, until__gt=at)
    token = alive.select_related("user__unit").filter(digest=digest_of(secret)).first()
    if token is None or not _may_sign_in(token, at):
        return None
    acting = acting_of(token.user, at)
    if missing_of(acting) is not None:
        return None
    _used(token, at)
    return Holder(token, narrowed(acting, token.scopes))


def narrowed(acting: Acting, scopes: list[str]) -> Acting:
    """Its roles with these rights and no more: what an action asks for is refused, too."""
    grants = [
        replace(grant, role=replace(grant.role, rights=grant.role.rights & set(scopes)))
        for grant in acting.grants
    ]
    return replace(acting, grants=tuple(grants), opened=())


def _may_sign_in(token: Token, at: datetime) -> bool:
    user = token.user
    alive = user.is_active and user.sessions == token.sessions
    return alive and not lockout.locked(user.username, at)


def _used(token: Token, at: datetime) -> None:
    """The day alone is kept: one write a day."""
    today = at.astimezone(UTC).date()
    if token.used_on != today:
        Token.objects.filter(pk=token.pk).update(used_on=today)
