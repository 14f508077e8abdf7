"""What programs are told of what cannot be done: `application/problem+json` (RFC 9457).

    {"type": "urn:ringfence:problem:invalid", "title": …, "status": 400, "detail": …,
     "faults": [{"at": "body.times.onset", "detail": …}]}

`type` is for programs, and stays. `title` and `detail` are for people, in the language that the
request prefers. `faults`: where in the request, and what would be right. No value is repeated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from ringfence.errors import Text, UserError

API = "/api/"
MEDIA = "application/problem+json"
URN = "urn:ringfence:problem:"
WORDS: Mapping[int, str] = {
    400: "invalid",
    401: "unknown-token",
    403: "not-allowed",
    404: "not-found",
    405: "no-such-method",
    409: "conflict",
    413: "too-large",
    415: "other-media-type",
    422: "key-reused",
    429: "too-often",
    500: "fault",
    503: "away",
}
"""By status, unless an error says its own."""

Fault = tuple[str, Text]


def asks_for_json(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def problem(
    status: int, title: Text, detail: Text, *, word: str = "", faults: Sequence[Fault] = ()
) -> HttpResponse:
    here = "en" if (get_language() or "").startswith("en") else "zh"
    told: dict[str, Any] = {
        "type": URN + (word or WORDS[status]),
        "title": title.to(here),
        "status": status,
        "detail": detail.to(here),
    }
    if faults:
        told["faults"] = [{"at": at, "detail": text.to(here)} for at, text in faults]
    content = json.dumps(told, ensure_ascii=False)
    return HttpResponse(
        content, status=status, content_type=MEDIA, headers={"Cache-Control": "no-store"}
    )


def problem_of(error: UserError, status: int, title: Text) -> HttpResponse:
    """An error may carry its own `word`, `title` and `headers`, and name `fields` or `doubts`."""
    fields: Mapping[str, Text] = getattr(error, "fields", {})
    doubts: Sequence[Text] = getattr(error, "doubts", ())
    answer = problem(
        status,
        getattr(error, "title", title),
        error.text,
        word="doubtful" if doubts else getattr(error, "word", ""),
        faults=[*fields.items(), *(("body", doubt) for doubt in doubts)],
    )
    for name, value in getattr(error, "headers", {}).items():
        answer.headers[name] = value
    return answer
