"""Whose numbers are one person, through a server: decided, looked for, explained. Numbers only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, posted, told
from ringfence.cli.api.reading import number_of, object_of, text_of
from ringfence.errors import DataError, NotAllowed, NotFound, StorageError, UsageError, UserError
from ringfence.identity.explaining import Explained, Reason
from ringfence.identity.planning import Conflict

_PAUSES = (0.1, 0.2, 0.3, 0.5, 1.0)
_LONGEST_SECONDS = 900.0
_UNDER_WAY = ("waiting", "running")
_ERRORS: dict[int, type[UserError]] = {
    one.exit_code: one for one in (UsageError, DataError, NotFound, NotAllowed, StorageError)
}


@dataclass(frozen=True)
class Decided:
    """`persons`: those concerned, each with all numbers. `cases`: within reach, traced anew."""

    act: int
    kind: str
    persons: dict[str, tuple[str, ...]]
    reason: str
    by: str
    at: str
    cases: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        persons = {person: list(subjects) for person, subjects in self.persons.items()}
        return {**vars(self), "persons": persons, "cases": list(self.cases)}


def decided_through(
    server: Server, kind: str, *, reason: str, subjects: Sequence[str] = (), act: int | None = None
) -> Decided:
    """Once it is done; whoever stops here stops nothing."""
    content = {"kind": kind, "subjects": list(subjects), "act": act, "reason": reason}
    path = "/lake/identity/decisions"
    found = told(server, posted(path, content, secrets.token_hex(16)))
    number = number_of(server.address, found, "id")
    waiting = _Waiting()
    while (state := text_of(server.address, found, "state")) in _UNDER_WAY:
        waiting.wait()
        found = told(server, Asked("GET", f"{path}/{number}"))
    if state == "failed":
        fault = object_of(server.address, found, "fault")
        raise _ERRORS.get(number_of(server.address, fault, "exit_code"), DataError)(
            text_of(server.address, fault, "en"), text_of(server.address, fault, "zh")
        )
    try:
        persons = {str(min(one)): tuple(map(str, one)) for one in found["persons"]}
        return Decided(
            number_of(server.address, found, "act"),
            text_of(server.address, found, "kind"),
            persons,
            text_of(server.address, found, "reason"),
            text_of(server.address, found, "by"),
            text_of(server.address, found, "at"),
            tuple(map(str, found["cases"])),
        )
    except (KeyError, TypeError, ValueError):
        raise failing.no_server(server.address) from None


def conflicts_through(server: Server) -> tuple[Conflict, ...]:
    """Of cases and contacts within reach, as the home is now; but for what was left as it is."""
    waiting = _Waiting()
    while not (found := told(server, Asked("GET", "/lake/identity/questions"))).get("fresh"):
        waiting.wait()
    try:
        return tuple(
            Conflict(tuple(one["kinds"]), tuple(map(str, one["subjects"])), bool(one["linked"]))
            for one in found["items"]
            if not one["left"]
        )
    except (KeyError, TypeError, ValueError):
        raise failing.no_server(server.address) from None


def explained_through(server: Server, subject: str) -> Explained:
    content = {"subject": subject}
    found = told(server, posted("/lake/identity/explanations", content, secrets.token_hex(16)))
    one = object_of(server.address, found, "explained")
    try:
        return Explained(
            str(one["subject"]),
            str(one["person"]),
            tuple(map(str, one["subjects"])),
            tuple(_reason(reason) for reason in one["reasons"]),
        )
    except (KeyError, TypeError, ValueError):
        raise failing.no_server(server.address) from None


def _reason(one: Any) -> Reason:
    return Reason(
        int(one["act"]),
        str(one["kind"]),
        datetime.fromisoformat(one["at"]),
        str(one["by"]),
        str(one["reason"]),
        tuple(tuple(map(str, side)) for side in one["sides"]),
        tuple(map(str, one["batches"])),
        bool(one["counts"]),
        None if one["undoes"] is None else int(one["undoes"]),
    )


class _Waiting:
    """For what the worker does; not for ever."""

    def __init__(self) -> None:
        self._waited, self._tries = 0.0, 0

    def wait(self) -> None:
        if self._waited > _LONGEST_SECONDS:
            raise StorageError(
                "this waits for its turn at the server; ask again later",
                "仍在服务器上排队；请稍后再试",
            )
        pause = _PAUSES[min(self._tries, len(_PAUSES) - 1)]
        Event().wait(pause)
        self._waited, self._tries = self._waited + pause, self._tries + 1
