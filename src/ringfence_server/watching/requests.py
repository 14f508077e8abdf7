"""The outermost middleware: a line in the log and a measure for each request.

A request is told by its view's name and the number of the account; never by its address.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ringfence_server.deployment.logs import tell
from ringfence_server.watching import measures

_STATIC = "static"
_NONE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watch:
    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = perf_counter()
        response = self._answer(request)
        seconds = perf_counter() - begun
        view = _view(request)
        measures.requests.labels(view, str(response.status_code)).inc()
        measures.seconds.labels(view).observe(seconds)
        if view != _STATIC:
            tell(
                "request",
                view=view,
                method=request.method if request.method in _METHODS else "other",
                status=response.status_code,
                seconds=round(seconds, 4),
                **_account(request),
            )
        return response


def _view(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return _STATIC if request.path_info.startswith(f"{settings.STATIC_URL}") else _NONE


def _account(request: HttpRequest) -> dict[str, int]:
    acting = getattr(request, "acting", None)
    return {} if acting is None else {"user": acting.user.pk}
