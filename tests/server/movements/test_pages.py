"""Where a case was, as a page: for whoever may trace it, in both languages, audited."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.cases.town import Town, enter
from tests.server.tasks.loop import client_of

from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(town: Town) -> Client:
    return client_of(town.staff("analyst", "data_analyst", "0001"))


def asked() -> list[tuple[str, dict[str, str]]]:
    rows = AuditRow.objects.filter(act="movements.asked").order_by("id")
    return [(row.by, row.about) for row in rows]


def test_from_the_page_of_the_case_to_its_timeline(moved: Case, analyst: Client) -> None:
    at = f"/cases/{moved.pk}"
    assert f'href="{at}/movements/"' in analyst.get(f"{at}/").content.decode()
    assert asked() == []
    page = analyst.get(f"{at}/movements/").content.decode()
    for said in ("Big &amp; Shop", "Willow Court", "Conflicts", "To ask next", "event.csv:2"):
        assert said in page
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]
    assert asked() == [("analyst", {"case": "C1"})]


def test_in_chinese(moved: Case, town: Town) -> None:
    client = client_of(town.staff("analyst", "data_analyst", "0001"), "zh-hans")
    client.cookies["language"] = "zh-hans"
    page = client.get(f"/cases/{moved.pk}/movements/").content.decode()
    for said in ("C1 的行程轨迹", "矛盾", "下一步核实", "待核实", "逐日时间线"):
        assert said in page


def test_what_the_case_says_now_is_a_record_of_its_own(moved: Case, town: Town) -> None:
    """Whoever may trace sees it; whoever may write is led to the form of the case."""
    at = f"/cases/{moved.pk}"
    assert client_of(town.doctor).get(f"{at}/movements/").status_code == 403
    for role, may_write in (("supervisor", True), ("data_analyst", False)):
        page = client_of(town.staff(role, role, "0001")).get(f"{at}/movements/")
        assert (f'href="{at}/form/"' in page.content.decode()) is may_write


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("first=2022-07-04&last=2022-07-04", 200, "Big &amp; Shop"),
        ("first=yesterday", 400, "A day, such as"),
        ("first=2022-07-06&last=2022-07-05", 400, "before the last one"),
        ("first=2022-02-29", 400, "A day, such as"),
    ],
)
def test_days_may_be_named(
    moved: Case, analyst: Client, query: str, status: int, said: str
) -> None:
    answer = analyst.get(f"/cases/{moved.pk}/movements/?{query}")
    assert (answer.status_code, said in answer.content.decode()) == (status, True)


def test_only_under_ones_own_case_and_by_whoever_may_trace_it(
    home: Home, moved: Case, town: Town, analyst: Client
) -> None:
    """A suspected case needs its signatures, as for a trace."""
    neighbour = client_of(town.staff("next", "data_analyst", "000102"))
    suspected = enter(home, town)
    assert neighbour.get(f"/cases/{moved.pk}/movements/").status_code == 404
    assert analyst.get(f"/cases/{suspected.pk}/movements/").status_code == 403
    assert "/movements/" not in analyst.get(f"/cases/{suspected.pk}/").content.decode()
    assert asked() == []
