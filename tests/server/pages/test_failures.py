"""What cannot be done is said plainly, with its status, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from ringfence.errors import DataError, NotAllowed, NotFound, StorageError
from ringfence_server.access import open_to_all
from ringfence_server.config import urls


class Meanwhile(DataError):
    status = 409


FAULTS: dict[str, Exception] = {
    "data": DataError("the field onset is not a date", "onset 不是日期"),
    "meanwhile": Meanwhile("somebody else has changed it", "他人已修改"),
    "none": NotFound("there is no case C9", "没有病例 C9"),
    "not-you": NotAllowed("two people are needed", "需要两人"),
    "disk": StorageError("the disk is full", "磁盘已满"),
    "database": OperationalError("server closed the connection"),
    "bug": RuntimeError("zhang.wei 13800000000"),
}


@open_to_all
def fails(request: HttpRequest, kind: str) -> HttpResponse:
    raise FAULTS[kind]


@open_to_all
def posts(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


urlpatterns = [path("fails/<kind>/", fails), path("posts/", posts), *urls.urlpatterns]
handler403, handler404 = urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("data", 400, "onset 不是日期"),
        ("meanwhile", 409, "他人已修改"),
        ("none", 404, "没有病例 C9"),
        ("not-you", 403, "需要两人"),
        ("disk", 503, "磁盘已满"),
        ("database", 503, "服务器暂时无法使用"),
        ("bug", 500, "程序出错"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_each_fault_has_its_page(kind: str, status: int, words: str) -> None:
    """Without the database: none of these pages may need it."""
    client = Client(raise_request_exception=False)
    answer = client.get(f"/fails/{kind}/")
    assert answer.status_code == status
    page = answer.content.decode()
    assert words in page
    assert "13800000000" not in page
    assert "server closed" not in page
    assert 'lang="zh-Hans"' in page
    english = client.get(f"/fails/{kind}/", headers={"accept-language": "en"}).content.decode()
    assert words not in english
    assert 'lang="en"' in english


@override_settings(ROOT_URLCONF=__name__)
def test_a_stale_form_changes_nothing_and_says_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/posts/", {"a": "b"})
    assert answer.status_code == 403
    assert "表单已过期" in answer.content.decode()


@pytest.mark.django_db
def test_too_many_attempts(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    sent = {"login": "nobody", "password": "wrong"}
    answers = [client.post("/account/sign-in/", sent) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert "尝试次数过多" in answers[-1].content.decode()
