"""Signing in, staying in, and being shown out."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from tests.server.tree import OPERATOR, PASSWORD, loaded, person

from ringfence_server.accounts import actions, lockout
from ringfence_server.accounts.models import Attempt, User
from ringfence_server.deployment.here import now
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
NEW = "another fine password"


@pytest.fixture(autouse=True)
def _tree(db: None) -> None:
    loaded()
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/account/sign-in/", {"login": username, "password": password})


def is_in(client: Client) -> bool:
    answer = client.get("/")
    return answer.status_code == 200 or "sign-in" not in answer.headers["Location"]


def acts() -> list[tuple[str, str]]:
    rows = AuditRow.objects.exclude(act="unit.load").order_by("id")
    return [(row.act, row.by) for row in rows]


def wrongs(answer: Any) -> str:
    """What the page says was wrong, without the page's own token."""
    page = answer.content.decode()
    return re.sub(r'value="[^"]*"|name="csrf[^>]*', "", page)


def test_in_and_out() -> None:
    person("wang", "data_analyst", "4401")
    client = Client()
    assert client.get("/").headers["Location"] == "/account/sign-in/?next=/"
    assert sign_in(client, "wang").headers["Location"] == "/"
    assert client.get("/").status_code == 200
    client.post("/account/sign-out/")
    assert not is_in(client)
    assert acts() == [("account.sign_in", "wang"), ("account.sign_out", "wang")]
    assert not Attempt.objects.exists()


def test_in_the_accounts_language_unless_the_browser_has_another() -> None:
    User.objects.filter(pk=person("wang", "data_analyst", "4401").pk).update(language="en")
    client = Client()
    assert "登录" in client.get("/account/sign-in/").content.decode()
    sign_in(client, "wang")
    assert '<html lang="en"' in client.get("/").content.decode()
    chosen = Client()
    chosen.cookies["language"] = "zh-hans"
    sign_in(chosen, "wang")
    assert '<html lang="zh-Hans"' in chosen.get("/").content.decode()


def test_capitals_and_blanks_around_a_name_are_the_same_name() -> None:
    person("wang", "data_analyst", "4401")
    client = Client()
    sign_in(client, " WANG ")
    assert is_in(client)


def test_the_same_answer_whether_there_is_an_account_or_not() -> None:
    person("wang", "data_analyst", "4401")
    gone = person("gone", "data_analyst", "4401")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    late = person("late", "data_analyst", "4401")
    User.objects.filter(pk=late.pk).update(first_password=True, first_password_until=now())
    tried = [("wang", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("late", PASSWORD)]
    answers = [sign_in(Client(), *one) for one in tried]
    assert {answer.status_code for answer in answers} == {200}
    assert len({wrongs(answer) for answer in answers}) == 1
    assert acts() == [
        ("account.refuse", "wang"),
        ("account.refuse", "nobody:"),
        ("account.refuse", "gone"),
        ("account.refuse", "late"),
    ]


@pytest.mark.parametrize("username", ["wang", "nobody"])
def test_every_refusal_hashes_one_password(username: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the time is done once, whether there is an account or not."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    person("wang", "data_analyst", "4401")
    hashed: list[str] = []

    def counted(name: str) -> None:
        real = getattr(Argon2PasswordHasher, name)

        def once(*given: Any) -> Any:
            hashed.append(name)
            return real(*given)

        monkeypatch.setattr(Argon2PasswordHasher, name, once)

    counted("encode")
    counted("verify")
    sign_in(Client(), username, "wrong")
    assert len(hashed) == 1


@pytest.mark.parametrize("username", ["wang", "nobody"])
def test_locked_after_five_wrong_tries(username: str) -> None:
    person("wang", "data_analyst", "4401")
    refused = {wrongs(sign_in(Client(), username, f"wrong {n}")) for n in range(lockout.MOST)}
    locked = {wrongs(sign_in(Client(), username, word)) for word in (PASSWORD, "wrong")}
    assert len(refused) == len(locked) == 1
    assert refused != locked
    assert "十五分钟" in next(iter(locked))
    assert [act for act, _ in acts()] == ["account.refuse"] * 5 + ["account.lock"]


def test_a_lock_is_one_accounts_and_is_lifted() -> None:
    wang = person("wang", "data_analyst", "4401")
    person("li", "data_analyst", "4401")
    for _ in range(lockout.MOST):
        sign_in(Client(), "wang", "wrong")
    other, client = Client(), Client()
    sign_in(other, "li")
    assert is_in(other)
    actions.lift_lock(user=wang, by=OPERATOR, at=now())
    sign_in(client, "wang")
    assert is_in(client)


def test_signing_in_begins_the_count_anew() -> None:
    person("wang", "data_analyst", "4401")
    for _ in range(lockout.MOST - 1):
        sign_in(Client(), "wang", "wrong")
    sign_in(Client(), "wang")
    sign_in(Client(), "wang", "wrong")
    client = Client()
    sign_in(client, "wang")
    assert is_in(client)


def test_a_first_password_is_changed_before_anything_else() -> None:
    fields = {"username": "wang", "name": "王", "role": "data_analyst", "unit": "4401"}
    actions.make_account(fields=fields, by=OPERATOR, at=now(), draw=lambda: PASSWORD)
    client = Client()
    sign_in(client, "wang")
    assert client.get("/").headers["Location"] == "/account/password/"
    page = client.get("/account/password/")
    assert page.status_code == 200
    told = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/password/", told).status_code == 200, "the same is no change"
    told |= {"password1": "short", "password2": "short"}
    assert client.post("/account/password/", told).status_code == 200
    told |= {"password1": NEW, "password2": NEW}
    assert client.post("/account/password/", told).status_code == 302
    assert client.get("/").status_code == 200
    user = User.objects.get(username="wang")
    assert not user.first_password
    assert user.check_password(NEW)
    assert ("account.change_password", "wang") in acts()


def test_a_changed_password_ends_other_sessions() -> None:
    person("wang", "data_analyst", "4401")
    here, there = Client(), Client()
    sign_in(here, "wang")
    sign_in(there, "wang")
    told = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/account/password/", told)
    assert is_in(here)
    assert not is_in(there)


def test_a_browser_left_open_is_no_way_to_guess() -> None:
    person("wang", "data_analyst", "4401")
    client = Client()
    sign_in(client, "wang")
    for n in range(lockout.MOST):
        told = {"oldpassword": f"wrong {n}", "password1": NEW, "password2": NEW}
        client.post("/account/password/", told)
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert User.objects.get(username="wang").check_password(PASSWORD)


def test_a_deactivated_account_is_out_at_once_and_stays_out_when_back() -> None:
    wang = person("wang", "data_analyst", "4401")
    client = Client()
    sign_in(client, "wang")
    actions.deactivate(user=wang, by=OPERATOR, at=now())
    assert not is_in(client)
    actions.reactivate(user=wang, by=OPERATOR, at=now())
    assert not is_in(client)
    sign_in(client, "wang")
    assert is_in(client)


def test_what_an_administrator_resets_ends_sessions() -> None:
    wang = person("wang", "data_analyst", "4401")
    client = Client()
    sign_in(client, "wang")
    actions.reset_second_factor(user=wang, by=OPERATOR, at=now())
    assert not is_in(client)
    sign_in(client, "wang")
    actions.reset_password(user=wang, by=OPERATOR, at=now(), draw=lambda: NEW)
    assert not is_in(client)


def test_a_first_password_that_is_too_old() -> None:
    fields = {"username": "wang", "name": "王", "role": "data_analyst", "unit": "4401"}
    long_ago = now() - timedelta(days=7)
    actions.make_account(fields=fields, by=OPERATOR, at=long_ago, draw=lambda: PASSWORD)
    client = Client()
    sign_in(client, "wang")
    assert not is_in(client)


@pytest.mark.parametrize(
    "word", ["' OR 1=1 --", "\0", "\u200b", "<script>", "=cmd|' /C calc'!A0", "x" * 1_000_000]
)
def test_anything_may_be_typed(word: str) -> None:
    for told in ({"login": word, "password": "x"}, {"login": "wang", "password": word}):
        answer = Client().post("/account/sign-in/", told)
        assert answer.status_code == 200
        assert b"<script>" not in answer.content


def test_an_address_is_limited_as_well(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": None}
    answers = [sign_in(Client(), f"name{n}", "wrong").status_code for n in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_nobody_is_sent_to_another_site() -> None:
    person("wang", "data_analyst", "4401")
    told = {"login": "wang", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/account/sign-in/", told).headers["Location"] == "/"


def test_nothing_is_kept_of_a_password_or_a_name_that_is_not() -> None:
    sign_in(Client(), "MySecret1", "OtherSecret2")
    kept = str(list(Attempt.objects.values())) + str(list(AuditRow.objects.values()))
    kept += str([one.get_decoded() for one in Session.objects.all()])
    assert "secret" not in kept.lower()


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_counted_one_by_one() -> None:
    let_in = []
    at = now()

    def once() -> None:
        let_in.append(lockout.begin("wang", at) is not None)
        connection.close()

    threads = [threading.Thread(target=once) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connections.close_all()
    assert sum(let_in) == lockout.MOST
