"""A link between a command line and a server that holds, or is cut, in the middle of an upload."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_PIECE = 1 << 16


@dataclass
class Link:
    """`holds_after`: bytes sent upwards after which nothing goes on. `cuts_after`: after which the
    connection is cut, once.
    """

    port: int
    to: int
    holds_after: int | None = None
    cuts_after: int | None = None
    sent: int = 0
    held: threading.Event = field(default_factory=threading.Event)
    was_cut: threading.Event = field(default_factory=threading.Event)


@contextmanager
def link(
    to: int, *, holds_after: int | None = None, cuts_after: int | None = None
) -> Iterator[Link]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = Link(listening.getsockname()[1], to, holds_after, cuts_after)
        threading.Thread(target=_take, args=(listening, one), daemon=True).start()
        yield one


def _take(listening: socket.socket, one: Link) -> None:
    with suppress(OSError):
        while True:
            caller, _ = listening.accept()
            above = socket.create_connection(("127.0.0.1", one.to))
            for way in ((caller, above, True), (above, caller, False)):
                threading.Thread(target=_carry, args=(one, *way), daemon=True).start()


def _carry(one: Link, source: socket.socket, target: socket.socket, upwards: bool) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            one.sent += len(piece) if upwards else 0
            if upwards and one.holds_after is not None and one.sent > one.holds_after:
                one.held.set()
                return
            if upwards and one.cuts_after is not None and one.sent > one.cuts_after:
                one.cuts_after = None
                one.was_cut.set()
                for end in (source, target):
                    end.shutdown(socket.SHUT_RDWR)
                return
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
