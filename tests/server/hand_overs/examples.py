"""Rows of hand-overs at a unit of the tree, for tests that ask for pages only."""

from __future__ import annotations

from tests.server.cases.examples import case_at
from tests.server.hand_overs.elsewhere import keys_of

from ringfence_server.accounts.models import User
from ringfence_server.deployment.here import now
from ringfence_server.hand_overs.models import HandOver, Partner, Received
from ringfence_server.jurisdictions.models import Unit


def partner_at(at: str) -> Partner:
    """Entered at this unit, in use; made when first asked for."""
    known = Partner.objects.filter(unit=at).first()
    if known is not None:
        return known
    first, second = User.objects.order_by("pk")[:2]
    keys = keys_of(41).public
    return Partner.objects.create(
        unit=Unit.objects.get(code=at),
        code="9901",
        name_zh="某市",
        sign_key=keys.sign,
        seal_key=keys.seal,
        state="confirmed",
        entered_by=first,
        entered_at=now(),
        confirmed_by=second,
        confirmed_at=now(),
    )


def hand_over_at(at: str, team: str) -> HandOver:
    known = HandOver.objects.filter(unit=at).first()
    if known is not None:
        return known
    moment = now()
    return HandOver.objects.create(
        unit=Unit.objects.get(code=at),
        number=f"h-{at}",
        case=case_at(at, team),
        partner=partner_at(at),
        by=User.objects.order_by("pk")[0],
        at=moment,
        due_at=moment,
        file=b"{}",
    )


def received_at(at: str) -> Received:
    known = Received.objects.filter(unit=at).first()
    if known is not None:
        return known
    moment = now()
    return Received.objects.create(
        unit=Unit.objects.get(code=at),
        partner=partner_at(at),
        sender="9901",
        number=f"r-{at}",
        digest="0" * 64,
        disease="covid-19",
        by=User.objects.order_by("pk")[0],
        at=moment,
        due_at=moment,
        state="answered",
        receipt=b"{}",
    )
