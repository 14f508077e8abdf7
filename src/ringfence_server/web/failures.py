"""Answers to what cannot be done: in both languages, without anybody's data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.errors import Text

_REFUSED = Text("You may not do this.", "您没有此操作的权限。")
_STALE = Text(
    "This page was open too long, or cookies are off. Go back, load it again and send once more.",
    "页面停留过久，或浏览器禁用了 Cookie。请返回并刷新页面后重新提交。",
)
_NOT_FOUND = Text("There is no such page.", "没有此页面。")
_FAULT = Text(
    "Sorry, this is a fault of the program. Nothing was half done. It has been written down.",
    "抱歉，程序出错。操作未完成一半；错误已记录。",
)


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, 403, _REFUSED)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _page(request, 403, _STALE)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, 404, _NOT_FOUND)


def fault(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, _FAULT)


def _page(request: HttpRequest, status: int, text: Text) -> HttpResponse:
    return render(request, "failure.html", {"told": text}, status=status)
