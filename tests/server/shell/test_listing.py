"""A long list, page by page: every row once, in order, forwards and back, whatever sorts it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.tree import loaded

from ringfence.errors import Text
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.shell.listing import Column, Listing, listing

pytestmark = pytest.mark.django_db
COLUMNS = (
    Column("code", Text("Code", "代码"), ("code",)),
    Column("level", Text("Level", "级别"), ("level", "name_zh")),
    Column("name", Text("Name", "名称")),
)


def _page(address: str, size: int = 4, first: str = "code") -> Listing[Unit]:
    return listing(
        Unit.objects.all(), COLUMNS, QueryDict(address.removeprefix("?")), first=first, size=size
    )


def _codes(page: Listing[Unit]) -> list[str]:
    return [unit.code for unit in page.rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 13), sort=st.sampled_from(["code", "-code", "level", "-level"]))
def test_forwards_and_back_every_row_once(size: int, sort: str) -> None:
    if not Unit.objects.exists():
        loaded()
    page = _page(f"?sort={sort}", size)
    seen, pages = _codes(page), [_codes(page)]
    assert not page.before
    while page.after:
        page = _page(page.after, size)
        seen += _codes(page)
        pages.append(_codes(page))
    order = {"code": ["code"], "level": ["level", "name_zh", "code"]}[sort.removeprefix("-")]
    fields = [f"-{field}" for field in order] if sort.startswith("-") else order
    assert seen == [unit.code for unit in Unit.objects.order_by(*fields)]
    for expected in reversed(pages[:-1]):
        page = _page(page.before, size)
        assert _codes(page) == expected
    assert not page.before


def test_filters_stay_and_a_new_order_begins_anew() -> None:
    loaded()
    page = _page("?find=x&sort=code&after=44")
    assert page.after.startswith("?find=x&sort=code&after=")
    code, level, name = page.heads
    assert (code.sorted, code.url) == ("ascending", "?find=x&sort=-code")
    assert (level.sorted, level.url) == ("", "?find=x&sort=level")
    assert (name.sorted, name.url) == ("", "")


@pytest.mark.parametrize("address", ["?after=gone", "?sort=name", "?sort=--", "?before=gone", "?x"])
def test_what_is_not_there_begins_anew(address: str) -> None:
    loaded()
    page = _page(address)
    assert _codes(page) == _codes(_page(""))
    assert page.lost == ("gone" in address)


def test_no_value_of_a_row_stands_in_an_address() -> None:
    loaded()
    page = _page("?sort=level", 1)
    row = page.rows[0]
    assert row.pk in page.after
    assert "country" not in page.after
    assert row.name_zh not in page.after
