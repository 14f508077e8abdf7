"""An opening of a case at a unit of the tree, written as rows."""

from __future__ import annotations

from datetime import timedelta

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import now
from ringfence_server.glass.models import Opening


def opening_of(case: Case, by: User) -> Opening:
    """Made when first asked for; it has ended."""
    known = Opening.objects.filter(case=case).first()
    if known is not None:
        return known
    at = now() - timedelta(hours=5)
    return Opening.objects.create(
        case=case,
        unit=case.owner,
        came_from=by.unit,
        first=case.owner,
        purpose="danger",
        reason="no answer by telephone",
        by=by,
        at=at,
        until=at + timedelta(hours=4),
    )
