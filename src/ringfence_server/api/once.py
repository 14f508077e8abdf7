"""A request that is sent again has one effect, and the same answer.

Key, effect and answer are one transaction: who is killed in it has done nothing, and who is killed
after it finds the answer kept. What was refused leaves no key behind; the next try is looked at
anew. Forms of the console have the same table: see `cases.once`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from ringfence.errors import UserError
from ringfence_server.access import Acting
from ringfence_server.api.reading import JSON
from ringfence_server.api.refusals import InProgress, KeyReused, NoKey
from ringfence_server.cases.models import Submission
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.cases.refusals import SentBefore

HEADER = "Idempotency-Key"
PATTERN = r"[A-Za-z0-9._:\-]{8,128}"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=48)
_KEYS = 0x52_46_49_4B  # the database's lock of requests under way
_PURPOSE = "api."


def token_of(request: HttpRequest, by: Acting) -> str:
    """Of this account and key: what an action takes to know one form from another. NoKey."""
    key = request.headers.get(HEADER, "")
    if not re.fullmatch(PATTERN, key):
        raise NoKey
    told = hashlib.sha256(f"{by.user.pk}\0{key}".encode()).digest()
    return _PURPOSE + base64.urlsafe_b64encode(told).decode().rstrip("=")


def form_of(request: HttpRequest, by: Acting) -> str:
    """By which an action knows this request from others, as it knows a form of the console."""
    return f"{token_of(request, by)}.form"


def once(
    request: HttpRequest, run: Callable[[], HttpResponse], *, by: Acting, at: datetime
) -> HttpResponse:
    """InProgress: another request with this key is under way. KeyReused: it was another request."""
    token = token_of(request, by)
    refused: UserError | None = None
    with transaction.atomic():
        if not _alone(token):
            raise InProgress
        try:
            sent = begin_once(token, _content(request), by=by, at=at)
        except SentBefore:
            raise KeyReused from None
        if sent.answer is not None:
            return _kept(sent.answer)
        try:
            answer = run()
        except UserError as error:
            # What it wrote besides stays, such as that somebody asked for a case that exists.
            refused = error
            sent.delete()
        else:
            end_once(sent, {"status": answer.status_code, "body": answer.content.decode()})
    if refused is not None:
        raise refused
    return answer


def forget(*, at: datetime) -> int:
    """Keys that were sent longer ago than any program tries again; how many."""
    old = Submission.objects.filter(token__startswith=_PURPOSE, at__lte=at - KEPT_FOR)
    return old.delete()[0]


def _alone(token: str) -> bool:
    """Until the transaction ends, or its process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_KEYS, token])
        (got,) = cursor.fetchone()
    return bool(got)


def _content(request: HttpRequest) -> dict[str, str | None]:
    return {
        "method": request.method,
        "address": request.get_full_path(),
        "body": hashlib.sha256(request.body).hexdigest(),
    }


def _kept(told: dict[str, object]) -> HttpResponse:
    """To the byte as it was."""
    answer = HttpResponse(told["body"], content_type=f"{JSON}; charset=utf-8")
    answer.status_code = int(str(told["status"]))
    answer.headers[REPLAYED] = "true"
    return answer
