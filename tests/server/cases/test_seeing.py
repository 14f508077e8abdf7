"""Who sees which cases; and that a page of them costs the same at every level."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from tests.server.cases.town import DAY, UNITS, Town, enter
from tests.server.homes import NOON

from ringfence.errors import DataError, NotAllowed, NotFound
from ringfence.lake import Home
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts.models import Appointment
from ringfence_server.cases import actions
from ringfence_server.cases.models import Case, Cluster
from ringfence_server.cases.queries import case_of, page, visible
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db


def numbers(by: Acting) -> list[str]:
    return [case.number for case in visible(by).order_by("number")]


def test_a_unit_sees_its_own_and_what_lies_below(home: Home, town: Town) -> None:
    enter(home, town, number="A", person={})
    enter(home, town, number="B", person={}, unit=town.unit("000102"))
    assert numbers(town.chief) == ["A", "B"]
    assert numbers(town.neighbour) == ["B"]
    assert numbers(town.staff("street", "supervisor", "000101001")) == []
    assert numbers(town.staff("state", "supervisor", "CN")) == ["A", "B"]
    for role in ("grid_worker", "auditor", "administrator", "investigator", "clinician"):
        assert numbers(town.staff(f"a-{role}", role, "0001")) == [], role


def test_what_lies_outside_is_as_if_there_were_none(home: Home, town: Town) -> None:
    case = enter(home, town)
    assert case_of(town.chief, case.number) == case
    for by in (town.neighbour, town.detective):
        with pytest.raises(NotFound) as outside:
            case_of(by, case.number)
        with pytest.raises(NotFound) as nowhere:
            case_of(by, "no such case")
        assert str(outside.value) == str(nowhere.value)
    for number in ("' OR 1=1 --", "a\0b", "", "%", "../x"):
        with pytest.raises(NotFound):
            case_of(town.chief, number)


def test_assigned_to_an_account(home: Home, town: Town) -> None:
    case = enter(home, town)
    made = actions.assign(number=case.number, account=town.detective.user, by=town.chief, at=NOON)
    assert case_of(town.detective, case.number, "case.write") == case
    with pytest.raises(NotAllowed):
        case_of(town.detective, case.number, "case.withdraw")
    with pytest.raises(DataError):
        actions.assign(number=case.number, account=town.detective.user, by=town.chief, at=NOON)
    actions.end_assignment(key=made.pk, by=town.chief, at=NOON + DAY)
    assert numbers(town.detective) == []
    assert [row.act for row in AuditRow.objects.order_by("id")][1:] == [
        "case.assigned",
        "case.unassigned",
    ]


def test_assigned_to_a_team(home: Home, town: Town) -> None:
    case = enter(home, town)
    actions.assign(number=case.number, team=town.unit("000101"), by=town.chief, at=NOON)
    assert numbers(town.detective) == [case.number]
    assert numbers(town.staff("elsewhere", "investigator", "000102")) == []


def test_assigned_through_a_cluster(home: Home, town: Town) -> None:
    case = enter(home, town)
    unit = town.unit("000101")
    cluster = actions.make_cluster(name="Blue Karaoke", unit=unit, by=town.chief, at=NOON)
    actions.assign(cluster=cluster.pk, account=town.detective.user, by=town.chief, at=NOON)
    assert numbers(town.detective) == []
    actions.join(cluster=cluster.pk, number=case.number, by=town.chief, at=NOON)
    assert numbers(town.detective) == [case.number]
    with pytest.raises(DataError, match="cluster already"):
        actions.join(cluster=cluster.pk, number=case.number, by=town.chief, at=NOON)
    actions.leave(cluster=cluster.pk, number=case.number, by=town.chief, at=NOON + DAY)
    assert numbers(town.detective) == []
    with pytest.raises(NotFound):
        actions.leave(cluster=cluster.pk, number=case.number, by=town.chief, at=NOON + DAY)


def test_nobody_assigns_what_they_do_not_see_or_to_whom_may_not(home: Home, town: Town) -> None:
    case = enter(home, town)
    with pytest.raises(NotFound):
        actions.assign(number=case.number, account=town.neighbour.user, by=town.neighbour, at=NOON)
    worker = town.staff("worker", "grid_worker", "000101")
    with pytest.raises(NotAllowed):
        actions.assign(number=case.number, account=worker.user, by=town.chief, at=NOON)
    with pytest.raises(NotAllowed):
        actions.make_cluster(name="Lotus", unit=town.unit("000101"), by=town.neighbour, at=NOON)
    assert Cluster.objects.count() == 0


def test_an_appointment_that_ended_ends_the_sight(home: Home, town: Town) -> None:
    case = enter(home, town)
    chief = town.chief
    Appointment.objects.filter(user=chief.user).update(until=NOON)
    with pytest.raises(NotFound):
        case_of(acting_of(chief.user, NOON), case.number)


MANY = 100_000


@pytest.fixture
def many(town: Town) -> None:
    """Most cases of the country in one city, most of these in one grid; written as rows, for the
    question is how they are read.
    """
    line = {level: code for code, level, _ in UNITS if code != "000102"}
    names = [level for level in line if level != "country"]
    columns = ", ".join(names)
    own = ", ".join(f"CASE WHEN n %% 3 = 0 THEN '' ELSE '{line[name]}' END" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO cases_case ({columns}, unit_id, owner_id, number, disease, subject,
                classification, onset_precision, sampled_precision, reported_precision,
                isolated_precision, state, round, listed_at, place_unknown, twin, at)
            SELECT {own}, CASE WHEN n %% 3 = 0 THEN 'CN' ELSE '000101001001001' END, '0001',
                'N' || n, CASE WHEN n %% 50 = 0 THEN 'measles' ELSE 'covid-19' END, 's' || n,
                'suspected', '', '', '', '', 'entered', 1,
                %s::timestamptz - (n %% 50) * interval '1 minute', false, false, %s
            FROM generate_series(1, {MANY}) AS n
            """,
            [NOON, NOON],
        )
        cursor.execute("ANALYZE cases_case")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def test_no_level_sorts_or_reads_more_than_a_page(town: Town, many: None) -> None:
    for code, _, _ in UNITS:
        _check_plan(town, code)


def _check_plan(town: Town, code: str) -> None:
    by = town.staff(f"reader-{code}", "supervisor", code)
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        first = page(by, {})
        later = page(by, {}, first.next) if first.next else first
    if code != "000102":
        assert len(first.cases) == len(later.cases) == 50
        assert not {case.pk for case in first.cases} & {case.pk for case in later.cases}
    for sql, params in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            (told,) = cursor.fetchone()
        plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
        for node in nodes(plan):
            if "Sort" in node["Node Type"]:  # a handful in another unit's order is no sorting
                assert node["Plans"][0]["Actual Rows"] <= 60
            if node.get("Relation Name") == "cases_case":
                assert node["Node Type"] != "Seq Scan"
                assert node["Actual Rows"] <= 60
                assert node.get("Rows Removed by Filter", 0) <= 60


def test_pages_go_through_all_cases_once_whatever_the_units(home: Home, town: Town) -> None:
    for number in range(30):
        unit = town.unit("000101" if number % 3 else "000102")
        enter(home, town, number=f"C{number}", person={}, unit=unit)
    town.staff("several", "supervisor", "000101")
    town.staff("several", "supervisor", "000101001")
    town.staff("several", "investigator", "0001")
    by = town.staff("several", "supervisor", "000102")
    actions.assign(number="C1", account=by.user, by=town.chief, at=NOON)
    seen, after = [], None
    while True:
        some = page(by, {}, after, size=7)
        seen += [case.number for case in some.cases]
        after = some.next
        if after is None:
            break
    assert sorted(seen) == sorted(f"C{number}" for number in range(30))


def test_filters(home: Home, town: Town) -> None:
    enter(home, town, number="A", person={})
    enter(home, town, number="B", person={}, disease="measles")
    found = page(town.chief, {"disease": "measles", "state": ""}).cases
    assert [case.number for case in found] == ["B"]
    assert page(town.chief, {"state": "' OR 1=1 --"}).cases == []
    assert Case.objects.count() == 2
