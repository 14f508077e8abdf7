"""Every address of the server, for somebody who has opened a case of another unit.

What shows anything of it has told the audit before; what would change it is refused; and the moment
its time is over there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from tests.server.access.test_every_role_everywhere import EXAMPLES, WITH_EXAMPLE, _somebodies
from tests.server.homes import new_home, told_of
from tests.server.tree import browser, loaded, person

from ringfence.lake import Home, open_home
from ringfence_server.cases.models import Assignment, Case, CaseChange, ClusterCase
from ringfence_server.deployment.here import deployment, now
from ringfence_server.glass.models import Opening
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
ELSEWHERE = "440303"
OF_A_CASE = [one for one in WITH_EXAMPLE if {"case", "run"} & set(one.pattern.converters)]


@pytest.fixture
def served(tmp_path: Path, settings: LazySettings) -> Home:
    made = new_home(tmp_path)
    settings.RINGFENCE = replace(deployment(), home=made.root)
    return open_home(made.root)


@pytest.fixture
def client(served: Home) -> Iterator[Client]:
    """Of a supervisor of one city, who has opened the case of another."""
    loaded()
    _somebodies()
    user = person("reader", "supervisor", "4401")
    for names in ({"case"}, {"run"}):
        EXAMPLES[frozenset(names)](ELSEWHERE)
    case = Case.objects.get(number=f"C-{ELSEWHERE}")
    Opening.objects.create(
        case=case,
        unit=case.owner,
        came_from=user.unit,
        first=case.owner,
        purpose="danger",
        reason="no answer by telephone",
        by=user,
        at=now(),
        until=now() + timedelta(hours=1),
    )
    made = browser(user)
    made.raise_request_exception = False
    yield made


def _url(one: URLPattern) -> str:
    return reverse(str(one.name), kwargs=EXAMPLES[frozenset(one.pattern.converters)](ELSEWHERE))


@pytest.mark.parametrize("address", OF_A_CASE, ids=lambda one: str(one.name))
def test_shown_only_when_told_and_changed_never(
    served: Home, client: Client, address: URLPattern
) -> None:
    url, before = _url(address), _rows()
    for method in ("get", "post"):
        had = len(told_of(served, "glass.looked"))
        with transaction.atomic():
            answer = getattr(client, method)(url, {"reason": "x", "seen": "0"})
            assert _rows() == before, "nothing is changed"
            transaction.set_rollback(True)
        assert answer.status_code in {200, 403, 404, 405}, answer.status_code
        told = told_of(served, "glass.looked")[had:]
        if answer.status_code == 200:
            assert [row.about["page"] for row in told] == [address.name]
            assert told[0].about["case"] == f"C-{ELSEWHERE}"
            if "text/html" in answer["Content-Type"] and address.name != "trace_picture":
                assert b'class="opened"' in answer.content or b"<html" not in answer.content


def _rows() -> tuple[int, ...]:
    return (
        CaseChange.objects.count(),
        Run.objects.count(),
        Assignment.objects.count(),
        ClusterCase.objects.filter(until__isnull=True).count(),
    )


@pytest.mark.parametrize("address", OF_A_CASE, ids=lambda one: str(one.name))
def test_when_its_time_is_over_there_is_nothing(
    served: Home, client: Client, address: URLPattern
) -> None:
    Opening.objects.update(until=now())
    for method in ("get", "post"):
        answer = getattr(client, method)(_url(address), {"reason": "x"})
        assert answer.status_code in {404, 405}
    assert told_of(served, "glass.looked") == []


def test_lists_and_neighbours_of_the_case_stay_closed(client: Client) -> None:
    """Not the case of another unit, nor the cluster, the tasks or the list that it stands in."""
    number = f"C-{ELSEWHERE}".encode()
    for name in ("cases", "clusters", "tasks", "approvals", "tasks_lost", "openings"):
        page = client.get(reverse(name)).content
        assert number not in page.split(b"<main", 1)[1], name
    other = EXAMPLES[frozenset({"case"})]("4403")
    assert client.get(reverse("case", kwargs=other)).status_code == 404
    group = EXAMPLES[frozenset({"cluster"})](ELSEWHERE)
    assert client.get(reverse("cluster", kwargs=group)).status_code == 404


def test_every_page_tells_how_long_it_is_still_open(client: Client) -> None:
    for name in ("inbox", "cases", "tasks", "glass"):
        page = client.get(reverse(name)).content.decode()
        assert 'class="opened"' in page, name
        assert "剩余 0 小时 59 分" in page, name
    key = Opening.objects.get().pk
    assert client.post(reverse("glass_end"), {"opening": key}).status_code == 302
    assert 'class="opened"' not in client.get("/").content.decode()


def test_where_the_audit_cannot_be_written_nothing_is_shown(served: Home, client: Client) -> None:
    url = reverse("case", kwargs=EXAMPLES[frozenset({"case"})](ELSEWHERE))
    assert client.get(url).status_code == 200
    (served.audit / "audit.sqlite").write_bytes(b"broken")
    answer = client.get(url)
    assert answer.status_code == 503
    assert f"s-{ELSEWHERE}" not in answer.content.decode()


def test_ones_own_cases_are_not_told(served: Home, client: Client) -> None:
    own = EXAMPLES[frozenset({"case"})]("4401")
    assert client.get(reverse("case", kwargs=own)).status_code == 200
    assert told_of(served, "glass.looked") == []
