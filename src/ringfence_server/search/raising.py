"""A higher quota: one account asks with a reason, another with the right grants it, for 72 h."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ringfence.errors import DataError, NotAllowed, NotFound
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.jurisdictions.queries import within
from ringfence_server.outbox import auditing
from ringfence_server.search.models import Raise
from ringfence_server.search.people import RIGHT as PEOPLE
from ringfence_server.search.quotas import quotas

RIGHT = "search.raise"
WATCH = "audit.read"
_LONGEST = 500


def ask_for(*, reason: str, by: Acting, at: datetime) -> Raise:
    if not by.may(PEOPLE):
        raise NotAllowed("you may not look for people", "您没有查询人员的权限")
    check_words("reason", "理由", reason)
    if len(reason) > _LONGEST:
        raise DataError(f"at most {_LONGEST} characters", f"最多 {_LONGEST} 个字符")
    try:
        with transaction.atomic():
            made = Raise.objects.create(account=by.user, reason=reason.strip(), asked_at=at)
            about = {"raise": str(made.pk), "reason": made.reason}
            auditing.told("search.raise.asked", by=by.user.username, at=at, about=about)
    except IntegrityError:
        raise DataError(
            "you have asked already: it waits for somebody to decide", "您已提交申请，正等待审批"
        ) from None
    return made


def decide(*, key: int, grant: bool, by: Acting, at: datetime) -> Raise:
    """NotFound: it does not wait within reach; somebody may have decided. NotAllowed: it is one's
    own.
    """
    with transaction.atomic():
        reached = list(waiting(by).filter(pk=key).values_list("pk", flat=True))
        found = (
            Raise.objects.select_for_update()
            .filter(pk__in=reached, decided_at__isnull=True)
            .first()
        )
        if found is None:
            raise NotFound("nobody waits for this", "没有此待审批的申请")
        if found.account_id == by.user.pk:
            raise NotAllowed(
                "nobody raises their own quota: another account does this",
                "不能审批自己的申请：请由其他账户办理",
            )
        found.decided_by, found.decided_at = by.user, at
        found.until = at + quotas().raised_for if grant else None
        found.save(update_fields=["decided_by", "decided_at", "until"])
        about = {"raise": str(found.pk), "for": found.account.username, "reason": found.reason}
        act = "search.raise.granted" if grant else "search.raise.refused"
        auditing.told(act, by=by.user.username, at=at, about=about)
    return found


def waiting(by: Acting) -> QuerySet[Raise, Any]:
    """Asked for by accounts of the units at which this one may grant."""
    return _of_units(by, RIGHT).filter(decided_at__isnull=True)


def raises(by: Acting) -> QuerySet[Raise, Any]:
    """As the auditor of these units sees them."""
    return _of_units(by, WATCH)


def _of_units(by: Acting, right: str) -> QuerySet[Raise, Any]:
    accounts: QuerySet[User] = User.objects.all()
    reached = within(accounts, reach_of(by, right) or []).values("pk")
    rows = Raise.objects.filter(account__in=reached).select_related(
        "account__unit__parent", "decided_by"
    )
    return rows.order_by("-pk")
