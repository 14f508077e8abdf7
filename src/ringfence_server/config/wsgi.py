"""What a web process answers with: Django, and around it what tells of a fault without its words.

The server that calls this would print an exception as it is, and it may hold a person's data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.wsgi import get_wsgi_application

from ringfence_server.deployment import logs

logs.begin()
_django = get_wsgi_application()
_SORRY = "Sorry, this is a fault of the program.\n抱歉，程序出错。\n".encode()
_HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_SORRY)))]


def application(environ: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
    try:
        answer = _django(environ, begin)
        if getattr(answer, "streaming", True):
            return _Streamed(answer)
        parts = list(answer)
        answer.close()
    except Exception as fault:
        logs.fault("unanswered", fault)
        begin("500 Internal Server Error", _HEADERS)
        return [_SORRY]
    return parts


class _Streamed:
    """An answer that is made while it is sent; a fault in it ends it."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer
        except Exception as fault:
            logs.fault("answer_cut_off", fault)

    def close(self) -> None:
        if hasattr(self._answer, "close"):
            self._answer.close()
