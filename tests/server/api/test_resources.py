"""The loop, as programs live it: a case, its trace, its list approved, tasks done and closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.server.api.programs import Program
from tests.server.api.test_once import ENTRY
from tests.server.cases.town import SECRET, WANG, Town
from tests.server.homes import NOON
from tests.server.tasks.conftest import _SUBJECTS
from tests.server.tasks.loop import traced
from tests.server.tracing.conftest import key_of, outbreak

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.cases.models import Case, LaboratoryResult
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.models import Exposure, Feedback, Task
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.running import run_trace

__all__ = ["outbreak"]
pytestmark = pytest.mark.django_db
POSITIVE = {"sampled": "2022-07-06T10:00:00+08:00", "result": "positive"}


@pytest.fixture
def run(home: Home, outbreak: Case, town: Town, tmp_path: Path) -> Run:
    file = tmp_path / "who.csv"
    file.write_text(_SUBJECTS, encoding="utf-8")
    import_file(home, file, table="subject", now=NOON)
    return traced(home, town.chief)


@pytest.fixture
def worker(town: Town) -> Program:
    return Program.of(town.staff("worker", "grid_worker", "000101001001001"))


def test_a_case_is_entered_and_confirmed(home: Home, chief: Program) -> None:
    entered = chief.post("/cases", ENTRY, 201)
    assert entered["state"] == {
        "word": "entered",
        "en": "without laboratory record",
        "zh": "待实验室结果",
    }
    assert entered["times"] == {"onset": "2022-07-05", "reported": "2022-07-06T09:30:00+08:00"}
    path = f"/cases/{entered['id']}"
    confirmed = chief.post(f"{path}/results", POSITIVE, 201)
    assert confirmed["classification"]["word"] == "confirmed"
    assert confirmed["seen"] > entered["seen"]
    assert chief.get(path)["times"]["sampled"] == "2022-07-06T10:00:00+08:00"
    told = chief.post(f"{path}/results", POSITIVE, 400)
    assert "already" in told["detail"]
    assert LaboratoryResult.objects.count() == 1


def test_times_are_mended_and_a_stale_act_is_refused(home: Home, chief: Program) -> None:
    entered = chief.post("/cases", ENTRY, 201)
    path, seen = f"/cases/{entered['id']}", entered["seen"]
    mended = {"onset": "2022-07-04", "reason": "asked again", "seen": seen}
    assert chief.post(f"{path}/times", mended)["times"]["onset"] == "2022-07-04"
    told = chief.post(f"{path}/withdrawal", {"reason": "mixed up", "seen": seen}, 409)
    assert told["type"] == "urn:ringfence:problem:conflict"
    doubt = {"onset": "2022-07-07", "reason": "typed", "looked_at": False}
    told = chief.post(f"{path}/times", doubt, 400)
    assert told["type"] == "urn:ringfence:problem:doubtful"
    assert [one["at"] for one in told["faults"]] == ["body"]


def test_a_case_is_reclassified_assigned_and_withdrawn(
    home: Home, town: Town, chief: Program
) -> None:
    path = f"/cases/{chief.post('/cases', ENTRY, 201)['id']}"
    detective = Program.of(town.detective)
    detective.get(path, 404)
    assert chief.post(f"{path}/assignments", {}, 400)["faults"][0]["at"] == "body.account"
    assert chief.post(f"{path}/assignments", {"account": "detective"}, 201)["team"] is None
    assert detective.get(path)["owner"] == "0001"
    probable = {"classification": "probable", "reason": "seen by a doctor"}
    assert chief.post(f"{path}/classification", probable)["classification"]["word"] == "probable"
    assert chief.post(f"{path}/withdrawal", {"reason": "no"})["state"]["word"] == "withdrawn"
    detective.post(f"{path}/withdrawal", {"reason": "no"}, 403)


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"unit": "nowhere"}, "body.unit"),
        ({"disease": "flu"}, "body.disease"),
        ({"times": {"onset": "yesterday"}}, "body.times.onset"),
        ({"times": {"onset": "2022-07-05T10:00"}}, "body.times.onset"),
        ({"times": {"onset": "2022-07-09"}}, "body.times.onset"),
        ({"times": {"onset": "0001-01-01T00:00:00+23:59"}}, "body.times.onset"),
        ({"times": {"born": "2022-07-05"}}, "body.times.born"),
        ({"person": {"id_number": "000101199001011013"}}, "body.person.id_number"),
        ({"person": {"phone": 13800138000}}, "body.person.phone"),
        ({"classification": "discarded"}, "body.classification"),
        ({"classification": "confirmed"}, "body.classification"),
        ({"symptomatic": "yes"}, "body.symptomatic"),
        ({"positive": True}, "body.sampled"),
        ({"王小明": "13800138000"}, "body.?"),
    ],
)
def test_what_is_wrong_is_named_by_its_place_and_never_repeated(
    home: Home, chief: Program, change: dict[str, Any], at: str
) -> None:
    told = chief.post("/cases", {**ENTRY, **change}, 400)
    places = [one["at"] for one in told["faults"]]
    assert places == [at] or (at == "body.sampled" and places == ["body.times.sampled"])
    for value in (*WANG.values(), "13800138000", "王小明", "000101199001011013"):
        assert value not in str(told)
    assert Case.objects.count() == 0


def test_nobody_is_named_in_any_answer(home: Home, chief: Program) -> None:
    key = chief.post("/cases", ENTRY, 201)["id"]
    chief.post(f"/cases/{key}/results", POSITIVE, 201)
    told = str([chief.get("/cases"), chief.get(f"/cases/{key}"), chief.get("/me")])
    assert not [value for value in WANG.values() if value in told]
    rows = str(list(AuditRow.objects.values()))
    assert not [value for value in WANG.values() if value in rows]


def test_a_trace_is_asked_for_once_and_read(home: Home, outbreak: Case, chief: Program) -> None:
    path = f"/cases/{outbreak.pk}/traces"
    asked = chief.post(path, status=202)
    assert asked["state"] == "waiting"
    assert chief.post(path, status=202)["id"] == asked["id"]
    trace = f"/traces/{asked['id']}"
    chief.get(f"{trace}/contacts", 404)
    deliver(home, secret=SECRET, at=NOON)
    run_trace(home, asked["id"], now=NOON)
    done = chief.get(trace)
    assert (done["state"], done["case"]) == ("done", outbreak.pk)
    page = chief.get(f"{trace}/contacts")
    assert len(page["items"]) == done["figures"]["close"] + done["figures"]["general"]
    first = page["items"][0]
    one = chief.get(f"{trace}/contacts/{first['rank']}")
    assert one["person"] == first["person"]
    assert any(
        "line" in row["en"] or ".csv" in row["en"] for why in one["why"] for row in why["rows"]
    )
    assert chief.get(f"{trace}/contacts", outcome="second")["items"] == []
    assert chief.get(f"{trace}/contacts", person="p2")["items"][0]["person"] == "p2"
    assert chief.get(f"{trace}/venues")["items"] == []
    assert [one["id"] for one in chief.get(path)["items"]] == [asked["id"]]
    chief.get(f"{trace}/contacts/99", 404)
    chief.post(f"/cases/{key_of('C1')}/traces", status=202)
    assert len(chief.get(path, limit=1)["items"]) == 1


def test_a_question_is_answered(home: Home, town: Town, run: Run, chief: Program) -> None:
    trace = f"/traces/{run.pk}"
    for item in chief.get(f"{trace}/questions")["items"]:
        if not item["words"]:
            continue
        told = {"question": item["id"], "word": item["words"][0]["word"]}
        answered = chief.post(f"{trace}/answers", told, 201)
        assert answered["answer"] == told["word"]
        if len(item["words"]) > 1:
            chief.post(f"{trace}/answers", {**told, "word": item["words"][1]["word"]}, 409)
    chief.post(f"{trace}/answers", {"question": "none", "word": "yes"}, 404)


def test_a_list_becomes_work_that_is_done(
    home: Home, town: Town, run: Run, chief: Program, worker: Program
) -> None:
    assert [one["id"] for one in chief.get("/approvals")["items"]] == [run.pk]
    preview = chief.get(f"/traces/{run.pk}/approval")
    assert preview["approved"] is None
    chief.post(f"/traces/{run.pk}/approval", {"digest": "0" * 32}, 409)
    done = chief.post(f"/traces/{run.pk}/approval", {"digest": preview["digest"]})
    figures = done["figures"]
    assert figures["made"] + figures["by_measure"] == sum(preview["makes"].values())
    assert chief.get(f"/traces/{run.pk}/approval")["approved"] == done
    assert chief.get("/approvals")["items"] == []
    made = [one for one in chief.get("/tasks")["items"] if one["kind"]["word"] != "release"]
    assert len(made) == done["figures"]["made"]
    assert len(chief.get("/tasks", kind="notify")["items"]) < done["figures"]["made"]
    chief.get("/tasks", 404, unit="nowhere")

    free = worker.get("/my-tasks/free")["items"]
    one = next(line for line in free if line["kind"]["word"] == "notify")
    path = f"/my-tasks/{one['id']}"
    assert worker.get(path)["exposures"] == []
    taken = worker.post(f"{path}/steps", {"to": "accepted"})
    assert [line["id"] for line in worker.get("/my-tasks")["items"]] == [one["id"]]
    exposure = taken["exposures"][0]
    said = {"exposure": exposure["id"], "was_there": "yes", "start": exposure["start"], "zone": "7"}
    report = {"outcome": "reached", "said": [said], "symptoms": ["cough"], "since": "2022-07-06"}
    for change, at in (
        ({"outcome": "gone"}, "body.outcome"),
        ({"symptoms": ["plague"]}, "body.symptoms"),
        ({"said": [{**said, "start": "soon"}]}, "body.said.0.start"),
        ({"note": "call 13800138000"}, "body.note"),
    ):
        told = worker.post(f"{path}/report", {**report, **change}, 400)
        assert [fault["at"] for fault in told["faults"]] == [at]
    assert worker.post(f"{path}/report", report, 201)["state"]["word"] == "feedback"
    assert Feedback.objects.count() == 1
    worker.post(f"{path}/report", report, 409)

    desk = f"/tasks/{one['id']}"
    seen = chief.get(desk)
    assert seen["settled"]
    assert (seen["outcome"]["word"], seen["cases"]) == ("reached", [run.case_id])
    chief.post(f"{desk}/verification", {"seen": 1}, 409)
    checked = chief.post(f"{desk}/verification", {"seen": seen["seen"]})
    closed = chief.post(f"{desk}/closing", {"seen": checked["seen"]})
    assert [state["state"] for state in closed["states"]] == [
        "dispatched",
        "accepted",
        "feedback",
        "verified",
        "closed",
    ]


def test_a_task_is_refused_and_sent_to_another(
    home: Home, town: Town, run: Run, chief: Program, worker: Program
) -> None:
    digest = chief.get(f"/traces/{run.pk}/approval")["digest"]
    chief.post(f"/traces/{run.pk}/approval", {"digest": digest})
    one = worker.get("/my-tasks/free")["items"][0]["id"]
    worker.post(f"/my-tasks/{one}/steps", {"to": "refused"}, 400)
    worker.post(f"/my-tasks/{one}/steps", {"to": "refused", "reason": "on leave"})
    seen = chief.get(f"/tasks/{one}")
    assert "on leave" not in str(seen)
    sent = {"seen": seen["seen"], "account": "worker"}
    assert chief.post(f"/tasks/{one}/sending", sent)["account"] == "worker"
    assert worker.get("/my-tasks")["items"][0]["id"] == one
    chief.post(f"/tasks/{one}/sending", {**sent, "account": "chief"}, 409)
    assert Task.objects.get(pk=one).account is not None


def test_another_person_who_was_there_goes_to_the_vault(
    home: Home, town: Town, run: Run, chief: Program, worker: Program
) -> None:
    digest = chief.get(f"/traces/{run.pk}/approval")["digest"]
    chief.post(f"/traces/{run.pk}/approval", {"digest": digest})
    one = worker.get("/my-tasks/free")["items"][0]["id"]
    worker.post(f"/my-tasks/{one}/steps", {"to": "accepted"})
    exposure = Exposure.objects.filter(follow_up__tasks=one)[0].pk
    other = {"exposure": exposure, "person": {"name": "李娜", "phone": "13900139000"}}
    told = worker.post(f"/my-tasks/{one}/report", {"outcome": "reached", "others": [other]}, 201)
    assert "李娜" not in str(told)
    assert Task.objects.filter(kind="verify").count() == 1


def test_units_are_those_of_the_account(town: Town, chief: Program) -> None:
    told = chief.get("/units", limit=3)
    codes = [one["code"] for one in told["items"]]
    while told["next"]:
        told = chief.get(told["next"].removeprefix("/api/v1"))
        codes += [one["code"] for one in told["items"]]
    assert codes == sorted(code for code in town.units if code.startswith("0001"))
    assert [one["code"] for one in chief.get("/units", level="district")["items"]] == [
        "000101",
        "000102",
    ]


def test_traces_elsewhere_are_as_if_there_were_none(town: Town, run: Run) -> None:
    neighbour = Program.of(town.neighbour)
    neighbour.get(f"/traces/{run.pk}", 404)
    neighbour.post(f"/cases/{run.case_id}/traces", status=404)
    neighbour.post(f"/traces/{run.pk}/approval", {"digest": "x"}, 404)


def test_newest_trace_first(
    home: Home, town: Town, run: Run, chief: Program, tmp_path: Path
) -> None:
    again = traced(home, town.chief)
    path = f"/cases/{run.case_id}/traces"
    first = chief.get(path, limit=1)
    assert [one["id"] for one in first["items"]] == [again.pk]
    second = chief.get(first["next"].removeprefix("/api/v1"))
    assert [one["id"] for one in second["items"]] == [run.pk]
    assert second["next"] is None
