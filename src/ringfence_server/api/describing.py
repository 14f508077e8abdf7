"""The API described by OpenAPI 3.1: every status, every problem, who may, and what a key is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja.operation import Operation

from ringfence.errors import Text
from ringfence_server.access import need_of, open_to_all
from ringfence_server.api.once import HEADER, PATTERN, REPLAYED
from ringfence_server.api.operations import Taking, taking_of
from ringfence_server.api.reading import JSON
from ringfence_server.api.root import ROOT, api
from ringfence_server.web.problems import MEDIA, URN

_SCHEME = "token"
_DESCRIPTION = (
    "Programs act for an account by a token, which carries some of the account's rights. Texts are"
    " in the language that `Accept-Language` prefers, `en` or `zh`. Times are UTC; a day is a"
    " calendar day of the home's zone.\n\n"
    "程序以令牌代表账户操作，令牌包含该账户的部分权限。文本语言按 Accept-Language（en 或 zh）。"
    "时间为 UTC；日期为数据目录所在时区的日历日。"
)
_REFUSED: dict[int, Text] = {
    400: Text("something in the request cannot be taken", "请求中有不能接受的内容"),
    401: Text("no valid token", "没有有效的令牌"),
    403: Text("the token or the account may not", "令牌或账户没有权限"),
    404: Text("nothing there, or not within reach", "没有此内容，或不在管辖范围内"),
    409: Text("overtaken by another, or under way", "已被他人变更，或正在处理"),
    413: Text("too large", "内容过大"),
    415: Text("another media type", "内容类型不符"),
    422: Text("the key came with another request", "幂等键已用于另一请求"),
    429: Text("too many invalid tokens from this address", "来自此地址的无效令牌过多"),
    500: Text("a fault of the program", "程序出错"),
    503: Text("away for a moment", "暂时无法使用"),
}
_ALWAYS = (400, 401, 403, 404, 429, 500, 503)
_OF_WRITING = (409, 413, 415, 422)
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": f"^{URN}[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "detail"],
                "properties": {"at": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_KEY: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": f"^{PATTERN}$"},
    "description": (
        "a new one for each act; sent again with the same content, the act happens once and the"
        " answer is the same · 每次操作一个新值；以相同内容重发时只执行一次，答复相同"
    ),
}


@open_to_all
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The program's own description: nobody's data, and the same for everybody."""
    return HttpResponse(_written(), content_type=JSON)


@cache
def _written() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1)


def document() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))
    told["info"]["description"] = _DESCRIPTION
    told["components"]["schemas"]["Problem"] = _PROBLEM
    told["components"]["securitySchemes"] = {
        _SCHEME: {"type": "http", "scheme": "bearer", "description": "rf_…"}
    }
    for operation, described in _operations(told):
        _complete(operation, described)
    return told


def _operations(told: dict[str, Any]) -> Iterator[tuple[Operation, dict[str, Any]]]:
    by_name = {
        described["operationId"]: described
        for ways in told["paths"].values()
        for described in ways.values()
    }
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for one in view.operations:
                yield one, by_name[one.view_func.__name__]


def _complete(operation: Operation, described: dict[str, Any]) -> None:
    need, taking = need_of(operation.view_func), taking_of(operation.view_func)
    right = need.right if need is not None else None
    described["security"] = [{_SCHEME: [right] if right else []}]
    if right:
        described["x-right"] = right
    refused = [*_ALWAYS, *(_OF_WRITING if taking is not None else ())]
    if taking is not None:
        _complete_writing(described, taking)
    for status in refused:
        text = _REFUSED[status]
        described["responses"][str(status)] = {
            "description": f"{text.en} · {text.zh}",
            "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _complete_writing(described: dict[str, Any], taking: Taking) -> None:
    if JSON in taking.media and not taking.kept:
        return
    if JSON in taking.media:
        described["parameters"].append(_KEY)
        for answer in described["responses"].values():
            answer["headers"] = {REPLAYED: {"schema": {"const": "true"}}}
    else:
        described["requestBody"] = {"required": True, "content": {m: {} for m in taking.media}}
