"""Records asked for through the API: under a case within reach, each act once and in the audit."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.server.api.programs import Program, new_key
from tests.server.cases.town import Town, enter
from tests.server.homes import NOON, told_of
from tests.server.tasks.test_killed import dies

from ringfence.lake import Home, withdraw
from ringfence.operations.requests import Scope, all_requests, open_request
from ringfence.sources import import_file
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.models import Case, Submission

pytestmark = pytest.mark.django_db
PERSON = "110105194912310021"
STAYS = "subject,place,start,end\np1,R,2022-07-04T10:00:00+08:00,2022-07-04T11:00:00+08:00\n"


@pytest.fixture
def stranger(case: Case, town: Town) -> Program:
    """Of the other district."""
    return Program.of(town.staff("stranger", "data_analyst", "000102"))


def entry(**given: Any) -> dict[str, Any]:
    told = {
        "agency": "rail-bureau",
        "case": "C1",
        "basis": "Law on epidemics, article 40",
        "tables": ["presence"],
        "start": "2022-07-03T00:00:00+08:00",
        "end": "2022-07-07T00:00:00+08:00",
        "due": "2022-07-07T14:00:00+08:00",
    }
    return {**told, **given}


def opened(program: Program, **given: Any) -> Any:
    return program.post("/lake/requests", entry(**given))


def received(
    home: Home, folder: Path, text: str = STAYS, minutes: int = 45, table: str = "presence"
) -> str:
    file = folder / "answer.csv"
    file.write_text(text, encoding="utf-8")
    at = NOON + timedelta(minutes=minutes)
    return import_file(home, file, table=table, now=at).batch


def test_asked_answered_and_told_under_the_accounts_name(
    home: Home, analyst: Program, tmp_path: Path
) -> None:
    told = opened(analyst)
    assert (told["request"]["request"], told["replayed"]) == ("R1", False)
    assert told["request"]["opened_by"] == "analyst"
    batch = received(home, tmp_path)
    done = analyst.post("/lake/requests/R1/answer", {"batch": batch[:12]})
    one = done["request"]
    assert (one["state"], one["batch"], one["minutes_waited"]) == ("answered", batch, 45.0)
    assert (one["rows"], one["rows_beyond_scope"], done["replayed"]) == (1, 0, False)
    again = analyst.post("/lake/requests/R1/answer", {"batch": batch})
    assert again["replayed"]
    for act in ("request.open", "request.answer"):
        began, ended = told_of(home, act)
        assert (began.by, began.state, ended.state) == ("analyst", "intended", "done")
        assert began.about["case"] == "C1"


def test_the_same_question_is_the_same_request_whoever_asks(
    home: Home, analyst: Program, town: Town
) -> None:
    opened(analyst)
    chief = Program.of(town.chief)
    again = opened(chief)
    assert (again["request"]["request"], again["replayed"]) == ("R1", True)
    assert again["request"]["opened_by"] == "analyst"
    first = analyst.post("/lake/requests/R1/withdrawal", {"reason": "found elsewhere"})
    assert (first["request"]["state"], first["request"]["reason"]) == (
        "withdrawn",
        "found elsewhere",
    )
    assert analyst.post("/lake/requests/R1/withdrawal", {"reason": "found elsewhere"})["replayed"]
    analyst.post("/lake/requests/R1/withdrawal", {"reason": "another"}, 400)
    assert opened(analyst)["request"]["request"] == "R2"


def test_a_request_sent_again_with_its_key_has_its_first_answer(
    home: Home, analyst: Program
) -> None:
    key = new_key()
    first = analyst.sent("/lake/requests", entry(), key=key)
    again = analyst.sent("/lake/requests", entry(), key=key)
    assert first.told == again.told
    assert again.headers["Idempotency-Replayed"] == "true"
    analyst.sent("/lake/requests", entry(agency="air-bureau"), 422, key)
    assert len(all_requests(home)) == 1


def test_those_of_other_cases_are_as_if_they_were_not(
    home: Home, analyst: Program, stranger: Program, tmp_path: Path
) -> None:
    opened(analyst)
    batch = received(home, tmp_path)
    stranger.post("/lake/requests", entry(), 404)
    assert stranger.get("/lake/requests")["requests"] == []
    assert stranger.get("/lake/requests", case="C1")["requests"] == []
    for path, told in (("answer", {"batch": batch}), ("withdrawal", {"reason": "not ours"})):
        theirs = stranger.post(f"/lake/requests/R1/{path}", told, 404)
        missing = stranger.post(f"/lake/requests/R7/{path}", told, 404)
        assert theirs["detail"].replace("R1", "R7") == missing["detail"]
        stranger.post(f"/lake/requests/seven/{path}", told, 400)
    assert [one.state for one in all_requests(home)] == ["open"]
    assert not [one for one in told_of(home, "request.open") if one.by == "stranger"]


def test_a_case_that_is_seen_without_the_right_is_not_asked_about(
    home: Home, analyst: Program, case: Case, town: Town
) -> None:
    opened(analyst)
    for name, role in (("worker", "grid_worker"), ("doctor", "clinician")):
        other = Program.of(town.staff(name, role, "0001"))
        other.post("/lake/requests", entry(), 403)
        other.post("/lake/requests/R1/withdrawal", {"reason": "no"}, 403)
    unassigned = Program.of(town.detective)
    unassigned.post("/lake/requests", entry(), 404)
    assert unassigned.get("/lake/requests")["requests"] == []
    reader = Program.of(town.staff("reader", "data_analyst", "0001"), ["case.read"])
    assert len(reader.get("/lake/requests")["requests"]) == 1
    reader.post("/lake/requests", entry(), 403)
    assert len(all_requests(home)) == 1


def test_without_a_case_that_stands_nothing_is_asked(home: Home, analyst: Program) -> None:
    analyst.post("/lake/requests", entry(case="C404"), 404)
    analyst.post("/lake/requests", entry(case="C1' OR 1=1 --"), 404)
    assert all_requests(home) == ()


def test_a_case_that_the_lake_has_not_yet_is_said_to_be_on_its_way(
    home: Home, analyst: Program, town: Town
) -> None:
    entered = enter(home, town)
    told = analyst.post("/lake/requests", entry(case=entered.number), 409)
    assert "on its way" in told["detail"]


def test_a_case_that_was_just_imported_is_found(
    home: Home, analyst: Program, tmp_path: Path
) -> None:
    text = (
        "case,subject,disease,classification,symptomatic,jurisdiction\n"
        "C9,p9,covid-19,confirmed,yes,000101\n"
    )
    received(home, tmp_path, text, table="case")
    assert opened(analyst, case="C9")["request"]["case"] == "C9"


@pytest.mark.parametrize(
    "given",
    [
        {"tables": []},
        {"tables": ["presences"]},
        {"tables": "presence"},
        {"tables": ["presence"] * 51},
        {"end": "2022-07-03T00:00:00+08:00"},
        {"start": "2022-07-03"},
        {"start": "2022-07-03T00:00:00"},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"due": "2022-07-07T11:00:00+08:00"},
        {"due": "9999-12-31T23:59:59-14:00"},
        {"basis": "  "},
        {"basis": "x" * 501},
        {"basis": f"for {PERSON} alone"},
        {"basis": "=1+1"},
        {"agency": "13800138000"},
        {"agency": "rail\nbureau"},
        {"agency": ""},
        {"agency": 7},
        {"places": [PERSON]},
        {"places": ["\u202ename"]},
        {"services": ["a\u0007"]},
        {"case": ""},
        {"by": "somebody else"},
    ],
)
def test_what_cannot_be_asked_is_refused_and_not_repeated(
    home: Home, analyst: Program, given: dict[str, Any]
) -> None:
    told = analyst.post("/lake/requests", entry(**given), 400)
    assert PERSON not in str(told)
    assert "13800138000" not in str(told)
    assert all_requests(home) == ()


def test_only_what_came_after_and_holds_what_was_asked_answers(
    home: Home, analyst: Program, tmp_path: Path
) -> None:
    before = received(home, tmp_path, minutes=-5)
    opened(analyst)
    told = analyst.post("/lake/requests/R1/answer", {"batch": before}, 400)
    assert "before R1 was opened" in told["detail"]
    other = received(home, tmp_path, "place,kind,name\nS,bar,Rose\n", table="place")
    analyst.post("/lake/requests/R1/answer", {"batch": other}, 400)
    analyst.post("/lake/requests/R1/answer", {"batch": "0" * 64}, 404)
    analyst.post("/lake/requests/R1/answer", {"batch": "../../x"}, 400)
    analyst.post("/lake/requests/R1/answer", {"batch": "%%%%%%%%"}, 400)
    late = received(home, tmp_path, STAYS.replace("R,", "K,"), minutes=180)
    told = analyst.post("/lake/requests/R1/answer", {"batch": late})
    assert told["request"]["state"] == "late"
    right = received(home, tmp_path, STAYS.replace("p1", "p4"), minutes=50)
    analyst.post("/lake/requests/R1/answer", {"batch": right}, 400)
    withdraw(home, late, "wrong", NOON + timedelta(hours=4))
    assert analyst.post("/lake/requests/R1/answer", {"batch": right})["request"]["batch"] == right


def test_what_was_asked_before_the_home_was_served_is_seen_by_its_cases(
    home: Home, analyst: Program, stranger: Program, tmp_path: Path
) -> None:
    text = (
        "case,subject,disease,classification,symptomatic,jurisdiction\n"
        "C8,p8,covid-19,confirmed,yes,000102\n"
    )
    received(home, tmp_path, text, minutes=0, table="case")
    take_from_lake(home, by=None, at=NOON)
    scope = Scope(("presence",), NOON - timedelta(days=3), NOON)
    due = NOON + timedelta(hours=2)
    told: Any = {"agency": "a", "basis": "law", "scope": scope, "due": due}
    open_request(home, case="C1", by="somebody", now=NOON, **told)
    open_request(home, case="C8", by="somebody", now=NOON, **told)
    there = analyst.get("/lake/requests")
    assert [one["case"] for one in there["requests"]] == ["C1", "C8"]
    assert there["zone"] == "Asia/Shanghai"
    assert [one["case"] for one in stranger.get("/lake/requests")["requests"]] == ["C8"]
    assert analyst.get("/lake/requests", state="answered")["requests"] == []
    assert len(analyst.get("/lake/requests", state="open", case="C1")["requests"]) == 1
    analyst.get("/lake/requests", 400, state="purring")
    analyst.get("/lake/requests", 400, order="case")


def test_answers_name_no_person(home: Home, analyst: Program) -> None:
    told = opened(analyst)
    assert "p1" not in str(told)


@pytest.mark.django_db(transaction=True)
def test_of_16_that_ask_the_same_at_once_there_is_one(home: Home, analyst: Program) -> None:
    ready, found = threading.Barrier(16), []

    def asks() -> None:
        own = Program("")
        own.headers = dict(analyst.headers)
        ready.wait()
        found.append(opened(own)["request"]["request"])
        connections.close_all()

    many = [threading.Thread(target=asks) for _ in range(16)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert found == ["R1"] * 16
    assert len(all_requests(home)) == 1


_OPEN = """
import importlib, json
from django.test import Client
where, name = sys.argv[5].rsplit(".", 1)
setattr(importlib.import_module(where), name, killed)
for part in ("door", "lake.requests"):
    importlib.import_module(f"ringfence_server.api.{part}").now = lambda: now
headers = {"Authorization": sys.argv[6], "Idempotency-Key": sys.argv[7]}
told = {"content_type": "application/json", "headers": headers}
Client().post("/api/v1/lake/requests", sys.argv[8], **told)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("ringfence.operations.requests.acts._insert", 0),
        ("ringfence.operations.requests.acts._step", 0),
        ("ringfence_server.api.lake.requests._done", 1),
        ("ringfence_server.api.once.end_once", 1),
    ],
)
def test_who_is_killed_in_it_asks_again_and_it_is_one_request(
    home: Home, analyst: Program, moment: str, there: int
) -> None:
    key = new_key()
    dies(_OPEN, home, moment, analyst.headers["Authorization"], key, _json(entry()))
    assert len(all_requests(home)) == there
    assert Submission.objects.count() == 0
    answer = analyst.raw("/lake/requests", _json(entry()).encode(), key)
    assert answer.status_code == 200
    assert answer.json()["request"]["request"] == "R1"
    assert answer.json()["replayed"] == bool(there)
    assert len(all_requests(home)) == 1


def _json(told: Any) -> str:
    return json.dumps(told)
