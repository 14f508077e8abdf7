"""Two signatures let a suspected case be traced for 48 hours, until a laboratory confirms."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ringfence.errors import NotAllowed
from ringfence_server.access import Acting
from ringfence_server.cases.changing import Done, changed, held
from ringfence_server.cases.models import Case, Signature
from ringfence_server.cases.words import SIGNS_AS

RIGHT = "case.suspect"
PROVISIONAL = timedelta(hours=48)
SUSPECTED = ("suspected", "probable")


def signs_as(by: Acting, case: Case) -> list[str]:
    """In which of the two roles this account could sign."""
    return [
        role
        for role in SIGNS_AS
        if any(grant.role.key == role and RIGHT in grant.role.rights for grant in by.grants)
        and not case.signatures.filter(round=case.round, role=role).exists()
    ]


def sign(*, number: str, by: Acting, at: datetime, seen: int | None = None) -> Done:
    """NotAllowed: nothing is left to sign, or not for this account."""
    with transaction.atomic():
        case = held(by, number, RIGHT, seen)
        if case.state != "entered" or case.classification not in SUSPECTED:
            raise NotAllowed(
                "only a suspected case that waits for its signatures is signed for",
                "只有待签署的疑似病例可以签署",
            )
        if case.signatures.filter(round=case.round, by=by.user).exists():
            raise NotAllowed(
                "you signed already: the other signature is another person's",
                "您已签署：另一签署须由他人完成",
            )
        roles = signs_as(by, case)
        if not roles:
            raise NotAllowed(
                "a clinician and a supervisor sign, one each: yours is there already",
                "须由临床医生与主管各签署一次：您的角色已有人签署",
            )
        Signature.objects.create(case=case, round=case.round, role=roles[0], by=by.user, at=at)
        state = {"state": case.state}
        _, notices = changed(
            case, "signed", by=by, at=at, before=state, after={**state, "as": roles[0]}
        )
        if case.signatures.filter(round=case.round).count() == len(SIGNS_AS):
            case.state, case.provisional_until = "provisional", at + PROVISIONAL
            case.save()
            after = {"state": case.state, "until": case.provisional_until.isoformat()}
            _, more = changed(case, "provisional", by=by, at=at, before=state, after=after)
            notices += more
    return Done(number, notices)


def lapse(*, at: datetime) -> int:
    """Provisional cases whose time is over; how many. The worker calls it again and again."""
    due = Case.objects.filter(state="provisional", provisional_until__lte=at)
    numbers = list(due.order_by("id").values_list("pk", flat=True))
    return sum(_lapse(key, at) for key in numbers)


def _lapse(key: int, at: datetime) -> bool:
    """Looked at again under its lock: a result may have come in between."""
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",))
            .filter(pk=key, state="provisional", provisional_until__lte=at)
            .first()
        )
        if case is None:
            return False
        before = {"state": case.state}
        case.state, case.provisional_until = "lapsed", None
        case.save()
        changed(case, "lapsed", by=None, at=at, before=before, after={"state": case.state})
        return True
