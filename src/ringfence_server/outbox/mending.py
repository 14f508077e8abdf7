"""Deliveries that the home refused: sent again once the cause is gone, or set aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from ringfence.errors import DataError, NotFound
from ringfence.operations.checks import check_words
from ringfence.records import TABLES
from ringfence_server.outbox.auditing import told
from ringfence_server.outbox.models import Delivery
from ringfence_server.outbox.waking import deliver_after_commit


class Overtaken(DataError):
    """What it says would stand above something newer."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "the home has a newer record of the same thing by now: set this one aside",
            "数据湖中已有更新的同一记录：请将此项搁置",
        )


def refused_of(accounts: Iterable[str] | None) -> QuerySet[Delivery]:
    """Those that wait for somebody, without what they hold. `accounts`: whose acts; None: all."""
    rows = Delivery.objects.filter(fault__isnull=False, set_aside_at__isnull=True)
    rows = rows.defer("rows", "sealed", "receipt")
    return rows if accounts is None else rows.filter(by__in=accounts)


def may_be_sent_again(one: Delivery) -> bool:
    """Not what the home took in part: its rows wait in quarantine, and are mended there."""
    return one.done_at is None


def send_again(one: Delivery, *, by: str, at: datetime) -> None:
    """After those that wait. Overtaken: the home has something newer of the same key."""
    with transaction.atomic():
        held = _held(one)
        if not may_be_sent_again(held):
            raise _gone()
        if _overtaken(held):
            raise Overtaken
        held.fault = None
        held.save(update_fields=["fault"])
        told("delivery.again", by=by, at=at, about=_about(held))
        deliver_after_commit()


def set_aside(one: Delivery, *, reason: str, by: str, at: datetime) -> None:
    """It is not delivered, or not looked after, any more. What it holds stays where it is."""
    check_words("reason", "理由", reason)
    with transaction.atomic():
        held = _held(one)
        held.set_aside_at = at
        held.save(update_fields=["set_aside_at"])
        about = {**_about(held), "reason": reason.strip()}
        told("delivery.set_aside", by=by, at=at, about=about)


def _held(one: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update()
    held = rows.filter(pk=one.pk, fault__isnull=False, set_aside_at__isnull=True).first()
    if held is None:
        raise _gone()
    return held


def _overtaken(held: Delivery) -> bool:
    same = Q(pk__in=[])
    for row in held.rows:
        same |= Q(
            rows__contains=[{name: row[name] for name in TABLES[held.table].key if name in row}]
        )
    later = Delivery.objects.filter(table=held.table, pk__gt=held.pk, done_at__isnull=False)
    return later.filter(same).exists()


def _about(held: Delivery) -> dict[str, str]:
    return {"delivery": held.key, "table": held.table}


def _gone() -> NotFound:
    return NotFound("this delivery waits for nobody any more", "此项已无须处理")
