"""Lists go on after a row's place: each row once, and the last page is one range of an index."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from tests.server.api.programs import Program
from tests.server.cases.test_seeing import MANY, many, nodes
from tests.server.cases.town import UNITS, Town, enter
from tests.server.homes import NOON
from tests.server.tracing.conftest import outbreak

from ringfence.lake import Home
from ringfence_server.api.paging import place_to
from ringfence_server.cases.models import Case
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tracing.models import Contact, Run

__all__ = ["many", "outbreak"]
pytestmark = pytest.mark.django_db
LIMIT = 200
_LINE = {level: code for code, level, _ in UNITS if code != "000102" and level != "country"}


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    told: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            told.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield told


def check_plans(told: list[tuple[str, Any]], table: str) -> None:
    """No query sorts the table or reads more of it than a page."""
    looked = False
    for sql, params in told:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            (plan,) = cursor.fetchone()
        whole = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        for node in nodes(whole):
            if "Sort" in node["Node Type"]:
                assert node["Plans"][0]["Actual Rows"] <= LIMIT + 1, sql
            if node.get("Relation Name") == table:
                looked = True
                assert node["Node Type"] != "Seq Scan", sql
                assert node["Actual Rows"] <= LIMIT + 1, sql
                assert node.get("Rows Removed by Filter", 0) <= LIMIT + 1, sql
    assert looked


def last_page(program: Program, path: str, place: str, table: str) -> list[Any]:
    with asked() as told:
        page = program.get(path, limit=LIMIT, after=place)
    check_plans(told, table)
    assert page["next"] is None
    items: list[Any] = page["items"]
    return items


def walk(program: Program, path: str, limit: int) -> list[Any]:
    page = program.get(path, limit=limit)
    items = page["items"]
    while page["next"]:
        assert len(page["items"]) == limit
        page = program.get(page["next"].removeprefix("/api/v1"))
        items += page["items"]
    return list(items)


@pytest.fixture
def tasks(town: Town, chief: Program) -> None:
    """Open tasks of one grid, a third of them the worker's; written as rows."""
    worker = town.staff("worker", "grid_worker", "000101001001001").user.pk
    columns, values = ", ".join(_LINE), ", ".join(f"'{code}'" for code in _LINE.values())
    unit = "000101001001001"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tasks_followup ({columns}, unit_id, person, subjects, disease,"
            f" unit_assumed, since, \"end\") SELECT {values}, '{unit}', 'p' || n, '{{}}',"
            f" 'covid-19', false, %s, '' FROM generate_series(1, {MANY}) n",
            [NOON],
        )
        cursor.execute(
            f"INSERT INTO tasks_task ({columns}, unit_id, follow_up_id, kind, origin, state,"
            f" account_id, made_at, due_at, outcome) SELECT {values}, '{unit}', id, 'notify',"
            " 'rule', 'dispatched', CASE WHEN id %% 3 = 0 THEN %s END, %s,"
            " %s::timestamptz + (id %% 1000) * interval '1 minute', '' FROM tasks_followup",
            [worker, NOON, NOON],
        )
        cursor.execute("ANALYZE tasks_task, tasks_followup")


def _last_task(where: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT due_at, id FROM tasks_task WHERE {where}"
            " ORDER BY due_at DESC, id DESC OFFSET 100 LIMIT 1"
        )
        return place_to(*cursor.fetchone())


def test_the_last_page_of_tasks(town: Town, tasks: None) -> None:
    worker = Program.of(town.staff("worker", "grid_worker", "000101001001001"))
    for where, path, program in (
        ("true", "/tasks?unit=", Program.of(town.chief)),
        ("account_id IS NOT NULL", "/my-tasks", worker),
        ("account_id IS NULL", "/my-tasks/free", worker),
    ):
        assert len(last_page(program, path.split("?")[0], _last_task(where), "tasks_task")) == 100


def test_the_last_page_of_cases(home: Home, town: Town, many: None) -> None:
    at_last = Case.objects.order_by("listed_at", "id")[100]
    place = place_to(at_last.listed_at, at_last.pk)
    for code in ("CN", "0001"):
        program = Program.of(town.staff(f"reader-{code}", "supervisor", code))
        items = last_page(program, "/cases", place, "cases_case")
        assert code != "CN" or len(items) == 100


def test_the_last_page_of_contacts(town: Town, outbreak: Case, chief: Program) -> None:
    run = Run.objects.create(
        case=outbreak, asked_by=town.chief.user, asked_at=NOON, state="done", answer=b""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO tracing_contact (run_id, rank, person, "order", outcome, provisional,'
            " first_exposure, last_exposure, subjects, stays, rules, why) SELECT %s, n, 'p' || n,"
            " 1, 'close', false, %s, %s, '{}', '[]', '{}', '[]' FROM generate_series(0, 49999) n",
            [run.pk, NOON, NOON],
        )
        cursor.execute("ANALYZE tracing_contact")
    place = place_to(49_899)
    items = last_page(chief, f"/traces/{run.pk}/contacts", place, "tracing_contact")
    assert [one["rank"] for one in items] == list(range(49_900, 50_000))
    assert Contact.objects.count() == 50_000


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/units", r'["\ud800"]'),
        ("/units", r'["\u0000"]'),
        ("/units", "[1]"),
        ("/units", "1"),
        ("/tasks", '["2022-07-07T00:00:00", 1]'),
        ("/tasks", '["2022-07-07T00:00:00+00:00", 9223372036854775808]'),
        ("/tasks", '["2022-07-07T00:00:00+00:00", true]'),
        ("/tasks", '["0001-01-01T00:00:00+23:59", 1]'),
        ("/tasks", '["9999-01-01T00:00:00+23:59", 1]'),
        ("/tasks", "[" * 150),
    ],
)
def test_a_place_that_is_none_is_refused(chief: Program, path: str, place: str) -> None:
    after = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    (fault,) = chief.get(path, 400, after=after)["faults"]
    assert fault["at"] == "query.after"


def test_a_longer_page_asks_no_more_often(home: Home, town: Town, chief: Program) -> None:
    _few_tasks(town)
    for number in range(20):
        enter(home, town, number=f"C{number}", person={})
    for path in ("/tasks", "/cases", "/units"):
        counted = []
        for limit in (2, 20):
            with asked() as told:
                chief.get(path, limit=limit)
            counted.append(len(told))
        assert counted[0] == counted[1], path


@pytest.mark.parametrize("limit", [1, 7, 199])
def test_each_row_once_in_order(town: Town, chief: Program, limit: int) -> None:
    _few_tasks(town)
    items = walk(chief, "/tasks", limit)
    assert len(items) == len({one["id"] for one in items}) == 20
    places = [(one["due_at"], one["id"]) for one in items]
    assert places == sorted(places)


def _few_tasks(town: Town) -> None:
    for number in range(20):
        follow_up = FollowUp.objects.create(
            person=f"p{number}",
            subjects=[],
            disease="covid-19",
            unit=town.unit("000101"),
            since=NOON,
        )
        Task.objects.create(
            follow_up=follow_up,
            unit=town.unit("000101"),
            kind="notify",
            origin="rule",
            made_at=NOON,
            due_at=NOON,
        )
