"""Long lists, continued after a row's place in them: the last page costs what the first does.

A list that goes on names the next page's address. The place in it holds times and numbers of rows,
nobody's data; a program does not read it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest

from ringfence.errors import Text
from ringfence_server.api.reading import LARGEST_NUMBER
from ringfence_server.api.refusals import Invalid

Row = TypeVar("Row", bound=Model)
_NO_PLACE = Text(
    "it is no place in this list: take the address that `next` has",
    "不是此列表的位置：请用 next 中的地址",
)


def place_to(*values: datetime | int | str) -> str:
    told = [one.isoformat() if isinstance(one, datetime) else one for one in values]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def place_from(after: str, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    """None: from the beginning. Invalid: no place."""
    if not after:
        return None
    try:
        padded = after + "=" * (-len(after) % 4)
        told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return tuple(_value(kind, one) for kind, one in zip(kinds, told, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Invalid({"query.after": _NO_PLACE}) from None


def _value(kind: type, told: Any) -> Any:
    """ValueError, TypeError: no row can stand there."""
    if kind is datetime and isinstance(told, str):
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
            raise ValueError("no instant of this program")
        return moment.astimezone(UTC)
    if type(told) is not kind:
        raise TypeError("another kind")
    if isinstance(told, str) and "\0" in told.encode().decode():
        raise ValueError("a NUL")
    if isinstance(told, int) and abs(told) > LARGEST_NUMBER:
        raise ValueError("beyond any number of a row")
    return told


def next_page(request: HttpRequest, place: str | None) -> str | None:
    if place is None:
        return None
    asked = request.GET.copy()
    asked["after"] = place
    return f"{request.path}?{asked.urlencode()}"


def listed(
    rows: QuerySet[Row], order: Sequence[tuple[str, type]], after: str, limit: int
) -> tuple[list[Row], str | None]:
    """In the order of these fields, none of them null, together one row's alone, and with `-` all
    or none: one bound of an index. The place after the last, where more come.
    """
    names = [name.removeprefix("-") for name, _ in order]
    place = place_from(after, [kind for _, kind in order])
    if place is not None:
        beyond = TupleLessThan if order[0][0].startswith("-") else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(*map(F, names)), place))
    found = list(rows.order_by(*(name for name, _ in order))[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], place_to(*(getattr(last, name) for name in names))
