"""The demo's server: started with a city's home, signed in to, started again, ended."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from scripts.demo_server import FOLDER, _processes
from tests.faults import environment

from ringfence_server.accounts.roles import roles


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    run("demo_city", "--people", "600")
    yield tmp_path
    server("remove")


def server(*words: str) -> str:
    return run("demo_server", *words)


def run(script: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{script}", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def site_of(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found is not None, said
    return found[0]


def password_of(said: str, account: str) -> str:
    return next(line.split()[1] for line in said.splitlines() if line.startswith(account))


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


def test_the_demo_can_be_started_signed_in_to_and_ended(here: Path) -> None:
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
