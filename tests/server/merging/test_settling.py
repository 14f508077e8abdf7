"""Decisions whose numbers are one person: within reach, once, known to the next trace."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.server.api.programs import Program, new_key
from tests.server.cases.town import Town, enter
from tests.server.homes import NOON, told_of
from tests.server.merging.doubt import told

from ringfence import identity
from ringfence.engines.persons import person_of
from ringfence.identity import store
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.merging import settling
from ringfence_server.merging.following import trace_anew
from ringfence_server.merging.looking import look
from ringfence_server.merging.models import Decision, Looked, Question
from ringfence_server.outbox import auditing
from ringfence_server.search.models import Asked
from ringfence_server.search.quotas import quotas
from ringfence_server.tasks.models import FollowUp, Link, Task
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
MERGE = {
    "kind": "merge",
    "subjects": ["p1", "lab-77"],
    "reason": "the ward rang: a slip of the pen",
}
_DECISIONS = "/lake/identity/decisions"


def settled(home: Home, program: Program, wanted: dict[str, Any] = MERGE) -> Any:
    made = program.post(_DECISIONS, wanted, 201)
    settling.run_decision(home, made["id"], clock=lambda: NOON)
    return program.get(f"{_DECISIONS}/{made['id']}")


def acts(home: Home) -> list[store.Act]:
    with store.reading(home) as connection:
        return [] if connection is None else store.acts(connection)


def follow_up(town: Town, subject: str, unit: str, case: Case | None = None) -> FollowUp:
    made = FollowUp.objects.create(
        person=subject, subjects=[subject], disease="covid-19", unit=town.unit(unit), since=NOON
    )
    if case is not None:
        Link.objects.create(follow_up=made, case=case, outcome="close", since=NOON)
    Task.objects.create(
        follow_up=made, unit=made.unit, kind="notify", origin="rule", made_at=NOON, due_at=NOON
    )
    return made


def test_questions_are_those_of_cases_and_contacts_and_nothing_is_kept_of_others(
    question: Question, program: Program
) -> None:
    assert question.subjects == ["lab-77", "p1"]
    assert question.kinds == ["name"]
    assert Looked.objects.get().others == 1
    found = program.get("/lake/identity/questions")
    assert found["fresh"]
    (one,) = found["items"]
    assert (one["subjects"], one["kinds"]) == (["lab-77", "p1"], ["name"])
    assert "n1" not in str(found)


def test_a_merge_is_the_homes_act_under_the_accounts_name_and_the_next_trace_knows_it(
    home: Home, question: Question, program: Program, outbreak: Case
) -> None:
    done = settled(home, program)
    assert (done["state"], done["act"], done["by"]) == ("done", 1, "analyst")
    assert done["persons"] == [["lab-77", "p1"]]
    assert done["cases"] == ["C1"]
    (act,) = acts(home)
    assert (act.kind, act.by, act.reason) == ("merge", "analyst", MERGE["reason"])
    auditing.drain(home)
    (decided,) = told_of(home, "identity.decided")
    assert (decided.by, decided.about["subjects"]) == ("analyst", "p1,lab-77")
    assert [row.state for row in told_of(home, "identity.merge")] == ["intended", "done"]
    assert trace_anew(at=NOON) == 1
    assert trace_anew(at=NOON) == 0
    run = Run.objects.get(case=outbreak)
    assert run.asked_by is None
    run_trace(home, run.pk, now=NOON)
    people = Contact.objects.filter(run=run).values_list("person", flat=True)
    assert set(people) == {"p2", "p3", "p6"}
    assert look(home, at=NOON) == 0


def test_a_request_that_comes_again_is_one_decision(
    home: Home, question: Question, program: Program
) -> None:
    key = new_key()
    first = program.post(_DECISIONS, MERGE, 201, key)
    assert program.post(_DECISIONS, MERGE, 201, key) == first
    assert program.post(_DECISIONS, MERGE, 201) == first, "the same is under way"
    program.post(_DECISIONS, {**MERGE, "reason": "another"}, 422, key)
    for _ in range(3):
        settling.run_decision(home, first["id"], clock=lambda: NOON)
    assert len(acts(home)) == Decision.objects.count() == 1
    again = program.post(_DECISIONS, MERGE, 400)
    assert "one person already" in again["detail"]


def test_a_worker_killed_after_the_homes_act_is_followed_by_one_that_finds_it(
    home: Home, question: Question, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = program.post(_DECISIONS, MERGE, 201)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(settling, "_end", killed)
        with pytest.raises(Killed):
            settling.run_decision(home, made["id"], clock=lambda: NOON)
    assert Decision.objects.get().state == "running"
    later = NOON + timedelta(minutes=1)
    settling.run_decision(home, made["id"], clock=lambda: later)
    assert len(acts(home)) == 1
    assert Decision.objects.get().state == "done"


def test_a_worker_killed_before_the_homes_act_is_followed_by_one_that_does_it(
    home: Home, question: Question, program: Program
) -> None:
    made = program.post(_DECISIONS, MERGE, 201)
    Decision.objects.update(state="running", begun_at=NOON)
    later = NOON + timedelta(minutes=1)
    settling.run_decision(home, made["id"], clock=lambda: later)
    (act,) = acts(home)
    assert act.at == later


def test_undone_they_are_apart_and_a_split_parts_them_for_good(
    home: Home, question: Question, program: Program
) -> None:
    act = settled(home, program)["act"]
    undone = settled(home, program, {"kind": "undo", "act": act, "reason": "wrong person"})
    assert undone["persons"] == [["lab-77"], ["p1"]]
    assert person_of(identity.snapshot(home, NOON).persons, "lab-77") == "lab-77"
    refused = program.post(_DECISIONS, {"kind": "undo", "act": act, "reason": "once more"}, 400)
    assert "undone already" in refused["detail"]
    settled(home, program)
    split = settled(home, program, {"kind": "split", "subjects": ["lab-77"], "reason": "another"})
    assert split["persons"] == [["lab-77"], ["p1"]]
    look(home, at=NOON)
    assert Question.objects.count() == 0, "somebody has told them apart"


def test_what_somebody_explains_is_counted_audited_and_within_reach(
    home: Home, question: Question, program: Program, analyst: Acting
) -> None:
    settled(home, program)
    found = program.post("/lake/identity/explanations", {"subject": "lab-77"})["explained"]
    assert (found["person"], found["subjects"]) == ("lab-77", ["lab-77", "p1"])
    assert [one["kind"] for one in found["reasons"]] == ["merge"]
    unknown = program.post("/lake/identity/explanations", {"subject": "nobody"}, 404)
    other = program.post("/lake/identity/explanations", {"subject": "n1"}, 404)
    assert unknown == other, "whether there is such a number is not told"
    assert [one.hits for one in Asked.objects.order_by("pk")] == [1, 0, 0]
    auditing.drain(home)
    assert len(told_of(home, "search.people")) == 3
    for _ in range(quotas().usual.hour):
        Asked.objects.create(account=analyst.user, at=NOON, kinds="name", digest="x")
    program.post("/lake/identity/explanations", {"subject": "p1"}, 429)


@pytest.mark.parametrize(
    "subjects", [["p1", "p9"], ["p1", "n1"], ["n1", "n2"], ["p1", "nobody"], ["p2", "p9"]]
)
def test_a_number_of_nobody_is_not_merged_into_a_case_to_see_where_it_was(
    home: Home, question: Question, program: Program, subjects: list[str]
) -> None:
    """p9 has stays: merged with a case, the trace would show them."""
    answer = program.post(_DECISIONS, {**MERGE, "subjects": subjects}, 404)
    assert "within your reach" in answer["detail"]
    assert Decision.objects.count() == 0
    assert acts(home) == []


def test_elsewhere_there_is_nothing(
    home: Home, town: Town, question: Question, program: Program
) -> None:
    act = settled(home, program)
    far = Program.of(town.staff("far", "data_analyst", "000102"))
    assert far.get("/lake/identity/questions")["items"] == []
    far.post(_DECISIONS, MERGE, 404)
    far.post(_DECISIONS, {"kind": "undo", "act": act["act"], "reason": "not mine"}, 404)
    far.post(_DECISIONS, {"kind": "split", "subjects": ["p1"], "reason": "not mine"}, 404)
    far.post("/lake/identity/explanations", {"subject": "p1"}, 404)
    far.get(f"{_DECISIONS}/{act['id']}", 404)
    assert len(acts(home)) == 1


def test_anothers_contact_is_told_by_its_unit_and_decided_above_both(
    home: Home, town: Town, question: Question, outbreak: Case
) -> None:
    follow_up(town, "lab-77", "000102")
    here = Program.of(town.staff("here", "data_analyst", "000101"))
    refused = here.post(_DECISIONS, MERGE, 403)
    assert "000102" in refused["detail"]
    there = Program.of(town.staff("there", "data_analyst", "000102"))
    assert "000101" in there.post(_DECISIONS, MERGE, 403)["detail"]
    above = Program.of(town.staff("above", "data_analyst", "0001"))
    assert settled(home, above)["state"] == "done"
    assert "C1" not in str(there.get("/lake/identity/questions"))


@pytest.mark.parametrize(
    "wanted",
    [
        {**MERGE, "subjects": ["p1"]},
        {**MERGE, "subjects": ["p1", "p1"]},
        {**MERGE, "subjects": []},
        {**MERGE, "subjects": ["p1", "lab\0-77"]},
        {**MERGE, "subjects": ["p1", "a\nb"]},
        {**MERGE, "subjects": ["p1", "x" * 201]},
        {**MERGE, "subjects": [f"s{n}" for n in range(30)]},
        {**MERGE, "reason": ""},
        {**MERGE, "reason": "  "},
        {**MERGE, "reason": "x" * 501},
        {**MERGE, "reason": "王小明 13800138000"},
        {**MERGE, "reason": "the bearer of 000101199001011012"},
        {**MERGE, "reason": "a\0b"},
        {**MERGE, "kind": "link"},
        {**MERGE, "kind": "left"},
        {"kind": "undo", "reason": "which"},
        {"kind": "undo", "act": -1, "reason": "which"},
        {"kind": "split", "subjects": ["p1"], "reason": "from whom"},
        {**MERGE, "by": "chief"},
    ],
)
def test_what_cannot_be_meant_is_refused(
    home: Home, question: Question, program: Program, wanted: dict[str, Any]
) -> None:
    answer = program.post(_DECISIONS, wanted, 400)
    assert "13800138000" not in str(answer)
    assert Decision.objects.count() == 0


def test_sql_and_markup_are_numbers_of_nobody(
    home: Home, question: Question, program: Program
) -> None:
    for hostile in (
        "p1' OR '1'='1",
        "'; DROP TABLE act; --",
        "<script>",
        "{p1,lab-77}",
        "%",
        "../p1",
    ):
        program.post(_DECISIONS, {**MERGE, "subjects": ["p1", hostile]}, 404)
        program.post("/lake/identity/explanations", {"subject": hostile}, 404)
    assert acts(home) == []


def test_who_has_not_the_right_may_not(question: Question, town: Town) -> None:
    for acting in (town.chief, town.detective):
        Program.of(acting).post(_DECISIONS, MERGE, 403)
        Program.of(acting).get("/lake/identity/questions", 403)
    closed = Program.of(town.staff("analyst", "data_analyst", "0001"), ["case.read"])
    closed.post(_DECISIONS, MERGE, 403)
    Program("rf_" + "x" * 43).post(_DECISIONS, MERGE, 401)


def test_a_link_of_the_rules_is_not_undone_for_a_whole_city(
    home: Home, question: Question, program: Program, tmp_path: Path
) -> None:
    text = "subject,id_kind,id_number,name\np1b,resident,000101199001011012,王小明\n"
    told(home, tmp_path, "subject", text)
    from ringfence.identity.linking import link

    settled(home, program)
    assert link(home, by="ringfence", now=NOON).act in (None, 2)
    with store.writing(home) as connection:
        act = store.record(connection, "link", at=NOON, by="ringfence", reason="")
    program.post(_DECISIONS, {"kind": "undo", "act": act.number, "reason": "all"}, 404)
    program.post(_DECISIONS, {"kind": "undo", "act": 99, "reason": "none"}, 404)


def test_two_cases_of_one_person_are_marked_and_the_mark_goes_with_the_merge(
    home: Home, town: Town, question: Question, program: Program, outbreak: Case
) -> None:
    other = enter(home, town, person={"name": "李大成"})
    Case.objects.filter(pk=other.pk).update(subject="lab-77", listed_at=NOON + timedelta(days=1))
    done = settled(home, program)
    assert done["state"] == "done"
    assert Case.objects.get(pk=other.pk).twin
    assert not Case.objects.get(pk=outbreak.pk).twin
    settled(home, program, {"kind": "undo", "act": done["act"], "reason": "wrong"})
    assert not Case.objects.get(pk=other.pk).twin


def test_a_contact_who_is_a_case_is_followed_as_that_and_no_more_when_undone(
    home: Home, town: Town, question: Question, program: Program, outbreak: Case
) -> None:
    made = follow_up(town, "lab-77", "000101")
    done = settled(home, program)
    made.refresh_from_db()
    assert (made.end, made.subjects) == ("case", ["lab-77", "p1"])
    task = Task.objects.get(follow_up=made)
    assert task.state == "withdrawn"
    assert task.states.get(state="withdrawn").reason == "is_case"
    settled(home, program, {"kind": "undo", "act": done["act"], "reason": "wrong"})
    made.refresh_from_db()
    assert (made.end, made.subjects) == ("closed", ["lab-77"])


def test_a_case_that_is_being_traced_is_traced_again_after_it(
    home: Home, question: Question, program: Program, outbreak: Case
) -> None:
    Run.objects.create(case=outbreak, asked_at=NOON, state="running")
    settled(home, program)
    assert trace_anew(at=NOON) == 0
    assert Decision.objects.get().to_trace == [outbreak.pk]
    Run.objects.update(state="failed")
    assert trace_anew(at=NOON) == 1
    assert Run.objects.filter(case=outbreak, state="waiting").count() == 1


def test_a_fault_of_the_home_is_told_and_nothing_is_done(
    home: Home, question: Question, program: Program
) -> None:
    made = program.post(_DECISIONS, MERGE, 201)
    identity.merge(home, ["p1", "lab-77"], reason="before", by="other", now=NOON)
    settling.run_decision(home, made["id"], clock=lambda: NOON)
    found = program.get(f"{_DECISIONS}/{made['id']}")
    assert (found["state"], found["fault"]["exit_code"]) == ("failed", 10)
    assert len(acts(home)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_8_workers_at_once_one_carries_it_out(
    home: Home, question: Question, program: Program
) -> None:
    made = program.post(_DECISIONS, MERGE, 201)
    ready, faults = threading.Barrier(8), []

    def works() -> None:
        ready.wait()
        try:
            settling.run_decision(home, made["id"], clock=lambda: NOON)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    many = [threading.Thread(target=works) for _ in range(8)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert faults == []
    assert len(acts(home)) == 1
    assert Decision.objects.get().state == "done"


def test_a_decision_is_erased_after_a_year_and_the_homes_act_stays(
    home: Home, question: Question, program: Program
) -> None:
    from ringfence_server.merging.purging import erase_decisions

    settled(home, program)
    assert erase_decisions(NOON + timedelta(days=1), ()) == 0, "a trace is owed"
    trace_anew(at=NOON)
    assert erase_decisions(NOON + timedelta(days=1), ()) == 1
    assert len(acts(home)) == 1
