"""Deciding whose numbers are one person: written down here, done in the home by the worker."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ringfence.errors import UsageError
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.merging import jobs
from ringfence_server.merging.models import Decision
from ringfence_server.merging.refusals import Overtaken
from ringfence_server.merging.weighing import Wanted, weigh
from ringfence_server.merging.words import LEFT, UNDER_WAY
from ringfence_server.outbox import auditing

_LONGEST = 500


def decide(
    *,
    home: Home,
    wanted: Wanted,
    reason: str,
    by: Acting,
    at: datetime,
    digest: str | None = None,
) -> Decision:
    """Owed to the home. The same one under way is not begun again. `digest`: of what was shown.

    UsageError, DataError, OutOfReach, AnothersPerson: see `weigh`. Overtaken: it is not that now.
    """
    check_reason(reason)
    weighed = weigh(home=home, wanted=wanted, by=by, at=at)
    if digest is not None and digest != weighed.digest:
        raise Overtaken
    told = {
        "kind": wanted.kind,
        "subjects": list(weighed.subjects),
        "undoes": wanted.act,
        "by": by.user,
        "reason": reason.strip(),
        "question": wanted.question.standing if wanted.question is not None else "",
    }
    there = Decision.objects.filter(**told, state__in=UNDER_WAY).first()
    if there is not None:
        return there
    with transaction.atomic():
        made = Decision.objects.create(**told, people=weighed.everybody, at=at)
        about = {
            "decision": str(made.pk),
            "kind": made.kind,
            "subjects": ",".join(made.subjects),
            "reason": made.reason,
        }
        auditing.told("identity.decided", by=by.user.username, at=at, about=about)
        if made.kind == LEFT:
            made.state, made.ended_at = "done", at
            made.save(update_fields=["state", "ended_at"])
        else:
            jobs.settle.defer(number=made.pk)
    return made


def check_reason(reason: str) -> None:
    """UsageError, DataError: none, one too long, or one that holds a person's number."""
    check_words("reason", "理由", reason)
    if len(reason) > _LONGEST:
        raise UsageError(f"a reason has at most {_LONGEST} characters", f"理由最多 {_LONGEST} 字")


def decide_once(
    *,
    home: Home,
    wanted: Wanted,
    reason: str,
    digest: str,
    token: str,
    by: Acting,
    at: datetime,
) -> Decision:
    """The same of a form: sent twice, it has one effect. SentBefore: but not the same content."""
    content = {
        "kind": wanted.kind,
        "subjects": list(wanted.subjects),
        "act": wanted.act,
        "question": wanted.question.standing if wanted.question is not None else "",
        "reason": reason,
    }
    with transaction.atomic():
        sent = begin_once(token, content, by=by, at=at)
        if sent.answer is not None:
            return Decision.objects.get(pk=sent.answer["decision"])
        made = decide(home=home, wanted=wanted, reason=reason, by=by, at=at, digest=digest)
        end_once(sent, {"decision": made.pk})
    return made
