"""Units at which the account has a role, and all below them."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router

from ringfence.errors import Text
from ringfence_server.access import acting_in, signed_in
from ringfence_server.api.operations import reads
from ringfence_server.api.paging import listed, next_page
from ringfence_server.api.shapes import Paged, Told
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within

router = Router(tags=["units"])
_ORDER = (("code", str),)


class UnitTold(Told):
    """`above`: the code of the unit that it lies in."""

    code: str
    level: str
    above: str | None
    name_zh: str
    name_en: str


class UnitPage(Told):
    items: list[UnitTold]
    next: str | None


class UnitsAsked(Paged):
    level: Literal["", "province", "city", "district", "street", "community", "grid"] = ""


@reads(router, "/units", Text("Units within reach, by code", "可见单位，按代码"), answers=UnitPage)
@signed_in
def units(request: HttpRequest, asked: Query[UnitsAsked]) -> UnitPage:
    own = {grant.unit.code: grant.unit for grant in acting_in(request).grants}
    rows = within(Unit.objects.all(), own.values())
    if asked.level:
        rows = rows.filter(level=asked.level)
    found, place = listed(rows, _ORDER, asked.after, asked.limit)
    items = [
        UnitTold(
            code=one.code,
            level=one.level,
            above=one.parent_id,
            name_zh=one.name_zh,
            name_en=one.name_en,
        )
        for one in found
    ]
    return UnitPage(items=items, next=next_page(request, place))
