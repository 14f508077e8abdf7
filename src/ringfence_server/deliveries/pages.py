"""What the home refused: of whose acts, why, and what can be done. Never what the records say."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ringfence.errors import NotFound, Text, UserError
from ringfence.records import TABLES
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.accounts.wording import said_text
from ringfence_server.deployment.here import now
from ringfence_server.jurisdictions.queries import within
from ringfence_server.outbox import mending
from ringfence_server.outbox.models import Delivery
from ringfence_server.shell.listing import Column, listing

RIGHT = "delivery.mend"
_COLUMNS = (
    Column("number", Text("Delivery", "提交编号"), ("pk",)),
    Column("table", Text("Records", "记录类型")),
    Column("by", Text("By", "提交者")),
    Column("fault", Text("Why it was refused", "拒绝原因")),
    Column("act", Text("Act", "操作")),
)


@needs(RIGHT)
@require_safe
def refused(request: HttpRequest) -> HttpResponse:
    shown = listing(within_reach(acting_in(request)), _COLUMNS, request.GET, first="number")
    told = {
        "listing": shown,
        "lines": [
            (
                one,
                TABLES[one.table].meaning,
                Text(**(one.fault or {})),
                mending.may_be_sent_again(one),
            )
            for one in shown.rows
        ],
    }
    return render(request, "deliveries/refused.html", told)


@needs(RIGHT)
@require_POST
def again(request: HttpRequest, delivery: int) -> HttpResponse:
    by = acting_in(request)
    mending.send_again(_found(by, delivery), by=by.user.username, at=now())
    sent = Text("It is on its way again.", "已重新提交。")
    messages.success(request, str(said_text(sent)))
    return redirect("deliveries")


@needs(RIGHT)
@require_POST
def aside(request: HttpRequest, delivery: int) -> HttpResponse:
    by, reason = acting_in(request), request.POST.get("reason", "")[:500]
    found = _found(by, delivery)
    try:
        mending.set_aside(found, reason=reason, by=by.user.username, at=now())
    except NotFound:
        raise
    except UserError as error:
        messages.error(request, str(said_text(error.text)))
    return redirect("deliveries")


def within_reach(by: Acting) -> QuerySet[Delivery]:
    """Of acts of the own units' accounts; at the top of the tree, also of the program's own."""
    units = reach_of(by, RIGHT) or []
    if any(unit.level == "country" for unit in units):
        return mending.refused_of(None)
    accounts = within(User.objects.all(), units).values_list("username", flat=True)
    return mending.refused_of(accounts)


def _found(by: Acting, key: int) -> Delivery:
    found = within_reach(by).filter(pk=key).first()
    if found is None:
        raise NotFound("there is no such delivery", "没有此项提交")
    return found
