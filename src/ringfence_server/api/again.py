"""Tokens that were revoked after a backup was taken, revoked again in what was restored of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringfence.audit import Remembered
from ringfence_server.api.models import Token
from ringfence_server.outbox import auditing

_REVOKED = "token.revoke"


def revoke_tokens_again(
    rows: Sequence[Remembered], *, by: str, at: datetime
) -> list[tuple[str, str]]:
    """Within a transaction. The acts, and the tokens that they were about."""
    done = []
    for key in sorted({int(row.about["token"]) for row in rows if row.act == _REVOKED}):
        if Token.objects.filter(pk=key, revoked_at__isnull=True).update(revoked_at=at):
            auditing.told(_REVOKED, by=by, at=at, about={"token": str(key)})
            done.append((_REVOKED, str(key)))
    return done
