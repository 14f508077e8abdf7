"""Answers that a server keeps whole for the command line, to be shown as a local answer is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlencode

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, told
from ringfence.cli.api.reading import object_of, of_one_line

_MOST_BYTES = 64 << 20
T = TypeVar("T")


def brought(
    server: Server,
    what: str,
    asked: Mapping[str, str | None],
    back: Callable[[Mapping[str, Any]], T],
) -> T:
    """`what`: passengers, movements. `asked`: parameters of the address; those that are None are
    left out. `back` makes an answer of what the server kept.
    """
    named = urlencode({name: word for name, word in asked.items() if word is not None})
    found = told(server, Asked("GET", f"/lake/{what}?{named}", most=_MOST_BYTES))
    with sound(server):
        return back(of_one_line(object_of(server.address, found, what)))


@contextmanager
def sound(server: Server) -> Iterator[None]:
    """What cannot be made of an answer, or shown of it, comes from no server of ours."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise failing.no_server(server.address) from None
