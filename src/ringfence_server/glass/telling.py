"""The middleware that tells the audit of each page of an opened case, before it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from ringfence.errors import StorageError
from ringfence_server.access import Acting
from ringfence_server.cases.queries import owned
from ringfence_server.deployment.here import home, now
from ringfence_server.outbox import auditing
from ringfence_server.tracing.queries import case_key_of
from ringfence_server.web.failures import told_error


class Telling:
    """After the one that decides whether the view may answer: who acts is known, and may ask."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _given: Any, named: dict[str, Any]
    ) -> HttpResponse | None:
        """Where it cannot be written down, nothing is shown."""
        try:
            _tell(request, named)
        except StorageError as error:
            return told_error(request, error)
        return None


def _tell(request: HttpRequest, named: dict[str, Any]) -> None:
    acting: Acting | None = getattr(request, "acting", None)
    match = request.resolver_match
    if acting is None or not acting.opened or match is None:
        return
    case = _case(named)
    for one in acting.opened:
        if one.case != case or owned(acting).filter(pk=case).exists():
            continue
        rows = {name: str(key) for name, key in named.items() if name != "case"}
        about = {"case": one.number, "opening": str(one.key), "page": match.view_name, **rows}
        auditing.shown(home(), "glass.looked", by=acting.user.username, at=now(), about=about)


def _case(named: dict[str, Any]) -> int | None:
    """The row of the case that an address is about, by itself or by one of its traces."""
    if "case" in named:
        return int(named["case"])
    if "run" in named:
        return case_key_of(int(named["run"]))
    return None
