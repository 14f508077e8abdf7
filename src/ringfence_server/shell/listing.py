"""A page of a long list: sorted by a column, and continued after a row instead of at a number.

What comes after a row is one range of an index, so the last page of a million costs what the first
does. The address names the row by its key only, never by what stands in the columns: that may be
somebody's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from ringfence.errors import Text

Row = TypeVar("Row", bound=Model)
_PLACE = ("after", "before")


@dataclass(frozen=True)
class Column:
    """`order`: the fields by which it sorts, none of them null; without any it does not sort."""

    key: str
    name: Text
    order: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True)
class Head:
    """A column as the page shows it. `sorted`: ascending, descending or nothing."""

    column: Column
    sorted: str
    url: str


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """`lost`: the row to continue after is not in the list any more; it begins anew."""

    rows: list[Row]
    heads: list[Head]
    before: str
    after: str
    lost: bool


def listing(
    rows: QuerySet[Row],
    columns: Sequence[Column],
    asked: QueryDict,
    *,
    first: str,
    size: int = 50,
) -> Listing[Row]:
    """`first`: the column that sorts unless another is asked for, `-` before it: descending."""
    by = {column.key: column for column in columns if column.order}
    wanted = asked.get("sort", "")
    sort = wanted if wanted.removeprefix("-") in by else first
    order = _order(by[sort.removeprefix("-")], sort.startswith("-"))
    anchor, backwards, lost = _anchor(rows, order, asked)
    if backwards:
        order = [_turned(field) for field in order]
    chosen = rows.filter(_beyond(order, anchor)) if anchor else rows
    found = list(chosen.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if anchor is not None and (not found or (backwards and not more)):
        return listing(rows, columns, _without_place(asked), first=first, size=size)
    if backwards:
        found.reverse()
    earlier = more if backwards else anchor is not None
    later = True if backwards else more
    return Listing(
        found,
        [_head(column, sort, asked) for column in columns],
        _url(asked, before=str(found[0].pk)) if earlier and found else "",
        _url(asked, after=str(found[-1].pk)) if later and found else "",
        lost,
    )


def _order(column: Column, descending: bool) -> list[str]:
    fields = [*column.order, *(() if "pk" in column.order else ("pk",))]
    return [_turned(field) for field in fields] if descending else fields


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _anchor(
    rows: QuerySet[Row], order: Sequence[str], asked: QueryDict
) -> tuple[Mapping[str, Any] | None, bool, bool]:
    named = next(((way, asked[way]) for way in _PLACE if asked.get(way)), None)
    if named is None:
        return None, False, False
    fields = [field.removeprefix("-") for field in order]
    try:
        found = rows.filter(pk=named[1]).values(*fields).first()
    except (ValueError, ValidationError):
        found = None
    return found, found is not None and named[0] == "before", found is None


def _beyond(order: Sequence[str], anchor: Mapping[str, Any]) -> Q:
    """After the row, in this order. The first field's bound lets an index begin there."""
    beyond, equal = Q(), Q()
    for field in order:
        name = field.removeprefix("-")
        beyond |= equal & Q(**{f"{name}__{_side(field)}": anchor[name]})
        equal &= Q(**{name: anchor[name]})
    leading = order[0].removeprefix("-")
    return beyond & Q(**{f"{leading}__{_side(order[0])}e": anchor[leading]})


def _side(field: str) -> str:
    return "lt" if field.startswith("-") else "gt"


def _head(column: Column, sort: str, asked: QueryDict) -> Head:
    if not column.order:
        return Head(column, "", "")
    descending = sort == f"-{column.key}"
    ascending = sort == column.key
    turned = f"-{column.key}" if ascending else column.key
    told = "ascending" if ascending else "descending" if descending else ""
    return Head(column, told, _url(asked, sort=turned))


def _url(asked: QueryDict, **changed: str) -> str:
    """The same list with its filters, from another place or in another order."""
    kept = _without_place(asked)
    for name, value in changed.items():
        kept[name] = value
    return f"?{kept.urlencode()}"


def _without_place(asked: QueryDict) -> QueryDict:
    kept = asked.copy()
    for name in _PLACE:
        kept.pop(name, None)
    return kept
