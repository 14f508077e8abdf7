"""Data asked for from agencies, through a server: opened, answered, withdrawn, looked at."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, posted, told
from ringfence.cli.api.reading import number_of, object_of, text_of
from ringfence.errors import UsageError
from ringfence.operations.requests import Request, Scope
from ringfence.operations.requests.model import ANSWERED, LATE, OPEN, WITHDRAWN, Coverage
from ringfence.operations.requests.reading import number_of as number_in

_MOST_BYTES = 64 << 20
_STATES = (OPEN, ANSWERED, LATE, WITHDRAWN)
Read = TypeVar("Read")


@dataclass(frozen=True)
class Done:
    """`at`: by the server's clock, when it answered."""

    request: Request
    replayed: bool
    at: datetime


@dataclass(frozen=True)
class Standing:
    """`zone`: of the home, IANA."""

    requests: tuple[Request, ...]
    at: datetime
    zone: str


def open_through(
    server: Server, *, agency: str, basis: str, case: str, scope: Scope, due: datetime
) -> Done:
    content = {
        "agency": agency,
        "basis": basis,
        "case": case,
        "tables": scope.tables,
        "start": scope.start.isoformat(),
        "end": scope.end.isoformat(),
        "places": scope.places,
        "services": scope.services,
        "due": due.isoformat(),
    }
    return _act(server, "/lake/requests", content)


def answer_through(server: Server, name: str, batch: str) -> Done:
    return _act(server, f"/lake/requests/R{number_in(name)}/answer", {"batch": batch})


def withdraw_through(server: Server, name: str, reason: str) -> Done:
    return _act(server, f"/lake/requests/R{number_in(name)}/withdrawal", {"reason": reason})


def requests_through(server: Server, case: str | None = None, state: str | None = None) -> Standing:
    """Those of cases within the account's reach, oldest first."""
    asked = {name: one for name, one in (("case", case), ("state", state)) if one is not None}
    path = f"/lake/requests?{urlencode(asked)}" if asked else "/lake/requests"
    found = told(server, Asked("GET", path, most=_MOST_BYTES))

    def read() -> Standing:
        zone = text_of(server.address, found, "zone")
        ZoneInfo(zone)
        requests = tuple(_request(server, one) for one in _list(found, "requests"))
        return Standing(requests, _time(server, found, "at"), zone)

    return _read(server, read)


def _act(server: Server, path: str, content: dict[str, Any]) -> Done:
    """Sent again with the same key where the link fails, it is done once."""
    found = told(server, posted(path, content, secrets.token_hex(16)))

    def read() -> Done:
        request = _request(server, object_of(server.address, found, "request"))
        if not isinstance(found["replayed"], bool):
            raise TypeError
        return Done(request, found["replayed"], _time(server, found, "at"))

    return _read(server, read)


def _read(server: Server, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, UsageError):
        raise failing.no_server(server.address) from None


def _request(server: Server, told: Any) -> Request:
    def text(name: str) -> str:
        return text_of(server.address, told, name)

    def perhaps(name: str) -> str | None:
        return None if told[name] is None else text(name)

    state = text("state")
    if state not in _STATES:
        raise ValueError
    return Request(
        number=number_in(text("request")),
        agency=text("agency"),
        basis=text("basis"),
        case=text("case"),
        scope=Scope(
            tuple(_texts(told, "tables")),
            _time(server, told, "start"),
            _time(server, told, "end"),
            tuple(_texts(told, "places")),
            tuple(_texts(told, "services")),
        ),
        due=_time(server, told, "due"),
        opened_at=_time(server, told, "opened_at"),
        opened_by=text("opened_by"),
        state=state,
        changed_at=_time(server, told, "changed_at"),
        changed_by=text("changed_by"),
        batch=perhaps("batch"),
        received_at=None if told["received_at"] is None else _time(server, told, "received_at"),
        reason=perhaps("reason"),
        coverage=_coverage(server, told),
    )


def _coverage(server: Server, told: Any) -> Coverage | None:
    if told["rows"] is None:
        return None
    counts = (number_of(server.address, told, name) for name in ("rows", "rows_beyond_scope"))
    return Coverage(*counts)


def _time(server: Server, told: Any, name: str) -> datetime:
    at = datetime.fromisoformat(text_of(server.address, told, name))
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def _texts(told: Any, name: str) -> list[str]:
    found = _list(told, name)
    if not all(isinstance(one, str) and one.isprintable() for one in found):
        raise TypeError
    return found


def _list(told: Any, name: str) -> list[Any]:
    found = told[name]
    if not isinstance(found, list):
        raise TypeError
    return found
