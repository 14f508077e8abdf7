"""Tracing a case through a server: asked for, waited for, and shown as a local one is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from threading import Event
from typing import Any

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, posted, told
from ringfence.cli.api.reading import number_of, object_of, text_of
from ringfence.errors import DataError, StorageError

_MOST_BYTES = 512 << 20
_PAUSES = (0.1, 0.2, 0.3, 0.5, 1.0)
_LONGEST_SECONDS = 900.0
_UNDER_WAY = ("waiting", "running")


def trace_through(server: Server, case: str) -> Mapping[str, Any]:
    """What `trace.views.kept` keeps. The trace under way, where there is one."""
    return run_through(server, case)[1]


def run_through(server: Server, case: str) -> tuple[int, Mapping[str, Any]]:
    """The same, after its number."""
    found = told(server, posted("/lake/traces", {"case": case}, secrets.token_hex(16)))
    waited, tries = 0.0, 0
    while (state := text_of(server.address, found, "state")) in _UNDER_WAY:
        if waited > _LONGEST_SECONDS:
            raise StorageError(
                "the trace waits for its turn at the server; ask again later",
                "追踪仍在服务器上排队；请稍后再试",
            )
        pause = _PAUSES[min(tries, len(_PAUSES) - 1)]
        Event().wait(pause)
        waited, tries = waited + pause, tries + 1
        number = number_of(server.address, found, "id")
        found = told(server, Asked("GET", f"/lake/traces/{number}", most=_MOST_BYTES))
    if state == "failed":
        fault = object_of(server.address, found, "fault")
        raise DataError(*(text_of(server.address, fault, name) for name in ("en", "zh")))
    if state != "done":
        raise failing.no_server(server.address)
    number = number_of(server.address, found, "id")
    return number, object_of(server.address, found, "trace")
