"""Who rode with a case, as a page: for whoever may trace it, in both languages, audited."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from tests.server.cases.town import Town, enter
from tests.server.riding.conftest import PAGE
from tests.server.tasks.loop import client_of

from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow
from ringfence_server.riding import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(town: Town) -> Client:
    return client_of(town.staff("analyst", "data_analyst", "0001"))


def asked() -> list[tuple[str, dict[str, str]]]:
    rows = AuditRow.objects.filter(act="passengers.asked").order_by("id")
    return [(row.by, row.about) for row in rows]


def test_from_the_page_of_the_case_to_who_rode_along(rode: Case, analyst: Client) -> None:
    at = f"/cases/{rode.pk}"
    assert f'hx-get="{at}/rides/"' in analyst.get(f"{at}/").content.decode()
    listed = analyst.get(f"{at}/rides/").content.decode()
    assert f'href="{at}/passengers/?service=S&amp;date=2022-07-05"' in listed
    assert "station 1–station 4" in listed and listed.index("G7") > 0
    assert asked() == [], "what the case did itself is on its page"
    page = analyst.get(f"{at}/passengers/?service=S&date=2022-07-05").content.decode()
    assert [word for word in ("p2", "p3", "p4", "p5", "p6") if f">{word}<" not in page] == []
    for said in ("next seat (3.5 %)", "perhaps graver:", "The case changed to", "Carriage 8"):
        assert said in page
    assert asked() == [("analyst", {"case": "C1", "service": "S", "day": "2022-07-05"})]


def test_in_chinese(rode: Case, town: Town) -> None:
    client = client_of(town.staff("analyst", "data_analyst", "0001"), "zh-hans")
    client.cookies["language"] = "zh-hans"
    page = client.get(f"/cases/{rode.pk}/{PAGE}").content.decode()
    for said in (
        "C1 的同乘人员",
        "邻座 (3.5 %)",
        "类别可能更重：",
        "病例换乘",
        "8 号车厢",
        "待核实",
    ):
        assert said in page


def test_what_is_stated_counts_and_is_kept_nowhere(rode: Case, analyst: Client) -> None:
    stated = f"/cases/{rode.pk}/{PAGE}&carriage=3&seat=1B&board=1&alight={quote('station 2')}"
    page = analyst.get(stated).content.decode()
    assert "seat 3/1B, station 1–station 2" in page
    ((_, about),) = asked()
    assert about["stated"] == "carriage row seat board alight"
    assert "1B" not in str(about)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("service=D9&date=2022-07-05", "nothing is known of a service"),
        ("service=D1&date=yesterday", "A day, such as"),
        ("service=&date=2022-07-05", "faults"),
        ("service=D1&date=2022-07-05&seat=%00", "faults"),
        ("service=D1&date=2022-07-05&board=Atlantis", "names no stop of this run"),
        ("service=D1&date=2022-07-05&protocol=/etc/passwd", "faults"),
    ],
)
def test_what_cannot_be_meant_stands_by_the_form(
    rode: Case, analyst: Client, query: str, said: str
) -> None:
    answer = analyst.get(f"/cases/{rode.pk}/passengers/?{query}")
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert b"root:" not in answer.content


def test_a_long_list_begins_with_the_most_urgent(
    rode: Case, analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 1)
    page = analyst.get(f"/cases/{rode.pk}/{PAGE}").content.decode()
    assert ">p2<" in page and ">p5<" not in page
    assert "Show 3 more" in page
    assert ">p5<" in analyst.get(f"/cases/{rode.pk}/{PAGE}&all=1").content.decode()


def test_only_under_ones_own_case_and_by_whoever_may_trace_it(
    home: Home, rode: Case, town: Town, analyst: Client
) -> None:
    """A suspected case needs its signatures, as for a trace."""
    neighbour = client_of(town.staff("next", "data_analyst", "000102"))
    doctor = client_of(town.doctor)
    suspected = enter(home, town)
    for way in ("rides/", PAGE, "passengers/"):
        assert neighbour.get(f"/cases/{rode.pk}/{way}").status_code == 404
        assert doctor.get(f"/cases/{rode.pk}/{way}").status_code == 403
        assert analyst.get(f"/cases/{suspected.pk}/{way}").status_code == 403
    assert "/rides/" not in analyst.get(f"/cases/{suspected.pk}/").content.decode()
    assert asked() == []
