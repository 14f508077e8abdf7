"""The one way in for programs: who shows a token, whether it carries the need, what was sent.

Each address of the API is a view made here. Nobody reaches an operation past it, and an operation
that names no need cannot be listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.operation import Operation

from ringfence_server.access import Need, acting_in, for_tokens, need_of
from ringfence_server.api.actions import PREFIX
from ringfence_server.api.once import once
from ringfence_server.api.operations import taking_of
from ringfence_server.api.queries import Holder, holder_of
from ringfence_server.api.reading import JSON, check_address, check_content, read_json
from ringfence_server.api.refusals import MissingRight, NoSuchMethod, TooOften, UnknownToken
from ringfence_server.deployment.here import now

_SHOWN = re.compile(rf"Bearer ({PREFIX}[A-Za-z0-9_-]{{43}})", re.IGNORECASE)
_SECONDS = 60
_RATE = {"token": f"60/{_SECONDS}s/ip"}
_QUERY = "query"


def addresses(api: NinjaAPI) -> Iterator[URLPattern]:
    """TypeError: an operation names no need."""
    for router in api._get_bound_routers():
        for route, view in router.path_operations.items():
            ways = {method: one for one in view.operations for method in one.methods}
            name = view.operations[0].view_func.__name__
            where = re.sub(r"{(\w+:)?(\w+)}", r"<\1\2>", f"{router.prefix}{route}").lstrip("/")
            yield path(where, _view(ways), name=name)


def _view(ways: Mapping[str, Operation]) -> Any:
    needs = {method: _need(one) for method, one in ways.items()}

    @for_tokens
    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        holder = _holder(request)
        request.acting = holder.acting  # type: ignore[attr-defined]
        request.token = holder.token  # type: ignore[attr-defined]
        method = request.method or ""
        if method not in ways:
            raise NoSuchMethod(sorted(ways))
        _check_need(holder, needs[method])
        return _answered(request, ways[method], named)

    # No browser sends a token by itself, and a session opens nothing here.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.ways = needs  # type: ignore[attr-defined]
    return view


def ways_of(view: object) -> Mapping[str, Need]:
    """By method, what each of its operations needs."""
    ways: Mapping[str, Need] = getattr(view, "ways", {})
    return ways


def _need(operation: Operation) -> Need:
    need = need_of(operation.view_func)
    if need is None or need.who not in ("right", "signed_in"):
        raise TypeError(f"{operation.view_func.__name__} names no need")
    return need


def _holder(request: HttpRequest) -> Holder:
    shown = _SHOWN.fullmatch(request.headers.get("Authorization", ""))
    holder = holder_of(shown[1], now()) if shown else None
    if holder is not None:
        return holder
    if consume(request, app="ringfence_server.api", action="token", config=_RATE, limit_get=True):
        raise UnknownToken
    raise TooOften(_SECONDS)


def _check_need(holder: Holder, need: Need) -> None:
    if need.right is not None and not holder.acting.may(need.right):
        raise MissingRight(need.right)


def _answered(request: HttpRequest, operation: Operation, named: dict[str, Any]) -> HttpResponse:
    check_address(request, _parameters(operation), named)
    taking = taking_of(operation.view_func)
    if taking is None:
        return _run(request, operation, named)
    there_is = check_content(request, taking.media, taking.most)
    if JSON not in taking.media:
        return _run(request, operation, named)
    request.told = read_json(request.body) if there_is else None  # type: ignore[attr-defined]
    if not taking.kept:
        return _run(request, operation, named)
    return once(
        request,
        lambda: _run(request, operation, named),
        by=acting_in(request),
        at=now(),
    )


def _run(request: HttpRequest, operation: Operation, named: dict[str, Any]) -> HttpResponse:
    answer = operation.run(request, **named)
    assert isinstance(answer, HttpResponse)
    return answer


def _parameters(operation: Operation) -> list[str]:
    """Of the query, as the operation declares them."""
    models = [one for one in operation.models if one.__ninja_param_source__ == _QUERY]
    return [name for one in models for name in one.__ninja_flatten_map__]
