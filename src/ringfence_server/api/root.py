"""The API: all its resources, and how it reads and writes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from ringfence.errors import Text
from ringfence_server.api import lake
from ringfence_server.api.refusals import Invalid
from ringfence_server.api.resources import (
    approvals,
    case_acts,
    cases,
    kinds,
    me,
    movements,
    my_tasks,
    passengers,
    tasks,
    traces,
    units,
)
from ringfence_server.api.wording import reason_of

VERSION = "1"
ROOT = "/api/v1/"


class _Read(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """As the door read it."""
        return request.told  # type: ignore[attr-defined]


class _Written(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False, "allow_nan": False}  # noqa: RUF012


api = NinjaAPI(
    title="Ringfence",
    version=VERSION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=_Read(),
    renderer=_Written(),
)


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, fault: ValidationError | type[ValidationError]) -> HttpResponse:
    """In our words: the library's repeat what was sent."""
    wrong: dict[str, Text] = {}
    for one in getattr(fault, "errors", ()):
        place, text = reason_of(one)
        wrong.setdefault(place, text)
    raise Invalid(wrong)


for part in (
    me,
    units,
    cases,
    case_acts,
    traces,
    passengers,
    movements,
    approvals,
    kinds,
    tasks,
    my_tasks,
    *lake.PARTS,
):
    api.add_router("", part.router)
