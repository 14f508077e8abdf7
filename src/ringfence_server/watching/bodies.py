"""A request that brings too much is refused before it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ringfence.errors import DataError
from ringfence_server.deployment.limits import MOST_BYTES
from ringfence_server.web.failures import told_error

_MEGABYTES = MOST_BYTES // 1024 // 1024


class TooLarge(DataError):
    status = 413


class Bodies:
    """What tells no length is read as empty: Django reads no further than it was told."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if told.isascii() and told.isdigit() and int(told) <= MOST_BYTES:
            return self._answer(request)
        return told_error(
            request,
            TooLarge(
                f"what was sent is larger than {_MEGABYTES} MB: import large files with"
                " `ringfence login` and `ringfence import`, which send them in parts",
                f"提交内容超过 {_MEGABYTES} MB：大文件请用 ringfence login 与 ringfence import "
                "分段上传导入",
            ),
        )
