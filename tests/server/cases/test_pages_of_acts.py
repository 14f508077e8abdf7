"""Acts on a case by its pages: forms, their refusals, and what the case shows after."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.server.cases.browsers import TOKEN, Browser, seen_in
from tests.server.cases.town import Town, enter

from ringfence.lake import Home
from ringfence_server.cases.models import Case, CaseVersion, Cluster

pytestmark = pytest.mark.django_db


def test_a_case_is_confirmed_signed_for_and_withdrawn_by_its_pages(
    home: Home, town: Town, ready: None
) -> None:
    case = enter(home, town, by=town.doctor)
    doctor, chief = Browser(town.doctor), Browser(town.chief)
    old = ""
    for browser in (doctor, chief):
        old = seen_in(browser.get("case", case.pk))
        browser.post("case_sign", case.pk, seen=old)
    assert "May be traced until" in chief.get("case", case.pk)
    token = TOKEN.search(doctor.get("case_result", case.pk))
    assert token is not None
    doctor.post("case_result", case.pk, token=token[1], sampled="2022-07-06", result="positive")
    assert Case.objects.get().state == "traceable"
    chief.post("case_withdraw", case.pk, reason="mixed up", seen=old, status=409)
    seen = seen_in(chief.get("case_withdraw", case.pk))
    chief.post("case_withdraw", case.pk, reason="", seen=seen, status=400)
    chief.post("case_withdraw", case.pk, reason="mixed up", seen=seen)
    assert Case.objects.get().state == "withdrawn"
    assert "mixed up" in chief.get("case", case.pk)


def test_times_are_mended(home: Home, town: Town, chief: Browser) -> None:
    case = enter(home, town)
    seen = seen_in(chief.get("case_times", case.pk))
    told: dict[str, Any] = {
        "onset": "2022-07-04",
        "reported": "2022-07-06",
        "reason": "asked",
        "seen": seen,
    }
    chief.post("case_times", case.pk, **{**told, "onset": "yesterday"}, status=400)
    chief.post("case_times", case.pk, **told)
    assert "2022-07-04" in chief.get("case", case.pk)


def test_assigned_and_taken_back(home: Home, town: Town, chief: Browser) -> None:
    case = enter(home, town)
    detective = Browser(town.detective)
    detective.get("case", case.pk, status=404)
    chief.post("case_assign", case.pk, account="nobody", status=400)
    chief.post("case_assign", case.pk, account="detective", team="000101", status=400)
    chief.post("case_assign", case.pk, account="detective")
    assert "Investigation form" in detective.get("case", case.pk)
    (made,) = case.assignments.all()
    chief.post("case_unassign", made.pk)
    detective.get("case", case.pk, status=404)


def test_a_cluster(home: Home, town: Town, chief: Browser) -> None:
    case = enter(home, town)
    chief.post("clusters", cluster_name="tel. 13800138000", unit="000101", status=400)
    chief.post("clusters", cluster_name="Blue Karaoke", unit="000101")
    cluster = Cluster.objects.get()
    chief.post("cluster_join", cluster.pk, number="none", status=400)
    chief.post("cluster_join", cluster.pk, number=case.number)
    chief.post("cluster_assign", cluster.pk, team="000101")
    assert case.number in Browser(town.detective).get("cluster", cluster.pk)
    assert "Blue Karaoke" in chief.get("case", case.pk)
    chief.post("cluster_leave", cluster.pk, case.pk)
    assert case.number not in chief.get("cluster", cluster.pk)


MANAGED = {
    "stay-TOTAL_FORMS": "2",
    "stay-INITIAL_FORMS": "0",
    "contact-TOTAL_FORMS": "2",
    "contact-INITIAL_FORMS": "0",
}


def test_the_investigation_form(home: Home, town: Town, chief: Browser) -> None:
    case = enter(home, town)
    chief.get("case_form", case.pk)
    sent: dict[str, Any] = {
        **MANAGED,
        "based_on": "0",
        "occupation": "cook",
        "stay-1-place_name": "Blue Karaoke",
        "stay-1-kind": "ktv",
        "stay-1-start": "2022-07-04 20:00",
        "stay-1-end": "2022-07-04 22:00",
        "contact-1-name": "李娜",
        "contact-1-phone": "13900139000",
        "contact-1-relation": "household",
    }
    page = chief.post("case_form", case.pk, **{**sent, "stay-1-end": "soon"}, status=400)
    assert "write a day" in page
    page = chief.post("case_form", case.pk, **{**sent, "contact-1-phone": "12"}, status=400)
    assert "李娜" in page
    chief.post("case_form", case.pk, **sent)
    page = chief.post("case_form", case.pk, **{**sent, "occupation": "waiter"}, status=409)
    assert "Saved meanwhile: version 1 by chief" in page
    assert "cook" in page
    assert "waiter" in page
    assert 'name="based_on" value="1"' in page
    shown = chief.get("case_version", case.pk, 1)
    assert "Blue Karaoke" in shown
    assert "李娜" not in shown
    chief.get("case_version", case.pk, 2, status=404)
    again = chief.get("case_form", case.pk)
    assert "cook" in again
    assert "李娜" not in again
    assert CaseVersion.objects.count() == 1
    chief.post("case_form", case.pk, based_on="0", status=400)


def test_a_file(home: Home, town: Town, chief: Browser) -> None:
    token = TOKEN.search(chief.get("case_file"))
    assert token is not None
    text = (
        "case,subject,disease,classification,symptomatic\n"
        "A1,p1,covid-19,suspected,yes\nA2,p2,nothing,suspected,yes\n"
    )
    file = SimpleUploadedFile("cases.csv", text.encode(), "text/csv")
    told = {"token": token[1], "unit": "000101"}
    answer = chief.client.post(reverse("case_file"), {**told, "file": file})
    assert answer.status_code == 200
    assert "there is no protocol for it" in answer.content.decode()
    assert Case.objects.get().number == "A1"
    for content in (b"\x89PNG\r\n", b"PK\x03\x04", b"", b"a,b\n1,2\n"):
        file = SimpleUploadedFile("cases.csv", content, "text/csv")
        answer = chief.client.post(reverse("case_file"), {**told, "token": "t", "file": file})
        assert answer.status_code == 400, content
