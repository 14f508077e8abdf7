"""The second factor of roles that see who somebody is, export, or manage accounts."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from tests.server.tree import OPERATOR, PASSWORD, loaded, person

from ringfence.errors import StorageError
from ringfence_server.accounts import actions, lockout
from ringfence_server.accounts.models import User
from ringfence_server.accounts.second_factor import MfaAdapter
from ringfence_server.deployment.here import now
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
BEGIN = "/account/second-factor/begin/"


class Telephone:
    """An app that shows codes; its clock is moved on by whole periods."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = 0
        real = time.time
        monkeypatch.setattr(auth.time, "time", lambda: real() + self._ahead)
        self.secret = ""

    def later(self) -> None:
        self._ahead += 30

    def code(self, periods: int = 0) -> str:
        counter = int(auth.time.time()) // 30 + periods
        return str(auth.format_hotp_value(auth.hotp_value(self.secret, counter)))


@pytest.fixture
def telephone(monkeypatch: pytest.MonkeyPatch) -> Telephone:
    return Telephone(monkeypatch)


@pytest.fixture(autouse=True)
def _tree(db: None) -> None:
    loaded()
    cache.clear()


def sign_in(client: Client, username: str = "wang") -> Any:
    return client.post("/account/sign-in/", {"login": username, "password": PASSWORD})


def begin(client: Client, telephone: Telephone) -> Any:
    client.post("/account/again/", {"password": PASSWORD})
    page = client.get(BEGIN)
    assert page.status_code == 200
    telephone.secret = page.context["form"].secret
    return client.post(BEGIN, {"code": telephone.code()})


def ready(telephone: Telephone, role: str = "investigator") -> Client:
    person("wang", role, "4401")
    client = Client()
    sign_in(client)
    begin(client, telephone)
    return client


def acts() -> list[str]:
    rows = AuditRow.objects.exclude(act="unit.load").order_by("id")
    return [row.act for row in rows]


@pytest.mark.parametrize("role", ["investigator", "clinician", "supervisor", "administrator"])
def test_begun_before_anything_else(telephone: Telephone, role: str) -> None:
    person("wang", role, "4401")
    client = Client()
    sign_in(client)
    assert client.get("/").headers["Location"] == BEGIN
    assert begin(client, telephone).status_code == 302
    assert client.get("/").status_code == 200
    assert "account.begin_second_factor" in acts()


def test_not_asked_of_other_roles() -> None:
    person("wang", "data_analyst", "4401")
    client = Client()
    sign_in(client)
    assert client.get("/").status_code == 200


def test_asked_for_after_the_password(telephone: Telephone) -> None:
    ready(telephone)
    telephone.later()
    client = Client()
    assert sign_in(client).headers["Location"] == "/account/code/"
    assert "sign-in" in client.get("/").headers["Location"]
    assert acts()[-1] == "account.begin_second_factor", "half of it is no signing in"
    client.post("/account/code/", {"code": telephone.code()})
    assert client.get("/").status_code == 200
    assert acts()[-1] == "account.sign_in"


def test_a_used_code_is_not_accepted_again(telephone: Telephone) -> None:
    ready(telephone)
    for code in (telephone.code(), telephone.code(-1)):
        client = Client()
        sign_in(client)
        assert client.post("/account/code/", {"code": code}).status_code == 200, "begun with it"
    telephone.later()
    code = telephone.code()
    for expected in (302, 200):
        client = Client()
        sign_in(client)
        assert client.post("/account/code/", {"code": code}).status_code == expected
    telephone.later()
    client = Client()
    sign_in(client)
    assert client.post("/account/code/", {"code": code}).status_code == 200, "in the next period"


def test_clocks_may_differ_by_a_period(telephone: Telephone) -> None:
    ready(telephone)
    telephone.later()
    telephone.later()
    for periods, expected in ((-2, 200), (2, 200), (1, 302)):
        client = Client()
        sign_in(client)
        code = telephone.code(periods)
        assert client.post("/account/code/", {"code": code}).status_code == expected


def test_wrong_codes_lock(telephone: Telephone) -> None:
    """The password between them does not begin the count anew."""
    ready(telephone)
    telephone.later()
    for _ in range(lockout.MOST):
        client = Client()
        sign_in(client)
        client.post("/account/code/", {"code": "000000"})
    assert lockout.locked("wang", now())
    client = Client()
    assert sign_in(client).status_code == 200
    assert acts()[-1] == "account.lock"


def test_codes_on_paper_are_good_once(telephone: Telephone) -> None:
    client = ready(telephone)
    codes = client.get("/account/second-factor/paper/").context["unused_codes"]
    assert len(codes) == 10
    for expected in (302, 200):
        other = Client()
        sign_in(other)
        assert other.post("/account/code/", {"code": codes[0]}).status_code == expected
    assert acts().count("account.use_paper_code") == 1


def test_secrets_are_sealed(telephone: Telephone) -> None:
    client = Client()
    person("wang", "investigator", "4401")
    sign_in(client)
    client.post("/account/again/", {"password": PASSWORD})
    telephone.secret = client.get(BEGIN).context["form"].secret
    kept = [one.get_decoded() for one in Session.objects.all()]
    assert telephone.secret not in json.dumps(kept), "not even before the first code"
    client.post(BEGIN, {"code": telephone.code()})
    kept = [one.get_decoded() for one in Session.objects.all()]
    stored = json.dumps(list(Authenticator.objects.values("data")))
    assert telephone.secret not in stored + json.dumps(kept)
    assert stored.count("sealed1.") == 2
    assert MfaAdapter().encrypt("x") != MfaAdapter().encrypt("x")
    sealed = MfaAdapter().encrypt("secret")
    assert MfaAdapter().decrypt(sealed) == "secret"
    body = bytearray(base64.b64decode(sealed.removeprefix("sealed1.")))
    body[-1] ^= 1
    with pytest.raises(StorageError):
        MfaAdapter().decrypt("sealed1." + base64.b64encode(body).decode())


def test_who_needs_it_does_not_end_it(telephone: Telephone) -> None:
    client = ready(telephone)
    client.post("/account/second-factor/end/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_it_is_reset_and_begun_anew(telephone: Telephone) -> None:
    client = ready(telephone)
    user = User.objects.get(username="wang")
    actions.reset_second_factor(user=user, by=OPERATOR, at=now())
    assert "sign-in" in client.get("/").headers["Location"]
    assert not Authenticator.objects.exists()
    sign_in(client)
    assert client.get("/").headers["Location"] == BEGIN


def test_the_password_again_before_it_is_changed(telephone: Telephone) -> None:
    person("wang", "investigator", "4401")
    client = Client()
    sign_in(client)
    assert client.get(BEGIN).headers["Location"].startswith("/account/again/")
    ready_client = begin(client, telephone)
    assert ready_client.status_code == 302
    telephone.later()
    other = Client()
    sign_in(other)
    other.post("/account/code/", {"code": telephone.code()})
    for path in ("/account/second-factor/paper/", "/account/second-factor/paper/new/"):
        assert "/again/" in other.get(path).headers["Location"]
