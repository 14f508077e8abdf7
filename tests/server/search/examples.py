"""Somebody found, a raise asked for, a canary and its alert, at a unit; written as rows."""

from __future__ import annotations

from ringfence_server.accounts.models import User
from ringfence_server.canaries.models import Alert, Canary
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox.sealing import seal
from ringfence_server.search.hits import written
from ringfence_server.search.models import Raise
from ringfence_server.tasks.models import FollowUp, Link


def hit_at(at: str, case: Case) -> str:
    """Of a contact of this case."""
    unit, moment = Unit.objects.get(code=at), now()
    made, _ = FollowUp.objects.get_or_create(
        person=f"h-{at}",
        disease=case.disease,
        defaults={"subjects": [f"h-{at}"], "unit": unit, "since": moment},
    )
    Link.objects.get_or_create(
        follow_up=made, case=case, defaults={"outcome": "close", "since": moment}
    )
    return written("contact", made.pk)


def raise_at(at: str) -> Raise:
    account = User.objects.get(username=f"somebody.{at}")
    made, _ = Raise.objects.get_or_create(
        account=account, defaults={"reason": "many calls", "asked_at": now()}
    )
    return made


def canary_at(at: str) -> Canary:
    number = f"{at}-20220706-001"
    known = Canary.objects.filter(number=number).first()
    if known is not None:
        return known
    return Canary.objects.create(
        kind="contact",
        number=number,
        unit=Unit.objects.get(code=at),
        sealed=seal(deployment().secret, "canary", number, {"name": "单明星"}),
        by=User.objects.order_by("pk")[0],
        at=now(),
    )


def alert_at(at: str) -> Alert:
    account = User.objects.get(username=f"somebody.{at}")
    made, _ = Alert.objects.get_or_create(
        canary=canary_at(at), defaults={"way": "search", "account": account, "at": now()}
    )
    return made
