"""Questions and decisions within reach. What lies outside is as if it did not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ringfence.errors import NotFound
from ringfence_server.access import Acting
from ringfence_server.cases.queries import owned
from ringfence_server.merging.models import Decision, Question
from ringfence_server.merging.reach import RIGHT, in_reach
from ringfence_server.merging.words import LEFT

_MOST_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Asked:
    """A question. `left`: the newest decision that it stays as it is, if nothing changed since."""

    question: Question
    left: Decision | None = None


def questions(by: Acting) -> list[Asked]:
    """Those that wait first, then those that were left as they are; the newest first in each."""
    found = list(Question.objects.order_by("-found_at", "-pk"))
    mine = in_reach(by, {subject for one in found for subject in one.people})
    rows = Decision.objects.filter(kind=LEFT).select_related("by").order_by("pk")
    left = {one.question: one for one in rows}
    asked = [Asked(one, left.get(one.standing)) for one in found if mine & set(one.people)]
    return sorted(asked, key=lambda one: one.left is not None)


def waiting(by: Acting) -> int:
    return sum(one.left is None for one in questions(by))


def question_of(by: Acting, key: int) -> Question:
    """NotFound: no such question within reach; it may be settled."""
    found = Question.objects.filter(pk=key).first()
    if found is None or not in_reach(by, found.people):
        raise NotFound("there is no such question", "没有此问题")
    return found


def decisions(by: Acting) -> list[Decision]:
    """Newest first: the account's own, and those about people within reach."""
    rows = list(Decision.objects.select_related("by").order_by("-pk")[:_MOST_LOOKED_AT])
    mine = in_reach(by, {subject for one in rows for subject in one.people})
    return [one for one in rows if one.by_id == by.user.pk or mine & set(one.people)]


def decision_of(by: Acting, key: int) -> Decision:
    found = Decision.objects.select_related("by").filter(pk=key).first()
    own = found is not None and found.by_id == by.user.pk
    if found is None or not (own or in_reach(by, found.people)):
        raise NotFound("there is no such decision", "没有此决定")
    return found


def cases_shown(by: Acting, one: Decision) -> list[str]:
    """Of the cases that it bears on, those within reach."""
    rows = owned(by, RIGHT).filter(number__in=one.cases).order_by("number")
    return list(rows.values_list("number", flat=True))


def undone(acts: Sequence[int]) -> frozenset[int]:
    """Those of these acts that an act of the server undid, or is about to."""
    rows = Decision.objects.filter(undoes__in=acts).exclude(state="failed")
    return frozenset(one for one in rows.values_list("undoes", flat=True) if one is not None)
