"""Who rode with a case, through a server: brought back whole, to be shown as a local answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, told
from ringfence.cli.api.reading import object_of
from ringfence.operations.riding.asking import PassengerList
from ringfence.operations.riding.kept import list_of

_MOST_BYTES = 64 << 20


def passengers_through(server: Server, asked: Mapping[str, str | None]) -> PassengerList:
    """`asked`: parameters of the address; those that are None are left out."""
    named = urlencode({name: word for name, word in asked.items() if word is not None})
    found = told(server, Asked("GET", f"/lake/passengers?{named}", most=_MOST_BYTES))
    try:
        return list_of(_of_one_line(object_of(server.address, found, "passengers")))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise failing.no_server(server.address) from None


def _of_one_line(value: Any) -> Any:
    """Without anything in its texts that a terminal would obey."""
    if isinstance(value, str):
        return "".join(sign if sign.isprintable() else " " for sign in value)
    if isinstance(value, list):
        return [_of_one_line(one) for one in value]
    if isinstance(value, dict):
        return {_of_one_line(name): _of_one_line(one) for name, one in value.items()}
    return value
