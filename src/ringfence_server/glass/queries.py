"""Which openings somebody is told of, and may review. Outside one's units there are none."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from ringfence.errors import NotFound
from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.glass.models import Opening
from ringfence_server.glass.rules import rules
from ringfence_server.jurisdictions.models import LEVELS
from ringfence_server.jurisdictions.queries import covers, within

OPEN = "glass.open"
REVIEW = "glass.review"
_AUDIT = "audit.read"
_NAMED = ("case", "unit__parent", "by", "came_from", "first", "ended_by", "review", "review__by")


def seen(by: Acting) -> QuerySet[Opening]:
    """Of cases of the units at which the account reviews."""
    rows = within(Opening.objects.all(), reach_of(by, REVIEW) or [])
    return rows.select_related(*_NAMED)


def opening_of(by: Acting, key: int) -> Opening:
    """NotFound: none within reach."""
    found = seen(by).filter(pk=key).first()
    if found is None:
        raise NotFound("there is no such opening", "没有此次紧急查看")
    return found


def own(by: Acting) -> QuerySet[Opening]:
    """The account's own, the latest first."""
    rows = Opening.objects.filter(by=by.user).select_related("case", "unit__parent", "review")
    return rows.order_by("-pk")


def may_review(by: Acting, opening: Opening) -> bool:
    """Never who opened it; the auditor, or somebody of another unit who reviews there."""
    if opening.by_id == by.user.pk:
        return False
    for grant in by.grants:
        if REVIEW not in grant.role.rights or not covers(grant.unit, opening.unit):
            continue
        if _AUDIT in grant.role.rights:
            return True
        if opening.came_from_id not in (grant.unit.code, by.user.unit_id):
            return True
    return False


def waiting(by: Acting, now: datetime) -> QuerySet[Opening]:
    """Those without a review that the account is told of at this moment. The case's unit and the
    auditors are told at once, and each level above once the time for a review has passed again.
    """
    within_time = rules().review_within
    told = Q(pk__in=[])
    for grant in by.grants:
        if REVIEW not in grant.role.rights:
            continue
        of_unit = Q(pk__in=within(Opening.objects.all(), [grant.unit]).values("pk"))
        if _AUDIT in grant.role.rights:
            told |= of_unit
            continue
        level = LEVELS.index(grant.unit.level)
        due = Q(pk__in=[])
        for steps in range(len(LEVELS)):
            upper = max(level + steps, 0)
            if upper < len(LEVELS):
                due |= Q(first__level=LEVELS[upper], at__lte=now - steps * within_time)
        # Whose case it is hears of it even where the review begins with the unit above.
        told |= of_unit & (due | Q(unit=grant.unit))
    return Opening.objects.filter(told, review__isnull=True)


def late(rows: QuerySet[Opening], now: datetime) -> QuerySet[Opening]:
    return rows.filter(at__lte=now - rules().review_within)
