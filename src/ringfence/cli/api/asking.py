"""One request to a server, and its answer: TLS verified, nothing followed, everything bounded.

A server that redirects is refused: a token goes to the address that it was given for. The proxies
of the environment are used for https, where they see a name and no content; never for this machine.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Timer
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ringfence.cli.api import failing
from ringfence.cli.api.address import Address
from ringfence.cli.api.failing import Answer
from ringfence.errors import UsageError

_CONNECT_SECONDS = 15
_SILENT_SECONDS = 60
_WHOLE_SECONDS = 300
"""For one request with its answer, however slowly it comes."""
_MOST_BYTES = 8 << 20
_PIECE = 1 << 16
_PAUSES = (0.5, 1, 2, 4, 8)
_LONGEST_PAUSE = 30.0
_AGAIN = frozenset({429, 502, 503, 504})
_VERSION = "/api/v1"


@dataclass(frozen=True)
class Server:
    """`language`: of the reader, en or zh."""

    address: Address
    token: str = field(repr=False)
    language: str = "en"


@dataclass(frozen=True)
class Asked:
    """`key`: with which the same request may come again, and has one effect."""

    method: str
    path: str
    body: bytes | None = None
    kind: str = "application/json"
    key: str | None = None
    most: int = _MOST_BYTES


def told(server: Server, asked: Asked) -> Any:
    """The answer's JSON. UserError: what the server refused, in its words; or that it cannot be
    reached, or is no server of ours.

    Asked again, a few times, where the link fails: all that is asked here may be asked twice.
    """
    for pause in (*_PAUSES, None):
        try:
            answer = _ask(server, asked)
        except failing.Away:
            if pause is None:
                raise
            Event().wait(pause)
            continue
        if answer.status in _AGAIN and pause is not None:
            Event().wait(max(pause, _pause_asked(answer)))
            continue
        return failing.content(server.address, answer)
    raise AssertionError("the last try answers or raises")


def posted(path: str, content: Mapping[str, Any], key: str) -> Asked:
    return Asked("POST", path, json.dumps(content, ensure_ascii=False).encode(), key=key)


def _ask(server: Server, asked: Asked) -> Answer:
    connection = _connection(server.address)
    late = _Late(connection)
    try:
        return late.answer(server, asked)
    except ssl.SSLCertVerificationError as fault:
        raise failing.untrusted(server.address, fault.verify_message) from None
    except http.client.IncompleteRead:
        raise failing.away(server.address, ConnectionResetError()) from None
    except OSError as fault:
        raise failing.away(server.address, TimeoutError() if late.cut else fault) from None
    except (http.client.HTTPException, ValueError):
        raise failing.no_server(server.address) from None
    finally:
        late.close()


class _Late:
    """One request on a connection that ends when it has taken too long, however it is spent: a
    server may send a byte a minute.
    """

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.cut = False
        self._connection = connection
        self._socket: socket.socket | None = None
        self._timer = Timer(_WHOLE_SECONDS, self._cut)
        self._timer.daemon = True

    def answer(self, server: Server, asked: Asked) -> Answer:
        self._timer.start()
        self._connection.connect()
        self._socket = self._connection.sock
        self._socket.settimeout(_SILENT_SECONDS)
        path = f"{server.address.prefix}{_VERSION}{asked.path}"
        # Where a server refuses while we send, what it says may be there to read all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._connection.request(asked.method, path, asked.body, _headers(server, asked))
        answer = self._connection.getresponse()
        body = bytearray()
        while piece := answer.read1(_PIECE):
            body += piece
            if len(body) > asked.most:
                raise ValueError("longer than any answer of ours")
        if answer.length:
            raise ConnectionResetError
        kind = answer.headers.get("Content-Type", "")
        return Answer(answer.status, kind, bytes(body), answer.headers.get("Retry-After"))

    def close(self) -> None:
        self._timer.cancel()
        self._connection.close()

    def _cut(self) -> None:
        self.cut = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _headers(server: Server, asked: Asked) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "Accept-Language": server.language,
        "Authorization": f"Bearer {server.token}",
        "Connection": "close",
        "User-Agent": "ringfence",
    }
    if asked.body is not None:
        headers["Content-Type"] = asked.kind
    if asked.key is not None:
        headers["Idempotency-Key"] = asked.key
    return headers


def _connection(address: Address) -> http.client.HTTPConnection:
    host, port = address.host, address.port
    if not address.secure:
        return http.client.HTTPConnection(host, port, timeout=_CONNECT_SECONDS)
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    proxy = None if address.here or proxy_bypass(host) else getproxies().get("https")
    if proxy is None:
        return http.client.HTTPSConnection(host, port, timeout=_CONNECT_SECONDS, context=context)
    through, named = _proxy(proxy)
    made = http.client.HTTPSConnection(*through, timeout=_CONNECT_SECONDS, context=context)
    made.set_tunnel(host, port, named)
    return made


def _proxy(proxy: str) -> tuple[tuple[str, int], dict[str, str]]:
    """Where it is, and what it is told of us."""
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    try:
        host, port = parts.hostname, parts.port or 3128
    except ValueError:
        host = None
    if not host or parts.scheme not in ("", "http"):
        raise UsageError(
            "the proxy in HTTPS_PROXY is not understood; it looks like http://proxy:3128",
            "无法识别 HTTPS_PROXY 中的代理；格式如 http://proxy:3128",
        )
    if parts.username is None:
        return (host, port), {}
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return (host, port), {"Proxy-Authorization": f"Basic {base64.b64encode(words).decode()}"}


def _pause_asked(answer: Answer) -> float:
    asked = answer.retry_after or ""
    return min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else 0.0
