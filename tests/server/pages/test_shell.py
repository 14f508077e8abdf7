"""The shell shows what opens, the work that parts give, and whose clock it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from tests.server.homes import new_home
from tests.server.tree import AT, loaded, person

from ringfence.errors import Text
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts.roles import roles
from ringfence_server.deployment.here import deployment
from ringfence_server.shell import Work, pages_for
from ringfence_server.shell import parts as shell_parts
from ringfence_server.web import shown

pytestmark = pytest.mark.django_db


def _client(role: str) -> Client:
    loaded()
    client = Client()
    client.force_login(person("chen.jie", role, "440103"))
    return client


@pytest.mark.parametrize("role", sorted(roles()))
def test_the_navigation_leads_to_no_refusal(
    role: str, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> None:
    settings.RINGFENCE = replace(deployment(), home=new_home(tmp_path).root)
    monkeypatch.setattr("ringfence_server.web.deciding.missing_of", lambda _: None)
    client = _client(role)
    pages = pages_for(acting_of(person("li.min", role, "4401"), AT))
    assert "inbox" in {page.name for page in pages}
    for page in pages:
        assert client.get(page.url).status_code == 200, page.name
        assert page.text.en
        assert page.text.zh
        assert page.about.zh


def test_the_style_page_is_the_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _client("data_analyst").get(reverse("style")).status_code == 403


def test_the_inbox_says_when_nobody_gives_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence_server.shell.work.said", lambda _: [])
    page = _client("data_analyst").get("/").content.decode()
    assert "这里还没有工作" in page


def test_the_inbox_shows_work_the_late_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def source(acting: Acting, now: datetime) -> list[Work]:
        assert acting.user.username == "chen.jie"
        assert now.tzinfo is UTC
        return [
            Work(Text("visits", "上门核实"), "/visits/", 30),
            Work(Text("samples", "采样"), "/samples/", 2, urgent=1),
            Work(Text("nothing", "没有的事"), "/nothing/", 0),
        ]

    monkeypatch.setattr("ringfence_server.shell.work.said", lambda _: [source])
    page = _client("data_analyst").get("/").content.decode()
    assert page.index("采样") < page.index("上门核实")
    assert "1 项紧急" in page
    assert "没有的事" not in page
    assert "这里还没有工作" not in page


def test_the_inbox_says_when_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence_server.shell.work.said", lambda _: [lambda _acting, _now: []])
    assert "目前没有待办" in _client("data_analyst").get("/").content.decode()


def test_parts_tell_of_themselves() -> None:
    assert shown.PAGES[0] in shell_parts.said("PAGES")


def test_an_exercise_is_told_on_every_page_and_real_people_are_not_called_one(
    request: pytest.FixtureRequest, settings: Any
) -> None:
    assert "EXERCISE" not in Client().get("/account/sign-in/").content.decode()
    request.getfixturevalue("exercise")
    for address in ("/account/sign-in/", "/no/such/page/"):
        page = Client().get(address).content.decode()
        assert "演练 EXERCISE" in page
        assert "2022-07-31" in page


def test_static_files_come_with_the_policy_and_an_address_of_their_content() -> None:
    page = Client().get("/account/sign-in/").content.decode()
    addresses = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert len(addresses) > 8
    for address in set(addresses):
        assert "?v=" in address
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_languages_are_those_of_the_program() -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/account/sign-in/"})
    assert answer.headers["Location"] == "/account/sign-in/"
    assert "Sign in" in client.get("/account/sign-in/").content.decode()
    outside = client.post("/language/", {"language": "zh-hans", "next": "//elsewhere/"})
    assert "elsewhere" not in outside.headers["Location"]
