"""The demo's server: started with a city's home, signed in to, started again, ended."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from scripts.demo_server import FOLDER, _processes
from tests.server.running.demo import password_of, server, site_of, small_city

from ringfence_server.accounts.roles import roles


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with small_city(tmp_path, monkeypatch):
        yield


class Browser:
    def __init__(self, site: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.site = site
        self.at = ""
        self.page = ""

    def open(self, path: str, **form: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        filled = {"csrfmiddlewaretoken": token[1], **form} if form and token else None
        content = urllib.parse.urlencode(filled).encode() if filled else None
        with self.opener.open(self.site + path, content) as answer:
            self.at = urllib.parse.urlsplit(answer.url).path
            self.page = answer.read().decode()


def test_the_demo_can_be_started_signed_in_to_and_ended(here: None) -> None:
    said = server("start")
    assert all(re.search(rf"^{role} ", said, re.M) for role in roles())
    browser = Browser(site_of(said))
    browser.open("/account/sign-in/")
    browser.open("/account/sign-in/", login="supervisor", password=password_of(said, "supervisor"))
    assert browser.at == "/account/code/"
    browser.open("/account/code/", code=server("code", "supervisor").strip())
    assert browser.at == "/"
    assert "演练" in browser.page
    with urllib.request.urlopen(f"{site_of(said)}/ready") as answer:
        assert json.load(answer)["ready"]
    before = set(_processes())
    assert before
    again = server("start")
    assert not before & set(_processes())
    assert password_of(again, "supervisor") != password_of(said, "supervisor")
    assert "ended" in server("stop")
    assert _processes() == []
    assert server("stop") == ""
    assert (FOLDER / "accounts.txt").stat().st_mode & 0o777 == 0o600
