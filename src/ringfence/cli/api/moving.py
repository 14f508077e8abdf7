"""Where a case was, through a server: brought back whole, to be shown as a local answer is."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, told
from ringfence.cli.api.reading import object_of, of_one_line
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.moving.kept import trajectory_of_kept

_MOST_BYTES = 64 << 20


def trajectory_through(server: Server, asked: Mapping[str, str | None]) -> Trajectory:
    """`asked`: parameters of the address; those that are None are left out."""
    named = urlencode({name: word for name, word in asked.items() if word is not None})
    found = told(server, Asked("GET", f"/lake/movements?{named}", most=_MOST_BYTES))
    try:
        return trajectory_of_kept(of_one_line(object_of(server.address, found, "movements")))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
        raise failing.no_server(server.address) from None
