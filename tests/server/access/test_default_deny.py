"""Every address names what it needs; what names nothing answers nobody."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, path
from tests.server.access.addresses import ADDRESSES

from ringfence_server.access import need_of


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: str(one.name))
def test_names_its_need(address: URLPattern) -> None:
    assert need_of(address.callback) is not None, f"{address.name} names no need"


OPEN = {
    "account_login",
    "account_logout",
    "choose_language",
    "health",
    "metrics",
    "mfa_authenticate",
    "openapi",
    "ready",
}


def test_only_these_are_open_without_an_account() -> None:
    found = {one.name for one in ADDRESSES if (need := need_of(one.callback)) and need.who == "all"}
    assert found <= OPEN, "a page that needs no account is named here, with its reason in review"


def _forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("everybody's data")


urlpatterns = [path("forgotten/", _forgotten)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_names_nothing_is_refused() -> None:
    answer = Client().get("/forgotten/")
    assert answer.status_code == 403
    assert b"everybody" not in answer.content
