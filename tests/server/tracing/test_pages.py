"""The pages of a trace, as whoever sees the case reads them."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.cases.town import Town, enter
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of
from tests.server.tracing.conftest import key_of

from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.tracing import actions
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(town: Town) -> Client:
    return client_of(town.staff("analyst", "data_analyst", "0001"))


@pytest.fixture
def run(home: Home, outbreak: Case, town: Town) -> Run:
    asked = actions.ask(
        case=key_of("C1"), by=town.staff("analyst", "data_analyst", "0001"), at=NOON
    )
    run_trace(home, asked.pk, now=NOON)
    asked.refresh_from_db()
    return asked


def test_one_click_leads_to_the_trace(home: Home, outbreak: Case, analyst: Client) -> None:
    answer = analyst.post(f"/cases/{key_of('C1')}/trace/")
    run = Run.objects.get()
    assert (answer.status_code, answer["location"]) == (302, f"/traces/{run.pk}/")
    page = analyst.get(answer["location"]).content.decode()
    assert "Waiting for the worker" in page
    assert f'hx-get="/traces/{run.pk}/state/"' in page


def test_the_waiting_part_loads_the_page_when_it_is_done(
    home: Home, outbreak: Case, analyst: Client
) -> None:
    analyst.post(f"/cases/{key_of('C1')}/trace/")
    run = Run.objects.get()
    assert "HX-Refresh" not in analyst.get(f"/traces/{run.pk}/state/")
    run_trace(home, run.pk, now=NOON)
    assert analyst.get(f"/traces/{run.pk}/state/")["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Contacts", "same place of entertainment", "Questions to settle", "draft"]),
        ("zh-hans", ["接触者", "待核实的问题", "草案", "重新追踪"]),
    ],
)
def test_the_answer_in_both_languages(
    run: Run, town: Town, language: str, words: list[str]
) -> None:
    client = client_of(town.staff("analyst", "data_analyst", "0001"), language)
    client.cookies["language"] = language
    page = client.get(f"/traces/{run.pk}/").content.decode()
    assert [word for word in words if word not in page] == []
    assert "p2" in page and "p3" in page


def test_a_list_can_be_narrowed_and_tells_nothing_wrong(run: Run, analyst: Client) -> None:
    at = f"/traces/{run.pk}/"
    assert ">p3<" not in analyst.get(f"{at}?person=p2").content.decode()
    assert "Nobody is listed" in analyst.get(f"{at}?class=second").content.decode()
    for hostile in ("' OR 1=1 --", "%", "\u200b", "x" * 5_000, "<script>alert(1)</script>"):
        page = analyst.get(at, {"person": hostile, "class": hostile, "after": hostile})
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
    assert "Nobody is listed" in analyst.get(at, {"person": "a\0b"}).content.decode()


def test_evidence_is_one_click_away(run: Run, analyst: Client) -> None:
    one = Contact.objects.get(run=run, person="p2")
    at = f"/traces/{run.pk}/contacts/{one.rank}/"
    assert f'href="{at}"' in analyst.get(f"/traces/{run.pk}/").content.decode()
    page = analyst.get(at).content.decode()
    assert "presence.csv, row 3" in page


def test_the_picture_runs_its_own_scripts_only(run: Run, analyst: Client) -> None:
    page = analyst.get(f"/traces/{run.pk}/picture/")
    assert "script-src 'sha256-" in page["Content-Security-Policy"]
    assert b'id="trace"' in page.content


@pytest.mark.parametrize("way", ["", "state/", "picture/", "contacts/0/"])
def test_others_find_nothing_there(run: Run, town: Town, way: str) -> None:
    neighbour = client_of(town.staff("next", "data_analyst", "000102"))
    assert neighbour.get(f"/traces/{run.pk}/{way}").status_code == 404
    watcher = client_of(town.staff("watcher", "auditor", "000101"))
    assert watcher.get(f"/traces/{run.pk}/{way}").status_code == 403


def test_a_get_begins_nothing(outbreak: Case, analyst: Client) -> None:
    assert analyst.get(f"/cases/{key_of('C1')}/trace/").status_code == 405
    assert Run.objects.count() == 0


def test_no_number_of_another_leads_anywhere(run: Run, analyst: Client) -> None:
    assert analyst.get("/traces/999999999999/").status_code == 404
    assert analyst.get(f"/traces/{run.pk}/contacts/9999999999999/").status_code == 404
    assert analyst.post("/cases/999999999999999/trace/").status_code == 404
    assert analyst.post("/cases/99999999999999999999/trace/").status_code == 404


def test_on_the_page_of_the_case(outbreak: Case, town: Town, analyst: Client) -> None:
    at = f"/cases/{outbreak.pk}/"
    page = analyst.get(at).content.decode()
    assert "Not traced yet" in page
    assert "Trace contacts" in page
    analyst.post(f"{at}trace/")
    page = analyst.get(at).content.decode()
    assert "under way" in page
    assert "Trace contacts" not in page
    doctor = client_of(town.staff("head", "auditor", "CN"))
    assert doctor.get(at).status_code == 403


def test_the_page_says_what_a_trace_needs(home: Home, town: Town, analyst: Client) -> None:
    case = enter(home, town)
    page = analyst.get(f"/cases/{case.pk}/").content.decode()
    assert "a trace needs a positive laboratory record" in page
    assert "Trace contacts" not in page
