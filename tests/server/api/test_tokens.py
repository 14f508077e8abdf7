"""An account's own tokens: made after showing who it is, shown once, revoked."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from tests.server.api.programs import Program, token_for
from tests.server.cases.town import DAY, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of

from ringfence.errors import DataError, NotAllowed, NotFound
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.api import actions
from ringfence_server.api.models import Token
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"rf_[A-Za-z0-9_-]{43}")
NEW = {"name": "Excel of the office", "scopes": ["case.read"], "days": "30"}


def fresh(client: Client, acting: Acting, means: str = "mfa", ago: float = 0) -> Client:
    session = client.session
    shown = {"method": means, "at": time.time() - ago}
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [shown]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(acting.user.pk)
    session.save()
    return client


def test_made_on_a_page_shown_once_used_and_revoked(home: Home, town: Town) -> None:
    client = fresh(client_of(town.chief), town.chief)
    assert "case.read" in client.get(reverse("new_token")).content.decode()
    page = client.post(reverse("new_token"), NEW)
    (secret,) = SECRET.findall(page.content.decode())
    assert page.headers["Cache-Control"] == "no-store"
    program = Program(secret)
    assert program.get("/me")["rights"] == ["case.read"]
    listed = client.get(reverse("tokens")).content.decode()
    assert secret not in listed
    assert "Excel of the office" in listed
    client.post(reverse("revoke_token", args=[Token.objects.get().pk]))
    program.get("/me", 401)
    assert "revoked" in client.get(reverse("tokens")).content.decode()
    rows = {row.act: row.about for row in AuditRow.objects.all()}
    assert rows["token.make"]["scopes"] == "case.read"
    assert rows["token.revoke"] == {"token": str(Token.objects.get().pk)}
    assert secret not in str(rows)


@pytest.mark.parametrize(("means", "ago"), [("password", 0), ("mfa", 600)])
def test_who_has_a_second_factor_shows_it_anew(town: Town, means: str, ago: float) -> None:
    client = fresh(client_of(town.chief), town.chief, means, ago)
    for answer in (client.get(reverse("new_token")), client.post(reverse("new_token"), NEW)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not Token.objects.exists()


def test_who_has_none_shows_the_password(town: Town) -> None:
    analyst = town.staff("analyst", "data_analyst", "0001")
    client = client_of(analyst)
    answer = client.get(reverse("new_token"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    fresh(client, analyst, "password")
    assert client.post(reverse("new_token"), NEW).status_code == 200
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 65},
        {"name": "of 000101199001011012"},
        {"name": "a\0b"},
        {"scopes": []},
        {"scopes": ["case.read", "identity.reveal"]},
        {"scopes": ["export.contacts"]},
        {"scopes": ["task.work"]},
        {"scopes": ["account.manage"]},
        {"days": "366"},
        {"days": "0"},
        {"days": "soon"},
        {"days": "9" * 400},
    ],
)
def test_a_form_that_cannot_be_meant_makes_nothing(town: Town, change: dict[str, Any]) -> None:
    client = fresh(client_of(town.chief), town.chief)
    assert client.post(reverse("new_token"), {**NEW, **change}).status_code == 400
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "change", [{"days": 366}, {"days": 0}, {"scopes": ["task.work"]}, {"scopes": []}, {"name": " "}]
)
def test_the_act_refuses_the_same(town: Town, change: dict[str, Any]) -> None:
    told: dict[str, Any] = {"name": "Excel", "scopes": ["case.read"], "days": 30, **change}
    with pytest.raises(DataError):
        actions.make(**told, by=town.chief, at=NOON)


def test_the_database_holds_no_token_that_lives_longer(town: Town) -> None:
    token_for(town.chief, days=365)
    with pytest.raises(IntegrityError):
        Token.objects.update(until=NOON + 366 * DAY)


def test_an_account_has_twenty_at_most(town: Town) -> None:
    for _ in range(actions.MOST):
        token_for(town.chief)
    with pytest.raises(NotAllowed):
        token_for(town.chief)
    actions.revoke(key=Token.objects.order_by("pk")[0].pk, by=town.chief, at=NOON)
    token_for(town.chief)


def test_nobody_revokes_anothers(town: Town) -> None:
    token_for(town.chief)
    with pytest.raises(NotFound):
        actions.revoke(key=Token.objects.get().pk, by=town.neighbour, at=NOON)
    actions.revoke(key=Token.objects.get().pk, by=town.chief, at=NOON)
    actions.revoke(key=Token.objects.get().pk, by=town.chief, at=NOON + DAY)
    assert Token.objects.get().revoked_at == NOON
    assert AuditRow.objects.filter(act="token.revoke").count() == 1


def test_who_has_no_right_for_one_is_not_offered_one(town: Town) -> None:
    auditor = town.staff("auditor", "auditor", "0001")
    client = fresh(client_of(auditor), auditor, "password")
    assert "no right that a token could carry" in client.get(reverse("tokens")).content.decode()
    assert client.get(reverse("new_token")).headers["Location"] == reverse("tokens")


def test_a_second_factor_that_is_gone_ends_it(town: Town) -> None:
    program = Program.of(town.chief)
    program.get("/me")
    Authenticator.objects.all().delete()
    program.get("/me", 401)
