"""The pages of cases: what each shows, and what it refuses to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.server.cases.browsers import TOKEN, Browser
from tests.server.cases.town import WANG, Town, enter
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence.protocols.catalogue import shipped_folder
from ringfence_server.cases import actions
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import Delivery

pytestmark = pytest.mark.django_db

FORM = {
    "disease": "covid-19",
    "unit": "000101",
    "classification": "suspected",
    "symptomatic": "yes",
    "onset": "2022-07-05",
    "reported": "2022-07-06 10:00",
    **WANG,
}


def fresh_form(browser: Browser, **given: str) -> dict[str, Any]:
    found = TOKEN.search(browser.get("case_new"))
    assert found is not None
    return {**FORM, "token": found[1], **given}


def test_enter_and_look(home: Home, chief: Browser) -> None:
    chief.post("case_new", **fresh_form(chief))
    case = Case.objects.get()
    page = chief.get("case", case.pk)
    assert case.number in page
    assert "2022-07-05" in page
    assert "2022-07-06 10:00" in page
    assert "王小明" not in page
    assert case.number in chief.get("cases")
    assert case.number in chief.get("cases", disease="covid-19", state="entered")
    assert case.number not in chief.get("cases", disease="measles")


def test_a_disease_is_named_in_the_language_of_the_reader(
    home: Home, town: Town, ready: None
) -> None:
    case = enter(home, town)
    chinese = Browser(town.chief, "zh-hans")
    for page in (chinese.get("case", case.pk), chinese.get("cases"), chinese.get("case_new")):
        assert "新冠病毒感染" in page
    assert "COVID-19" in Browser(town.chief).get("case", case.pk)
    measles = (shipped_folder() / "measles" / "measles.yaml").read_text(encoding="utf-8")
    mumps = measles.replace("disease: measles", "disease: mumps").replace(
        "id: measles", "id: mumps"
    )
    home.protocols.mkdir(exist_ok=True)
    (home.protocols / "own.yaml").write_text(mumps, encoding="utf-8")
    assert '<option value="mumps">mumps</option>' in chinese.get("case_new")


def test_a_double_click_is_one_case(home: Home, chief: Browser) -> None:
    form = fresh_form(chief)
    chief.post("case_new", **form)
    chief.post("case_new", **form)
    assert Case.objects.count() == 1
    chief.post("case_new", **{**form, "phone": "13900139000"}, status=422)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_errors_stand_beside_their_fields(
    home: Home, town: Town, ready: None, language: str
) -> None:
    browser = Browser(town.chief, language)
    form = fresh_form(browser, onset="2099-01-01", id_number="000101199001011013")
    page = browser.post("case_new", **form, status=400)
    assert 'id="id_onset_error"' in page
    assert ("it lies in the future" if language == "en" else "时间晚于现在") in page
    form["onset"] = ""
    page = browser.post("case_new", **form, status=400)
    assert 'id="id_id_number_error"' in page
    assert Case.objects.count() == Delivery.objects.count() == 0


def test_a_doubt_is_asked_about(home: Home, chief: Browser) -> None:
    form = fresh_form(chief, onset="2022-07-07", reported="2022-07-05")
    page = chief.post("case_new", **form, status=400)
    assert "onset lies after report." in page
    assert 'type="checkbox" name="looked_at"' in page
    chief.post("case_new", **form, looked_at="on")


def test_there_is_such_a_case(home: Home, town: Town, chief: Browser) -> None:
    enter(home, town, by=town.staff("clerk", "data_analyst", "000101"))
    page = chief.post("case_new", **fresh_form(chief), status=409)
    assert "this case exists already; it belongs to Unit 000101" in page


BAD = (
    "<script>alert(1)</script>",
    "'; DROP TABLE cases_case; --",
    "=1+1",
    "a\0b",
    "\u202e",
    "{{ 1 }}",
)


@pytest.mark.parametrize("field", [*FORM, "number", "sampled", "isolated", "address", "token"])
def test_injection_in_every_field(home: Home, chief: Browser, field: str) -> None:
    for bad in BAD:
        form = fresh_form(chief)
        answer = chief.client.post(reverse("case_new"), {**form, field: bad})
        assert answer.status_code in (302, 400, 409), (field, bad)
        assert b"<script>alert" not in answer.content
    page = chief.get("cases")
    assert "<script>alert" not in page
    assert Case.objects.count() <= 1


def test_the_list_takes_no_injection(home: Home, town: Town, chief: Browser) -> None:
    case = enter(home, town)
    for bad in (*BAD, "9" * 40, "-1", "%"):
        for name in ("find", "disease", "state", "after", "waiting", "classification"):
            answer = chief.client.get(reverse("cases"), {name: bad})
            assert answer.status_code in (200, 404), (name, bad)
            assert b"<script>alert" not in answer.content
    answer = chief.client.get(reverse("cases"), {"find": case.number})
    assert answer.headers["Location"] == reverse("case", args=[case.pk])


def test_ids_of_others_in_addresses(home: Home, town: Town, ready: None) -> None:
    case = enter(home, town)
    actions.save_form(
        home=home,
        number=case.number,
        based_on=0,
        form=actions.Form(basic={"occupation": "cook"}),
        by=town.chief,
        at=NOON,
    )
    unit = town.unit("000101")
    cluster = actions.make_cluster(name="Lotus", unit=unit, by=town.chief, at=NOON)
    made = actions.assign(cluster=cluster.pk, team=unit, by=town.chief, at=NOON)
    other = Browser(town.neighbour)
    for name, keys in (
        ("case", (case.pk,)),
        ("case_result", (case.pk,)),
        ("case_reclassify", (case.pk,)),
        ("case_withdraw", (case.pk,)),
        ("case_times", (case.pk,)),
        ("case_assign", (case.pk,)),
        ("case_form", (case.pk,)),
        ("case_version", (case.pk, 1)),
        ("cluster", (cluster.pk,)),
        ("case", (10**15,)),
        ("case", (10**30,)),
    ):
        other.get(name, *keys, status=404)
        if name not in ("case", "case_version", "cluster"):
            other.post(
                name, *keys, status=404, reason="my own", seen="1", classification="probable"
            )
    for name, keys in (
        ("case_sign", (case.pk,)),
        ("cluster_join", (cluster.pk,)),
        ("cluster_leave", (cluster.pk, case.pk)),
        ("cluster_assign", (cluster.pk,)),
        ("case_unassign", (made.pk,)),
    ):
        other.post(name, *keys, status=404, number=case.number)
    assert case.number not in other.get("cases")
    assert "Lotus" not in other.get("clusters")
    other.get("cases", find=case.number, status=404)


@pytest.mark.parametrize("role", ["grid_worker", "auditor", "administrator"])
def test_who_has_no_part_in_cases(home: Home, town: Town, ready: None, role: str) -> None:
    case = enter(home, town)
    browser = Browser(town.staff("worker", role, "0001"))
    for name in ("cases", "case_new", "case_file", "clusters"):
        browser.get(name, status=403)
    for name in ("case_result", "case_sign", "case_withdraw", "case_assign", "case_form"):
        browser.post(name, case.pk, status=403, reason="x y")


def test_an_analyst_reads_and_enters_but_does_not_write(
    home: Home, town: Town, ready: None
) -> None:
    case = enter(home, town)
    browser = Browser(town.staff("analyst", "data_analyst", "0001"))
    assert "Withdraw" not in browser.get("case", case.pk)
    for name in ("case_result", "case_sign", "case_withdraw", "case_assign", "case_form"):
        browser.post(name, case.pk, status=403, reason="x y")
    assert Case.objects.get().state == "entered"


class _Unread:
    """A body of which nothing may be read."""

    def read(self, *_: int) -> bytes:
        raise AssertionError("it was read")

    readline = read


def test_five_gigabytes_are_refused_unread(home: Home, chief: Browser) -> None:
    for length in (str(5 << 30), str((20 << 20) + 1)):
        sent: dict[str, Any] = {"CONTENT_LENGTH": length, "wsgi.input": _Unread()}
        answer = chief.client.post(reverse("case_file"), "x", "multipart/form-data; x", **sent)
        assert answer.status_code == 413


def test_the_inbox_counts_what_waits(home: Home, town: Town, ready: None) -> None:
    case = enter(home, town, by=town.doctor)
    chief = Browser(town.chief)
    inbox = chief.get("inbox")
    assert "suspected cases wait for your signature" in inbox
    for waits in ("signature", "assignment", "form", "lapsing", "nothing"):
        page = chief.get("cases", waiting=waits)
        assert (case.number in page) == (waits == "signature"), waits
    assert case.number in Browser(town.doctor).get("cases", waiting="form")
    actions.sign(number=case.number, by=town.chief, at=NOON)
    assert case.number not in chief.get("cases", waiting="signature")
    actions.sign(number=case.number, by=town.doctor, at=NOON)
    assert case.number in chief.get("cases", waiting="lapsing")


def test_pages_one_after_the_other(home: Home, town: Town, chief: Browser) -> None:
    for number in range(53):
        enter(home, town, number=f"C{number:02d}", person={})
    first = chief.get("cases")
    found = re.search(r'href="(\?[^"]*after=[^"]*)"', first)
    assert found is not None
    later = chief.client.get(f"{reverse('cases')}{found[1].replace('&amp;', '&')}")
    names = re.compile(r">(C\d\d)<")
    one, two = names.findall(first), names.findall(later.content.decode())
    assert (len(one), len(two)) == (50, 3)
    assert len({*one, *two}) == 53


def test_units_are_read_with_the_list(home: Home, town: Town, chief: Browser) -> None:
    """A grid is named with its community, and nobody asks for that one case after another."""
    grid = town.unit("000101001001001")
    for number in ("C1", "C2"):
        enter(home, town, number=number, person={}, unit=grid)
    with CaptureQueriesContext(connection) as asked:
        page = chief.get("cases")
    assert grid.parent is not None
    assert page.count(f"{grid.parent.name('en')} {grid.name('en')}") == 2
    assert [one["sql"] for one in asked if f"'{grid.parent_id}'" in one["sql"]] == []
