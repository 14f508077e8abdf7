"""What every act on a case does: find it within reach, hold it, write the change with its audit.

Other parts say here what follows for them when a case changes: contacts that rest on it, tasks.
They act in the same transaction and tell what they did, so that whoever changes a case is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ringfence.errors import Text
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case, CaseChange
from ringfence_server.cases.queries import case_of
from ringfence_server.cases.refusals import Stale
from ringfence_server.outbox import auditing

PROGRAM = "ringfence"

Following = Callable[[Case, CaseChange], Sequence[Text]]
"""What another part does about a change; a sentence about each thing that it did."""

_FOLLOWING: list[Following] = []


def followed_by(following: Following) -> Following:
    """From now on this part hears of every change of a case."""
    _FOLLOWING.append(following)
    return following


@dataclass(frozen=True)
class Done:
    """An act on a case, and what followed for others."""

    number: str
    notices: tuple[Text, ...] = field(default=())


def held(by: Acting, number: str, right: str, seen: int | None) -> Case:
    """The case, held until the transaction ends. `seen`: the change that the page showed last.

    NotFound, NotAllowed: see `case_of`. Stale: there was another since.
    """
    found = case_of(by, number, right)
    case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=found.pk)
    if seen is not None and seen != last_change(case):
        raise Stale
    return case


def last_change(case: Case) -> int:
    latest = case.changes.order_by("-id").values_list("id", flat=True).first()
    return latest or 0


def changed(
    case: Case,
    kind: str,
    *,
    by: Acting | None,
    at: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> tuple[CaseChange, tuple[Text, ...]]:
    """`by` None: the program, because time passed or another channel said so."""
    change = CaseChange.objects.create(
        case=case,
        kind=kind,
        before=dict(before),
        after=dict(after),
        reason=reason,
        by=by.user if by else None,
        at=at,
    )
    about = {"case": case.number, "unit": case.unit_id, "state": case.state}
    auditing.told(
        f"case.{kind}",
        by=by.user.username if by else PROGRAM,
        at=at,
        about={**about, "reason": reason} if reason else about,
    )
    notices = tuple(text for following in _FOLLOWING for text in following(case, change))
    return change, notices


def check_reason(reason: str) -> None:
    """UsageError, DataError: none, or one that holds a person's number."""
    check_words("reason", "理由", reason)
