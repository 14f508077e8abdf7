"""Pages of those who approve lists and send tasks out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.server.cases.town import UNITS, Town
from tests.server.homes import NOON
from tests.server.seen import seen
from tests.server.tasks.loop import approved, client_of, task, traced

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.models import Approval, Exposure, Task
from ringfence_server.tasks.reporting import Report, Said, report
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Contact, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(chief: Acting) -> Client:
    return client_of(chief)


def seen_on(page: str, name: str = "seen") -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_previewed_and_sent_on_one_click(run: Run, desk: Client) -> None:
    at = f"/traces/{run.pk}/approval/"
    assert f'href="{at}"' in desk.get("/approvals/").content.decode()
    assert f'href="{at}"' in desk.get(f"/traces/{run.pk}/").content.decode()
    counted = run.figures
    people = counted["close"] + counted["general"] + counted["second"]
    assert f"{counted['close']} close · {people} people" in desk.get("/approvals/").content.decode()
    assert "contact lists to approve" in desk.get("/").content.decode()
    page = desk.get(at).content.decode()
    assert "<dt>notify</dt>" in page and "<dt>release</dt>" in page
    assert "bring to the site" not in page, "the days at the site were over long ago"
    sent = {"digest": seen_on(page, "digest")}
    for _ in range(2):
        answer = desk.post(at, sent)
        assert (answer.status_code, answer["location"]) == (302, at)
    assert Task.objects.exclude(kind="release").count() == 2
    assert "4 tasks were sent" in desk.get(at).content.decode()
    assert "No list waits" in desk.get("/approvals/").content.decode()


def test_a_stale_preview_is_told_so(home: Home, run: Run, chief: Acting, desk: Client) -> None:
    at = f"/traces/{run.pk}/approval/"
    sent = {"digest": seen_on(desk.get(at).content.decode(), "digest")}
    assert desk.post(at, {"digest": "x"}).status_code == 409
    assert desk.post(at, {}).status_code == 409
    traced(home, chief)
    answer = desk.post(at, sent)
    assert answer.status_code == 409
    assert "newer trace" in answer.content.decode()
    assert Approval.objects.count() == 0


def test_the_list_with_its_filters(home: Home, run: Run, chief: Acting, desk: Client) -> None:
    approved(home, run, chief)
    page = desk.get("/tasks/").content.decode()
    assert page.count('href="/tasks/') >= 4
    grid = seen(desk.get("/tasks/?unit=000101001001001"))
    assert "p2" in grid and "p3" not in grid
    assert "No task matches" in desk.get("/tasks/?kind=verify").content.decode()
    assert "No task matches" in desk.get("/tasks/?state=feedback").content.decode()
    assert desk.get("/tasks/?unit=999999").status_code == 404
    for hostile in ("' OR 1=1 --", "%", "x" * 5_000, "<script>alert(1)</script>", "a\0b"):
        for name in ("state", "kind", "after", "sort"):
            answer = desk.get("/tasks/", {name: hostile})
            assert answer.status_code == 200
            assert b"<script>alert" not in answer.content
        assert desk.get("/tasks/", {"unit": hostile}).status_code == 404


def test_from_the_report_to_the_end(
    home: Home, run: Run, chief: Acting, worker: Acting, desk: Client
) -> None:
    approved(home, run, chief)
    one = task("p2", "notify")
    at = f"/tasks/{one.pk}/"
    page = desk.get(at).content.decode()
    assert "worker (0)" in page
    sent = {"seen": seen_on(page), "unit": one.unit_id, "account": "worker", "reason": "near"}
    assert desk.post(f"{at}send/", sent).status_code == 302
    assert desk.post(f"{at}send/", sent).status_code == 409
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    told = Report("reached", [Said(Exposure.objects.get().pk, "no", "table 3")], note="was ill")
    report(home=home, number=one.pk, told=told, token="t", by=worker, at=NOON)
    page = desk.get(at).content.decode()
    assert all(word in page for word in ("was not there", "table 3", "was ill", "reached and told"))
    assert "王小明" not in page
    assert desk.post(f"{at}check/", {"seen": seen_on(page)}).status_code == 302
    assert desk.post(f"{at}close/", {"seen": "1"}).status_code == 409
    page = desk.get(at).content.decode()
    assert desk.post(f"{at}close/", {"seen": seen_on(page)}).status_code == 302
    page = desk.get(at).content.decode()
    assert page.index("sent out") < page.rindex("closed")
    assert desk.post(f"{at}close/", {"seen": seen_on_states(one)}).status_code == 409
    assert desk.post(f"{at}more/", {"kind": "sample"}).status_code == 302
    assert desk.post(f"{at}more/", {"kind": "<b>"}).status_code == 400


def seen_on_states(one: Task) -> str:
    return str(one.states.order_by("-pk")[0].pk)


ADDRESSES = ("", "send/", "check/", "close/", "more/")


def test_others_find_nothing_there(home: Home, run: Run, chief: Acting, town: Town) -> None:
    approved(home, run, chief)
    one = task("p2", "notify")
    neighbour = client_of(town.neighbour)
    worker = client_of(town.staff("worker", "grid_worker", "000101001001001"))
    analyst = client_of(town.staff("analyst", "data_analyst", "0001"))
    for way in ADDRESSES:
        at = f"/tasks/{one.pk}/{way}"
        for client, status in ((neighbour, 404), (worker, 403), (analyst, 403)):
            answer = client.post(at, {"kind": "sample"}) if way else client.get(at)
            assert answer.status_code == status, (at, status)
    for way in ("/approvals/", "/tasks/lost/", "/tasks/clocks/", f"/traces/{run.pk}/approval/"):
        assert worker.get(way).status_code == 403
        assert analyst.get(way).status_code == 403
    assert neighbour.get(f"/traces/{run.pk}/approval/").status_code == 404
    assert neighbour.post(f"/traces/{run.pk}/approval/").status_code == 404
    assert "No open task" in neighbour.get("/tasks/").content.decode()


def test_clocks_and_who_fell_out(
    home: Home, run: Run, chief: Acting, worker: Acting, desk: Client
) -> None:
    assert "No list was approved yet" in desk.get("/tasks/clocks/").content.decode()
    approved(home, run, chief)
    one = task("p2", "notify")
    step(number=one.pk, to="accepted", by=worker, at=NOON)
    report(home=home, number=one.pk, told=Report("reached"), token="t", by=worker, at=NOON)
    page = desk.get("/tasks/clocks/").content.decode()
    assert (
        page.count(">36 h 0 min<") == 8
    )  # from 6 July 00:00 to 7 July 12:00 local, of case and unit
    assert "Nobody fell out" in desk.get("/tasks/lost/").content.decode()
    Task.objects.filter(follow_up__person="p3").update(state="closed")
    page = seen(desk.get("/tasks/lost/"))
    assert "p3" in page and "p2" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Approve and send", "By unit"]), ("zh-hans", ["审核并派发", "按单位"])],
)
def test_in_both_languages(run: Run, chief: Acting, language: str, words: list[str]) -> None:
    client = client_of(chief, language)
    client.cookies["language"] = language
    page = client.get(f"/traces/{run.pk}/approval/").content.decode()
    assert [word for word in words if word not in page] == []


Asked = list[tuple[str, Any]]
"""Statements and their values."""


@pytest.fixture
def asked() -> Iterator[Asked]:
    """What the database is asked during the test."""
    heard: Asked = []

    def listen(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        heard.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(listen):
        yield heard


MANY = 100_000


@pytest.fixture
def many(town: Town) -> None:
    """Open tasks, most of them in one grid; written as rows: the question is how they are read."""
    line = {level: code for code, level, _ in UNITS if code != "000102"}
    names = [level for level in line if level != "country"]
    columns = ", ".join(names)
    own = ", ".join(f"CASE WHEN n %% 3 = 0 THEN '' ELSE '{line[name]}' END" for name in names)
    unit = "CASE WHEN n %% 3 = 0 THEN 'CN' ELSE '000101001001001' END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO tasks_followup ({columns}, unit_id, person, subjects, disease,
                unit_assumed, since, "end")
            SELECT {own}, {unit}, 'p' || n, ARRAY['p' || n], 'covid-19', false, %s, ''
            FROM generate_series(1, {MANY}) AS n
            """,
            [NOON],
        )
        cursor.execute(
            f"""
            INSERT INTO tasks_task ({columns}, unit_id, follow_up_id, kind, origin, state, made_at,
                due_at, outcome)
            SELECT {columns}, unit_id, id, 'notify', 'rule', 'dispatched', %s,
                %s::timestamptz + (id %% 50) * interval '1 minute', ''
            FROM tasks_followup
            """,
            [NOON, NOON],
        )
        cursor.execute("ANALYZE tasks_task")
        cursor.execute("ANALYZE tasks_followup")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def test_no_level_sorts_or_reads_more_than_a_page(town: Town, many: None, home: Home) -> None:
    asked: list[tuple[str, Any]] = []
    for code in (code for code, _, _ in UNITS if code != "000102"):
        client = client_of(town.staff(f"reader-{code}", "supervisor", code))
        asked.clear()

        def listen(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
            if "ORDER BY" in sql and '"tasks_task"."due_at"' in sql:
                asked.append((sql, params))
            return execute(sql, params, *rest)

        with connection.execute_wrapper(listen):
            first = client.get("/tasks/").content.decode()
            later = re.search(r'href="(\?[^"]*after=[^"]*)"', first)
            assert later is not None, code
            client.get(f"/tasks/{later[1]}".replace("&amp;", "&"))
        assert len(asked) >= 2
        for sql, params in asked:
            _check_plan(sql, params)


def _check_plan(sql: str, params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (told,) = cursor.fetchone()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    for node in nodes(plan):
        if "Sort" in node["Node Type"]:  # a handful in another unit's order is no sorting
            assert node["Plans"][0]["Actual Rows"] <= 60, sql
        if node.get("Relation Name") == "tasks_task":
            assert node["Node Type"] != "Seq Scan"
            assert node["Actual Rows"] <= 60
            assert node.get("Rows Removed by Filter", 0) <= 2_100


def test_the_inbox_counts_in_an_index_at_every_level(
    town: Town, many: None, home: Home, asked: Asked
) -> None:
    """Rows of tasks are wide and many; the index holds what is counted by."""
    with connection.cursor() as cursor:
        # As after a VACUUM, which no transaction may do, and with closed tasks in the table too.
        cursor.execute("UPDATE pg_class SET relallvisible = relpages WHERE relname = 'tasks_task'")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    numbers = set()
    for role in ("supervisor", "grid_worker"):
        for code in (code for code, _, _ in UNITS if code != "000102"):
            client = client_of(town.staff(f"{role}-{code}", role, code))
            client.get("/")
            asked.clear()
            assert client.get("/").status_code == 200
            counts = [one for one in asked if "COUNT(" in one[0] and 'FROM "tasks_task"' in one[0]]
            assert len(counts) >= 2
            numbers.add((role, len(counts)))
            for sql, params in counts:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                    (told,) = cursor.fetchone()
                plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
                kinds = {
                    node["Node Type"]
                    for node in nodes(plan)
                    if node.get("Relation Name") == "tasks_task"
                }
                # What one account has in hand, and the releases, are few: any index will do.
                few = '"account_id" = ' in sql or '"kind" = ' in sql
                assert kinds <= {"Index Only Scan", *(["Index Scan"] if few else [])}, (code, sql)
    assert len(numbers) == 2, "as many questions at each level"


def test_a_list_is_shown_without_reading_all_its_evidence(
    run: Run, desk: Client, asked: Asked
) -> None:
    desk.get(f"/traces/{run.pk}/")
    asked.clear()
    page = seen(desk.get(f"/traces/{run.pk}/"))
    assert "p2" in page
    assert not any('"tracing_run"."answer"' in sql for sql, _ in asked)
    known = len(asked)
    Run.objects.filter(pk=run.pk).update(beside=None)
    assert seen(desk.get(f"/traces/{run.pk}/")).count("p2") == page.count("p2")
    before = Contact.objects.get(run=run, person="p2")
    Contact.objects.bulk_create(
        Contact(
            **{
                field.attname: getattr(before, field.attname)
                for field in Contact._meta.concrete_fields
                if field.name not in ("id", "rank", "person")
            },
            rank=1_000 + number,
            person=f"q{number}",
        )
        for number in range(60)
    )
    Run.objects.filter(pk=run.pk).update(beside=run.beside)
    asked.clear()
    assert "q59" in desk.get(f"/traces/{run.pk}/").content.decode()
    assert len(asked) == known


def test_clocks_ask_as_often_whatever_they_are_about(
    home: Home, run: Run, chief: Acting, desk: Client, asked: Asked
) -> None:
    """And never by a list of all the people of the cases."""
    approved(home, run, chief)
    desk.get("/tasks/clocks/")
    asked.clear()
    desk.get("/tasks/clocks/")
    questions = [sql for sql, _ in asked if 'FROM "tasks_' in sql]
    assert len(questions) == 3
    assert not any('"follow_up_id" IN' in sql for sql in questions)


def test_a_grid_is_named_with_its_community(
    home: Home, run: Run, chief: Acting, desk: Client
) -> None:
    grid = Unit.objects.get(code="000101001001001")
    assert grid.parent is not None
    name = f"{grid.parent.name('en')} {grid.name('en')}"
    assert f'<td data-name="Unit">{name}' not in desk.get("/tasks/").content.decode()
    approved(home, run, chief)
    page = desk.get("/tasks/").content.decode()
    assert f'<td data-name="Unit">{name}</td>' in page
    with CaptureQueriesContext(connection) as asked:
        desk.get("/tasks/")
    assert [one["sql"] for one in asked if f"'{grid.parent_id}'" in one["sql"]] == []
