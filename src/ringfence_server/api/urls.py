"""Addresses for programs, and the page on which accounts make tokens for them."""

from django.urls import include, path

from ringfence_server.api import pages
from ringfence_server.api.describing import openapi
from ringfence_server.api.door import addresses
from ringfence_server.api.root import ROOT, api

urlpatterns = [
    path("account/tokens/", pages.tokens, name="tokens"),
    path("account/tokens/new/", pages.new_token, name="new_token"),
    path("account/tokens/<int:token>/revoke/", pages.revoke_token, name="revoke_token"),
    path(f"{ROOT}openapi.json".lstrip("/"), openapi, name="openapi"),
    path(ROOT.lstrip("/"), include((list(addresses(api)), "api"))),
]
