"""What is in the lake of a server: its state, and what was refused. No row of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, told
from ringfence.errors import Text
from ringfence.lake.refused import RefusedBatch, RefusedRow
from ringfence.lake.status import Status, status_from_json

_MOST_BYTES = 64 << 20
Read = TypeVar("Read")


def status_through(server: Server) -> Status:
    return _read(server, "/lake/status", lambda found: status_from_json(found["status"]))


def refused_batches_through(server: Server) -> list[RefusedBatch]:
    return _read(
        server,
        "/lake/quarantine",
        lambda found: [RefusedBatch(**one) for one in found["batches"]],
    )


def refused_rows_through(server: Server, batch: str) -> tuple[str, list[RefusedRow]]:
    return _read(server, f"/lake/quarantine/{quote(batch, safe='')}", _rows)


def _rows(found: Any) -> tuple[str, list[RefusedRow]]:
    rows = [
        RefusedRow(**{**one, "reason": Text(one["reason"]["en"], one["reason"]["zh"])})
        for one in found["rows"]
    ]
    return str(found["batch"]), rows


def _read(server: Server, path: str, read: Callable[[Any], Read]) -> Read:
    found = told(server, Asked("GET", path, most=_MOST_BYTES))
    try:
        return read(found)
    except (KeyError, TypeError, ValueError):
        raise failing.no_server(server.address) from None
