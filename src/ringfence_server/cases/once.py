"""A form that is sent twice has one effect, and the second sender gets the first one's answer."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from ringfence.errors import UsageError
from ringfence_server.access import Acting
from ringfence_server.cases.models import Submission
from ringfence_server.cases.refusals import SentBefore
from ringfence_server.deployment.here import deployment

_LONGEST = 64


def begin_once(token: str, content: Mapping[str, Any], *, by: Acting, at: datetime) -> Submission:
    """Within the transaction of the act. An `answer` on it: it was done before; give that back.

    A second sender waits here until the first one is done, or has failed. SentBefore: the same
    form, but not the same content.
    """
    if not 0 < len(token) <= _LONGEST or not token.isascii() or not token.isprintable():
        raise UsageError("the form has no token: open it anew", "表单缺少标识：请重新打开")
    digest = _digest(by, content)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_submission (token, digest, by_id, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (token) DO NOTHING",
            [token, digest, by.user.pk, at],
        )
    one = Submission.objects.get(token=token)
    if not hmac.compare_digest(one.digest, digest):
        raise SentBefore
    return one


def end_once(one: Submission, answer: Mapping[str, Any]) -> None:
    one.answer = dict(answer)
    one.save(update_fields=["answer"])


def _digest(by: Acting, content: Mapping[str, Any]) -> str:
    """Keyed: the content names people, and numbers of documents can be tried out."""
    told = json.dumps([by.user.username, content], sort_keys=True, default=str).encode()
    return hmac.digest(deployment().secret.encode(), b"form\0" + told, "sha256").hex()
