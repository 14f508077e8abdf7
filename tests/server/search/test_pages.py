"""The pages of the search: what a browser sends and gets, and what is written nowhere."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

import pytest
from django.urls import reverse
from tests.server.cases.browsers import Browser
from tests.server.cases.test_nobody_is_named import dump
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON, told_of
from tests.server.search.conftest import HERE, case_of, contact_of, known

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.canaries.actions import plant
from ringfence_server.outbox import auditing
from ringfence_server.search import units
from ringfence_server.search.models import Asked
from ringfence_server.search.quotas import quotas

HOSTILE = (
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "%' ; DROP TABLE cases_case; --",
    "\\x00%00",
    "*" * 100,
    "\u202e\u0645\u0631",
    "𠮷" * 50,
    "%",
    "_",
    "9" * 100,
    "#0",
    "../../etc/passwd",
    "{{ 7*7 }}",
)


@pytest.fixture
def browser(detective: Acting, ready: None) -> Browser:
    return Browser(detective)


def test_a_number_looks_among_people_and_a_name_when_it_is_asked_for(
    browser: Browser, people: Mapping[str, str]
) -> None:
    page = browser.post("search", text="13800138001", status=200)
    assert "contact under follow-up" not in page
    assert page.count("/search/person/") == 1
    page = browser.post("search", text="zhang wei", status=200)
    assert "/search/person/" not in page
    page = browser.post("search", text="zhang wei", among="people", status=200)
    assert page.count("/search/person/") == 2
    assert Asked.objects.count() == 2
    assert "张伟" not in page, "no name beyond what was typed"
    assert "单雄信" not in page


def test_from_a_hit_to_a_name_with_case_and_purpose(
    browser: Browser, people: Mapping[str, str], home: Home
) -> None:
    page = browser.post("search", text="13800138001", status=200)
    at = page.split('href="/search/person/')[1].split('"')[0]
    address = f"/search/person/{at}"
    page = browser.client.get(address).content.decode()
    assert "单雄信" not in page
    answer = browser.client.post(address, {"case": "C-p1", "purpose": ""})
    assert answer.status_code == 400
    assert "单雄信" not in answer.content.decode()
    answer = browser.client.post(address, {"case": "C-p1", "purpose": "calls back"})
    assert "单雄信" in answer.content.decode()
    (row,) = told_of(home, "search.reveal")
    assert (row.about["case"], row.about["purpose"]) == ("C-p1", "calls back")


@pytest.mark.parametrize("hit", ["x", "AAAA", "a" * 500, "%00", "YWJj" * 20])
def test_addresses_that_nobody_wrote(browser: Browser, home: Home, hit: str) -> None:
    assert browser.client.get(reverse("search_person", args=[hit])).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_finds_nothing_and_breaks_nothing(
    browser: Browser, people: Mapping[str, str], text: str
) -> None:
    for sent in ({"text": text}, {"text": text, "among": "people"}):
        answer = browser.client.post("/search/", sent)
        assert answer.status_code in {200, 400}
        assert b"<script>alert" not in answer.content
        assert b"/search/person/" not in answer.content
    for what in ("unit", "account", "secret", ""):
        answer = browser.client.post("/search/suggest/", {"text": text, "what": what})
        assert answer.status_code == 200


@pytest.mark.parametrize("text", ["", "   ", "x" * 101, "a\0b", "a\x07b"])
def test_texts_that_are_refused(browser: Browser, home: Home, text: str) -> None:
    browser.post("search", text=text, status=400)


def test_nothing_comes_by_an_address(browser: Browser, people: Mapping[str, str]) -> None:
    page = browser.get("search", text="13800138001")
    assert "/search/person/" not in page
    assert 'value="13800138001"' not in page
    assert browser.client.get("/search/suggest/", {"text": "x"}).status_code == 405


def test_at_the_limit_it_says_so_and_how_to_ask(
    browser: Browser, home: Home, detective: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("searching", "raising"):
        monkeypatch.setattr(f"ringfence_server.search.pages.{part}.now", lambda: NOON)
    rows = [
        Asked(account=detective.user, at=NOON, kinds="name", digest="x")
        for _ in range(quotas().usual.hour)
    ]
    Asked.objects.bulk_create(rows)
    page = browser.post("search", text="13800138001", status=429)
    assert reverse("search_quota") in page
    browser.post("search_quota", reason="many call back after the market outbreak")
    assert "it waits for a decision" in browser.get("search_quota")


def test_who_may_not_see_identities_is_offered_no_people(
    home: Home, town: Town, ready: None
) -> None:
    chief = Browser(town.chief)
    page = chief.post("search", text="13800138001", among="people", status=200)
    assert "Look among people" not in page
    assert not Asked.objects.exists()


def test_suggestions_are_of_ones_own_units(home: Home, town: Town, ready: None) -> None:
    units.read_anew()
    neighbour = Browser(town.neighbour)
    sent = {"text": "danwei", "what": "unit"}
    found = neighbour.client.post("/search/suggest/", sent).json()["found"]
    assert [one["value"] for one in found] == ["000102"]
    found = neighbour.client.post("/search/suggest/", {"text": "e", "what": "account"}).json()
    assert {one["value"] for one in found["found"]} <= {"neighbour"}
    detective = Browser(town.detective)
    found = detective.client.post("/search/suggest/", {"text": "e", "what": "account"}).json()
    assert found["found"] == [], "who names no accounts is told none"


@pytest.mark.django_db(transaction=True)
def test_a_dump_holds_nothing_of_what_was_typed(
    home: Home, ready: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    town = settled()
    known(
        home,
        tmp_path_factory.mktemp("who"),
        [("p1", "单雄信", "", "000101198503122156", "13800138001")],
    )
    case = case_of("p1", town, HERE, assigned=town.detective)
    known(home, tmp_path_factory.mktemp("who"), [("p2", "欧阳修", "", "", "")])
    contact_of("p2", town, HERE, case)
    fields = {"name": "仇明星", "phone": "13900139000"}
    auditor = town.staff("auditor", "auditor", "0001")
    plant(home=home, kind="case", unit=town.unit("000101"), fields=fields, by=auditor, at=NOON)
    browser = Browser(town.detective)
    typed = ("单雄信", "shan xiongxin", "13800138001", "欧阳修", "仇明星", "qiu mingxing")
    for text in typed:
        browser.post("search", text=text, among="people", status=200)
    auditing.drain(home)
    held = dump()
    assert b"C-p1" in held
    for word in (
        *typed,
        "+8613800138001",
        "000101198503122156",
        "xiongxin",
        "ouyangxiu",
        "mingxing",
    ):
        for form in (word.encode(), word.encode().hex().encode(), ascii(word)[1:-1].encode()):
            assert form not in held, word
    log = subprocess.run(["cat", *map(str, home.audit.glob("*"))], capture_output=True, check=True)
    assert "单雄信".encode() not in log.stdout
