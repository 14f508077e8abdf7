"""Answers to what cannot be done: in both languages, without anybody's data."""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import DiskFull

from ringfence.errors import NotAllowed, NotFound, StorageError, Text, UserError
from ringfence_server.web.problems import asks_for_json, problem, problem_of

_REFUSED = Text("You may not do this", "您没有此操作的权限")
_ASK = Text(
    "Your role does not include it. If your work needs it, ask the administrator of your unit.",
    "您的角色不包含此权限。如工作需要，请联系本单位管理员。",
)
_STALE = Text("This form is too old to be sent", "表单已过期，未提交")
_STALE_WHY = Text(
    "The page was open too long, or cookies are off. Nothing was changed."
    " Go back, load it again and send once more.",
    "页面停留过久，或浏览器禁用了 Cookie。数据未作更改。请返回并刷新页面后重新提交。",
)
_NOT_FOUND = Text("There is no such page", "没有此页面")
_NOT_FOUND_WHY = Text(
    "The address may be mistyped, or what it showed is outside your reach.",
    "地址可能有误，或其内容不在您的管辖范围内。",
)
_TOO_OFTEN = Text("Too many attempts", "尝试次数过多")
_TOO_OFTEN_WHY = Text("Wait a minute, then try again.", "请等待一分钟后重试。")
_FAULT = Text("A fault of the program", "程序出错")
_FAULT_WHY = Text(
    "Sorry. Nothing was left half done, and the fault has been written down."
    " Try again; if it comes back, tell the administrator the time shown here.",
    "抱歉。操作没有停在半途，错误已记录。请重试；若再次出现，请将下方时间告知管理员。",
)
_AWAY = Text("The server is resting for a moment", "服务器暂时无法使用")
_AWAY_WHY = Text(
    "Its database does not answer: it may be starting or under maintenance."
    " What you had sent before is safe. Try again in a minute.",
    "数据库未响应：可能正在启动或维护。此前已提交的内容不受影响。请一分钟后重试。",
)
_UNREADABLE = Text("This request cannot be read", "无法识别此请求")
_UNREADABLE_WHY = Text(
    "The address or the content of the request is not as it should be. Nothing was changed.",
    "请求的地址或内容不符合要求。数据未作更改。",
)
_FULL = Text("The server's disk is full", "服务器磁盘已满")
_FULL_WHY = Text(
    "What you sent was not kept, and nothing was left half done. Pages can be read meanwhile."
    " Tell the administrator, and send it again when there is room.",
    "您提交的内容未保存，操作没有停在半途。其间仍可阅览页面。请告知管理员，腾出空间后重新提交。",
)
_CANNOT = Text("This cannot be done", "无法完成此操作")
_STATUS: dict[type[UserError], int] = {NotFound: 404, NotAllowed: 403, StorageError: 503}


def unreadable(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, 400, _UNREADABLE, _UNREADABLE_WHY)


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, 403, _REFUSED, _ASK)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _page(request, 403, _STALE, _STALE_WHY)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, 404, _NOT_FOUND, _NOT_FOUND_WHY)


def too_often(request: HttpRequest) -> HttpResponse:
    return _page(request, 429, _TOO_OFTEN, _TOO_OFTEN_WHY)


def fault(request: HttpRequest) -> HttpResponse:
    """Called while the fault is being handled."""
    raised = sys.exc_info()[1]
    if isinstance(getattr(raised, "__cause__", None), DiskFull):
        return _page(request, 503, _FULL, _FULL_WHY)
    if isinstance(raised, OperationalError | InterfaceError):
        answer = _page(request, 503, _AWAY, _AWAY_WHY)
        answer.headers["Retry-After"] = "60"
        return answer
    return _page(request, 500, _FAULT, _FAULT_WHY)


def told_error(request: HttpRequest, error: UserError) -> HttpResponse:
    """What a view could not do, where it has no form to say it beside. An error may carry the
    `status` that it means, such as 409.
    """
    if asks_for_json(request):
        return problem_of(error, status_of(error), _CANNOT)
    return _page(request, status_of(error), _CANNOT, error.text)


def status_of(error: UserError) -> int:
    """Its own, where it means one."""
    own: int | None = getattr(error, "status", None)
    if own:
        return own
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def _page(request: HttpRequest, status: int, text: Text, why: Text) -> HttpResponse:
    if asks_for_json(request):
        return problem(status, text, why)
    return render(
        request, "failure.html", {"status": status, "text": text, "why": why}, status=status
    )
