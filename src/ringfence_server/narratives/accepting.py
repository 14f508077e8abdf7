"""Deciding on the events of a narrative: those accepted become records of the lake, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence.errors import DataError, NotFound, Text
from ringfence.lake import Home
from ringfence.narratives.identities import Named
from ringfence.operations.narrating.proposing import Proposed
from ringfence_server.access import Acting
from ringfence_server.cases.changing import held, last_change
from ringfence_server.cases.models import Case
from ringfence_server.cases.refusals import Stale
from ringfence_server.narratives.keeping import (
    ACCEPTED,
    ASKED,
    LEFT,
    RIGHT,
    Decision,
    Kept,
    named_with_number,
    opened,
    proposed,
    sealed,
)
from ringfence_server.narratives.models import Narrative
from ringfence_server.narratives.taking import Taking, take
from ringfence_server.outbox import auditing


class StaleNarrative(DataError):
    """Somebody else decided since; nothing was overwritten."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "somebody decided on this narrative since you opened it: look again, then decide",
            "您打开后他人已作决定：请重新查看后再决定",
        )


@dataclass(frozen=True)
class Decided:
    """How many were accepted now, and what followed for others."""

    accepted: int
    notices: tuple[Text, ...]


@dataclass(frozen=True)
class Page:
    """A narrative as one may look at it. `kept` None: its words were erased."""

    narrative: Narrative
    case: Case
    kept: Kept | None
    told: Proposed | None

    @property
    def people(self) -> Sequence[Named]:
        return [] if self.told is None else named_with_number(self.told)

    def decision(self, number: int) -> Decision | None:
        return None if self.kept is None else self.kept.decisions.get(number)


def page_of(*, home: Home, case: Case, key: int, by: Acting, at: datetime) -> Page:
    """NotFound: the case has no such narrative. The audit knows before it is shown."""
    found = Narrative.objects.filter(case=case, pk=key).select_related("by").first()
    if found is None:
        raise _no_narrative()
    with transaction.atomic():
        about = {"case": case.number, "narrative": str(key)}
        auditing.told("narrative.read", by=by.user.username, at=at, about=about)
    kept = opened(found)
    return Page(found, case, kept, None if kept is None else proposed(home, case, kept, at))


def decide(
    *,
    home: Home,
    number: str,
    key: int,
    version: int,
    seen: int,
    decisions: Mapping[int, Decision],
    reason: str,
    by: Acting,
    at: datetime,
) -> Decided:
    """What was accepted before stays so. `seen`: the last change of the case that the page showed;
    `reason`: of what changes in the case. FieldErrors, Stale, StaleNarrative: nothing was done.
    """
    with transaction.atomic():
        case = held(by, number, RIGHT, None)
        narrative = Narrative.objects.select_for_update().filter(case=case, pk=key).first()
        kept = None if narrative is None else opened(narrative)
        if narrative is None or kept is None:
            raise _no_narrative()
        if narrative.version != version:
            raise StaleNarrative
        if seen != last_change(case):
            raise Stale
        told = proposed(home, case, kept, at)
        new = {n: one for n, one in decisions.items() if _undone(kept, n)}
        accepted = {n: one for n, one in new.items() if one.state == ACCEPTED}
        notices = take(Taking(home, case, told, reason, by, at), narrative.pk, accepted)
        _keep(narrative, Kept(kept.text, kept.written, {**kept.decisions, **new}))
        about = {"case": case.number, "narrative": str(key), "accepted": str(len(accepted))}
        auditing.told("narrative.decided", by=by.user.username, at=at, about=about)
    return Decided(len(accepted), notices)


def _undone(kept: Kept, number: int) -> bool:
    before = kept.decisions.get(number)
    return before is None or before.state != ACCEPTED


def _keep(narrative: Narrative, kept: Kept) -> None:
    states = [one.state for one in kept.decisions.values()]
    narrative.accepted = states.count(ACCEPTED)
    narrative.left = states.count(LEFT)
    narrative.asked = states.count(ASKED)
    narrative.version += 1
    narrative.sealed = sealed(narrative, kept)
    narrative.save(update_fields=["accepted", "left", "asked", "version", "sealed"])


def _no_narrative() -> NotFound:
    return NotFound("there is no such narrative of this case", "该病例没有此叙述")
