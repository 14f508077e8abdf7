"""Who gets in: a token that is valid, for what it carries, and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.server.api.programs import Program, token_for
from tests.server.cases.town import Town
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence_server.accounts import lockout
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.api.actions import digest_of, draw, revoke
from ringfence_server.api.models import Token

pytestmark = pytest.mark.django_db


def test_a_token_says_whose_it_is(town: Town, chief: Program) -> None:
    told = chief.get("/me")
    assert told["account"] == "chief"
    assert "case.read" in told["rights"]
    assert "export.contacts" not in told["rights"]
    assert Token.objects.get().used_on == NOON.date()


def _refused(headers: dict[str, str]) -> bytes:
    answer = Client().get("/api/v1/me", headers={"Accept-Language": "en", **headers})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    return bytes(answer.content)


def test_all_that_is_no_valid_token_has_one_answer(town: Town) -> None:
    secret = token_for(town.chief)
    user = town.chief.user

    def bearer() -> bytes:
        return _refused({"Authorization": f"Bearer {secret}"})

    seen = {
        _refused({}),
        _refused({"Authorization": f"Bearer {draw()}"}),
        _refused({"Authorization": f"Basic {secret}"}),
        _refused({"Authorization": f"Bearer {secret}x"}),
        _refused({"Authorization": "Bearer rf_\u00e9"}),
    }
    for made, undone in (
        ({"is_active": False}, {"is_active": True}),
        ({"first_password": True}, {"first_password": False}),
        ({"sessions": user.sessions + 1}, {"sessions": user.sessions}),
    ):
        User.objects.filter(pk=user.pk).update(**made)
        seen.add(bearer())
        User.objects.filter(pk=user.pk).update(**undone)
    tries = [lockout.begin(user.username, NOON) for _ in range(lockout.MOST)]
    assert all(tries)
    seen.add(bearer())
    lockout.forget(user.username)
    Token.objects.update(made_at=NOON - timedelta(days=2), until=NOON)
    seen.add(bearer())
    Token.objects.update(until=NOON + timedelta(days=1))
    assert Program(secret).get("/me")
    Authenticator.objects.all().delete()
    seen.add(bearer())
    assert len(seen) == 1


def test_a_revoked_token_is_none(town: Town, chief: Program) -> None:
    revoke(key=Token.objects.get().pk, by=town.chief, at=NOON)
    chief.get("/me", 401)


def test_a_right_that_the_account_loses_is_lost_at_once(town: Town, chief: Program) -> None:
    chief.get("/cases")
    Appointment.objects.filter(user=town.chief.user).update(until=NOON)
    told = chief.get("/cases", 403)
    assert told["type"] == "urn:ringfence:problem:missing-right"
    assert "case.read" in told["detail"]


def test_a_right_that_the_token_does_not_carry_is_none(home: Home, town: Town) -> None:
    reader = Program.of(town.chief, ["case.read"])
    reader.get("/cases")
    reader.post("/cases", {}, 403)


def test_a_session_opens_nothing(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.chief.user, "ringfence_server.accounts.signing_in.Backend")
    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/api/v1/cases", {}).status_code == 401


def test_no_form_token_is_needed_with_a_bearer(home: Home, chief: Program) -> None:
    assert chief.post("/cases", {}, 400)["type"] == "urn:ringfence:problem:invalid"


def test_many_wrong_tokens_are_slowed_down_and_right_ones_are_not(
    town: Town, chief: Program
) -> None:
    wrong = {"Authorization": f"Bearer {draw()}"}
    found = [Client().get("/api/v1/me", headers=wrong).status_code for _ in range(62)]
    assert found[:60] == [401] * 60
    assert found[60:] == [429, 429]
    assert Client().get("/api/v1/me", headers=wrong).headers["Retry-After"] == "60"
    chief.get("/me")


def test_no_secret_is_kept(town: Town) -> None:
    secret = token_for(town.chief)
    (kept,) = Token.objects.values()
    assert secret not in str(kept)
    assert kept["digest"] == digest_of(secret)


@pytest.mark.parametrize("path", ["/api/", "/api/v1/none", "/api/v1/cases/0x1", "/api/v2/me"])
def test_what_is_not_there_is_said_in_json(town: Town, path: str) -> None:
    for method in ("get", "post", "put"):
        answer: Any = getattr(Client(), method)(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["title"] == "There is no such page"


def test_another_method_is_refused_with_those_that_are_there(chief: Program) -> None:
    answer = chief.client.delete("/api/v1/cases", headers=chief.headers)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST"


def test_in_both_languages(town: Town, chief: Program) -> None:
    chief.headers["Accept-Language"] = "zh"
    assert chief.get("/cases/99", 404)["detail"] == "没有此病例"
    chief.headers["Accept-Language"] = "en"
    assert chief.get("/cases/99", 404)["detail"] == "there is no such case"
