"""Views that wait, fail, and write; what they are given may be a person's data."""

from __future__ import annotations

import os
from threading import Event

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from ringfence_server.access import open_to_all
from ringfence_server.config import urls
from ringfence_server.tasks.kinds import book

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@open_to_all
def person(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(f"{name} {request.GET.get('q')}")


@open_to_all
@csrf_exempt
def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"no such person: {request.POST.get('name') or request.GET.get('name')}")


@open_to_all
@csrf_exempt
def refused_by_the_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [request.POST["name"]])
    return HttpResponse("never")


@open_to_all
def slow(request: HttpRequest) -> HttpResponse:
    Event().wait(float(request.GET["seconds"]))
    return HttpResponse("done")


@open_to_all
def process(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{os.getpid()}")


@open_to_all
def kinds(request: HttpRequest) -> HttpResponse:
    """Which process answers, and the kinds of its own that it knows."""
    return HttpResponse(f"{os.getpid()} {' '.join(sorted(book().own))}")


@open_to_all
@csrf_exempt
def two_rows(request: HttpRequest) -> HttpResponse:
    """One act: both rows, or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        for part in (1, 2):
            cursor.execute("INSERT INTO probe VALUES (%s, %s)", [request.POST["key"], part])
    return HttpResponse("written")


urlpatterns = [
    path("person/<str:name>/", person, name="person"),
    path("fail/", fail, name="fail"),
    path("database/", refused_by_the_database, name="database"),
    path("slow/", slow, name="slow"),
    path("process/", process, name="process"),
    path("kinds-here/", kinds, name="kinds_here"),
    path("two-rows/", two_rows, name="two_rows"),
    *urls.urlpatterns,
]
