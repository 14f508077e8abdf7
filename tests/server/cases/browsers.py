"""Somebody signed in, who asks and sends by the names of addresses."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from ringfence_server.access import Acting

TOKEN = re.compile(r'name="token" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')


def seen_in(page: str) -> str:
    """The last change that a page shows."""
    found = _SEEN.search(page)
    assert found is not None
    return found[1]


class Browser:
    """Signed in; `get` and `post` by the names of addresses."""

    def __init__(self, by: Acting, language: str = "en") -> None:
        self.client = Client()
        self.client.force_login(by.user, backend="ringfence_server.accounts.signing_in.Backend")
        self.client.cookies["language"] = language

    def get(self, name: str, /, *keys: int, status: int = 200, **asked: str) -> str:
        answer = self.client.get(reverse(name, args=keys), asked)
        assert answer.status_code == status, answer.content.decode()[-600:]
        return answer.content.decode()

    def post(self, name: str, /, *keys: int, status: int = 302, **sent: Any) -> str:
        answer = self.client.post(reverse(name, args=keys), sent)
        assert answer.status_code == status, answer.content.decode()[-1500:]
        return answer.content.decode()
