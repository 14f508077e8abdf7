"""The language goes with the person, and does not stay in a browser that others use."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.tree import browser, loaded, person

from ringfence_server.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    loaded()
    return person("wang", "data_analyst", "4401")


def test_chosen_for_the_account_and_until_the_browser_closes(user: User) -> None:
    client = browser(user)
    answer = client.post("/language/", {"language": "en", "next": "/"})
    kept = answer.cookies["language"]
    assert (kept.value, kept["max-age"], kept["expires"]) == ("en", "", "")
    assert User.objects.get(pk=user.pk).language == "en"


def test_signing_out_takes_it_along(user: User) -> None:
    client = browser(user)
    client.post("/language/", {"language": "en", "next": "/"})
    client.post("/account/sign-out/")
    assert "language" not in {name for name, one in client.cookies.items() if one.value}
    assert "登录" in client.get("/account/sign-in/").content.decode()


@pytest.mark.parametrize("language", ["", "fr", "zh", "en\0", "<script>", "x" * 5000])
def test_what_is_no_language_changes_nothing(user: User, language: str) -> None:
    assert browser(user).post("/language/", {"language": language}).status_code in {204, 302}
    assert User.objects.get(pk=user.pk).language == "zh-hans"


def test_nobody_elses_is_changed(user: User) -> None:
    Client().post("/language/", {"language": "en", "next": "/"})
    browser(user).get("/language/?language=en")
    assert User.objects.get(pk=user.pk).language == "zh-hans"
