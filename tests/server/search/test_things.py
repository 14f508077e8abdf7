"""What is nobody: venues of real traces, diseases by other names, tasks, accounts, clusters."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.tasks.conftest import chief, outbreak, run
from tests.server.tasks.loop import approved, traced
from tests.server.tracing.conftest import home, town

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence.sources.normalise.place_review import Decided, keep_decisions
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case, Cluster
from ringfence_server.search import things, venues
from ringfence_server.search.jobs import read_names
from ringfence_server.search.models import RunRead, UnitReading, Venue
from ringfence_server.search.typed import read
from ringfence_server.tasks.models import Task
from ringfence_server.tracing.models import Contact, Run

__all__ = ["chief", "home", "outbreak", "run", "town"]


def _rows(home: Home, text: str, by: Acting, group: str) -> list[tuple[str, str]]:
    found = things.found(home, read(text, home, NOON), by=by, at=NOON)
    return [(row.text.en, row.url) for one in found if one.name.en == group for row in one.rows]


def _named(home: Home, folder: Path, place: str, name: str) -> None:
    file = folder / "places.csv"
    file.write_text(f"place,kind,name\n{place},ktv,{name}\n", encoding="utf-8")
    import_file(home, file, table="place", now=NOON)


def test_venues_of_the_newest_run_by_name_alias_and_pinyin(
    home: Home, run: Run, town: Town, chief: Acting, tmp_path: Path
) -> None:
    """A run that is answered anew is read anew; whoever sees the case finds its places."""
    place = _place_of(run)
    assert venues.read_anew(home, at=NOON) == 1
    _named(home, tmp_path, place, "重庆火锅")
    keep_decisions(home, Decided({"老李火锅店": place}, frozenset()))
    again = traced(home, chief)
    assert venues.read_anew(home, at=NOON) == 1
    assert venues.read_anew(home, at=NOON) == 0
    assert [one.run_id for one in RunRead.objects.all()] == [again.pk]
    assert set(Venue.objects.values_list("label", flat=True)) >= {f"重庆火锅 ({place})"}
    at = f"/traces/{again.pk}/"
    for text in ("重庆火锅", "火锅", "chongqing huoguo", "cqhg", "老李火锅店", "laoli"):
        assert [url for _, url in _rows(home, text, chief, "Venues of traces")] == [at], text
    assert _rows(home, "火锅", town.neighbour, "Venues of traces") == []
    assert _rows(home, "zhongqing", chief, "Venues of traces") == []


def _place_of(run: Run) -> str:
    """Of the first stay of its first contact: `name (key)`, or the key alone."""
    stays = [stay for one in Contact.objects.filter(run=run) for stay in one.stays]
    return str(stays[0][0]).rpartition("(")[2].rstrip(")")


def test_a_task_by_its_number(home: Home, run: Run, town: Town, chief: Acting) -> None:
    approved(home, run, chief)
    one = Task.objects.filter(follow_up__person="p2")[0]
    assert [url for _, url in _rows(home, str(one.pk), chief, "Tasks")] == [f"/tasks/{one.pk}/"]
    worker = town.staff("worker", "grid_worker", "000101001001001")
    assert [url for _, url in _rows(home, f"#{one.pk}", worker, "Tasks")] == [
        f"/my-tasks/{one.pk}/"
    ]
    other = town.staff("other", "grid_worker", "000102")
    assert _rows(home, str(one.pk), other, "Tasks") == []
    assert _rows(home, str(one.pk), town.neighbour, "Tasks") == []


@pytest.mark.parametrize("text", ["covid-19", "COVID", "新冠", "xinguan", "sars-cov-2", "新冠肺炎"])
def test_a_disease_by_what_people_call_it(home: Home, town: Town, text: str) -> None:
    assert _rows(home, text, town.chief, "Diseases") == [("covid-19", "/cases/?disease=covid-19")]
    worker = town.staff("worker", "grid_worker", "000101001001001")
    assert _rows(home, text, worker, "Diseases") == []


def test_accounts_for_who_manages_them(home: Home, town: Town) -> None:
    town.staff("wang.fang", "clinician", "000101")
    admin = town.staff("admin", "administrator", "0001")
    user = town.staff("zeng.x", "clinician", "000101").user
    type(user).objects.filter(pk=user.pk).update(name="曾小红")
    for text in ("曾小红", "zengxiaohong", "zxh", "zeng.x"):
        assert _rows(home, text, admin, "Accounts") == [("曾小红", f"/accounts/{user.pk}/")], text
    assert _rows(home, "曾小红", town.chief, "Accounts") == []
    far = town.staff("far", "administrator", "000102")
    assert _rows(home, "曾小红", far, "Accounts") == []


def test_clusters_by_pinyin(home: Home, town: Town, chief: Acting) -> None:
    unit = town.unit("000101")
    made = Cluster.objects.create(name="新发地市场", unit=unit, by=chief.user, at=NOON)
    for text in ("新发地", "xinfadi", "xfdsc"):
        assert _rows(home, text, chief, "Clusters") == [
            ("新发地市场", f"/cases/clusters/{made.pk}/")
        ]
    assert _rows(home, "xinfadi", town.neighbour, "Clusters") == []


def test_a_case_by_a_part_of_its_number(home: Home, outbreak: Case, chief: Acting) -> None:
    assert _rows(home, "c1", chief, "Cases") == [("C1", f"/cases/{outbreak.pk}/")]


def test_the_job_reads_names(home: Home, run: Run) -> None:
    read_names()
    assert UnitReading.objects.exists()
    assert Venue.objects.filter(run=run).exists()
