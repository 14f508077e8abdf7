"""A program with a token, which asks and sends as a real one does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.test import Client
from tests.server.homes import NOON
from tests.server.tasks.loop import with_second_factor

from ringfence_server.access import Acting
from ringfence_server.api.actions import make
from ringfence_server.api.scopes import SCOPES

_keys = count(1)


def new_key() -> str:
    return f"key-{next(_keys):08d}"


def token_for(
    acting: Acting, scopes: Iterable[str] | None = None, *, at: datetime = NOON, days: int = 30
) -> str:
    """With all rights of the account that a token may carry, unless some are named."""
    with_second_factor(acting)
    chosen = sorted(SCOPES.keys() & acting.rights) if scopes is None else list(scopes)
    return make(name="Excel of the office", scopes=chosen, days=days, by=acting, at=at).secret


@dataclass(frozen=True)
class Answer:
    status: int
    told: Any
    headers: Any


class Program:
    def __init__(self, secret: str, language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}

    @classmethod
    def of(cls, acting: Acting, scopes: Iterable[str] | None = None) -> Program:
        return cls(token_for(acting, scopes))

    def get(self, path: str, status: int = 200, **asked: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", asked, headers=self.headers)
        return _read(answer, status)

    def post(self, path: str, told: Any = None, status: int = 200, key: str | None = None) -> Any:
        return self.sent(path, told, status, key).told

    def sent(
        self, path: str, told: Any = None, status: int = 200, key: str | None = None
    ) -> Answer:
        content = b"" if told is None else json.dumps(told).encode()
        answer = self.raw(path, content, key or new_key())
        return Answer(answer.status_code, _read(answer, status), answer.headers)

    def raw(self, path: str, content: bytes, key: str = "", **headers: str) -> Any:
        named = {**self.headers, "Idempotency-Key": key or new_key(), **headers}
        media = named.pop("Content-Type", "application/json")
        return self.client.post(f"/api/v1{path}", content, content_type=media, headers=named)


def _read(answer: Any, status: int) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-800:])
    told = json.loads(answer.content)
    kind = "application/problem+json" if status >= 400 else "application/json"
    assert answer.headers["Content-Type"].split(";")[0] == kind
    assert answer.headers["Cache-Control"] == "no-store"
    return told
