"""Lists handed down through the API: under a case within reach, and nobody is named."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.server.api.programs import Program, new_key
from tests.server.api.test_lake import put
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON, told_of

from ringfence.lake import Home
from ringfence.operations.lists import all_lists, receive
from ringfence.sources import import_file
from ringfence_server.cases.models import Case, Submission
from ringfence_server.imports.models import Import
from ringfence_server.imports.running import run_import
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
WANG, LI = "001234198504120017", "001234198504120025"
LIST = (
    "name,id_number,phone,address,reference\n"
    f"王小明,{WANG},15400000001,东江市河西区长街1号,A-1\n"
    f"王小明,{WANG},,,A-2\n"
    f"李丽,{LI},,,A-3\n"
    "张三,001234198504120099,,,A-4\n"
).encode()


@pytest.fixture
def chief(case: Case, town: Town) -> Program:
    return Program.of(town.chief)


@pytest.fixture
def stranger(case: Case, town: Town) -> Program:
    """A supervisor who analyses, of the other district."""
    town.staff("stranger", "supervisor", "000102")
    return Program.of(town.staff("stranger", "data_analyst", "000102"))


def entry(content: bytes = LIST, **given: Any) -> dict[str, Any]:
    told = {
        "file": "list.csv",
        "size": len(content),
        "digest": hashlib.sha256(content).hexdigest(),
        "agency": "neighbour-province",
        "basis": "Request 2022-17 under article 32",
        "case": "C1",
    }
    return {**told, **given}


def brought(program: Program, home: Home, content: bytes = LIST, **given: Any) -> Any:
    """How its import stands once the worker was at it."""
    number = program.post("/lake/lists", entry(content, **given))["id"]
    half = len(content) // 2
    put(program, number, 0, content[:half])
    put(program, number, half, content[half:])
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    return program.get(f"/lake/imports/{number}")


def sent(program: Program, *persons: int) -> Any:
    told = {"unit": "hexi-cdc", "division": "990101", "persons": list(persons)}
    return program.post("/lake/lists/L1/sending", told)


def test_a_list_is_taken_in_sent_on_answered_and_told_under_names_of_accounts(
    home: Home, analyst: Program, chief: Program
) -> None:
    told = brought(analyst, home)
    assert (told["state"], told["receipt"]["list"], told["receipt"]["replayed"]) == (
        "done", "L1", False,
    )  # fmt: skip
    funnel = analyst.get("/lake/lists/L1/funnel")
    assert (funnel["received"], funnel["refused"], funnel["persons"]) == (4, 1, 2)
    (row,) = analyst.get("/lake/lists/L1/refused")["rows"]
    assert (row["row"], row["field"]) == (5, "id_number")
    assert sent(analyst, 1, 2)["persons"] == [1, 2]
    assert sent(analyst, 1)["before"] == [1]
    outcomes = {"outcomes": {"tested_negative": [1], "tested_positive": [2]}}
    assert analyst.post("/lake/lists/L1/outcomes", outcomes)["persons"] == [1, 2]
    assert analyst.post("/lake/lists/L1/outcomes", outcomes)["before"] == [1, 2]
    assert chief.post("/lake/lists/L1/signature", {})["pending"] == 0
    answer = chief.post("/lake/lists/L1/answer", {"language": "en"})
    rows = list(csv.reader(io.StringIO(base64.b64decode(answer["content"]).decode("utf-8-sig"))))
    assert [(one[1], one[2], one[4]) for one in rows[1:]] == [
        ("2", "", "tested negative"), ("3", "", "tested negative"), ("4", "", "tested positive"),
        ("5", "", "not valid"),
    ]  # fmt: skip
    assert answer["handed"]["state"] == "answered"
    for act, by in (
        ("list.receive", "analyst"), ("list.check", "analyst"), ("list.send", "analyst"),
        ("list.record", "analyst"), ("list.sign", "chief"), ("list.answer", "chief"),
    ):  # fmt: skip
        assert {one.by for one in told_of(home, act)} == {by}, act


def test_no_answer_says_who_anybody_is(home: Home, analyst: Program, chief: Program) -> None:
    brought(analyst, home)
    sent(analyst, 1)
    chief.post("/lake/lists/L1/signature", {"interim": True})
    told = [
        *(analyst.get(f"/lake/lists{path}") for path in ("", "/L1/funnel", "/L1/refused")),
        *(analyst.get("/lake/lists/L1/persons", at=at) for at in ("persons", "sent", "known")),
        base64.b64decode(chief.post("/lake/lists/L1/answer", {})["content"]).decode(),
    ]
    kept = [*Import.objects.values_list("listed", "receipt"), *Submission.objects.values_list()]
    for one in (*told, kept):
        for secret in ("王小明", "李丽", WANG, LI, "15400000001", "长街"):
            assert secret not in json.dumps(one, ensure_ascii=False, default=str)


def test_a_file_of_an_answer_is_kept_nowhere(home: Home, analyst: Program, chief: Program) -> None:
    brought(analyst, home)
    chief.post("/lake/lists/L1/signature", {"interim": True})
    before = Submission.objects.count()
    first = chief.post("/lake/lists/L1/answer", {"language": "en"}, key=new_key())
    again = chief.post("/lake/lists/L1/answer", {"language": "en"}, key=new_key())
    assert first["content"] == again["content"]
    assert Submission.objects.count() == before
    assert len([one for one in told_of(home, "list.answer") if one.state == "done"]) == 2


def test_the_same_list_twice_is_one(home: Home, analyst: Program) -> None:
    first, again = brought(analyst, home), brought(analyst, home)
    assert (first["id"] != again["id"], again["receipt"]["replayed"]) == (True, True)
    assert len(all_lists(home)) == 1
    assert brought(analyst, home, agency="another-province")["receipt"]["list"] == "L2"


def test_while_it_is_under_way_it_is_the_same_import(home: Home, analyst: Program) -> None:
    first = analyst.post("/lake/lists", entry())
    assert analyst.post("/lake/lists", entry())["id"] == first["id"]
    assert analyst.post("/lake/lists", entry(basis="Request 18"))["id"] != first["id"]
    digest = entry()["digest"]
    told = {"file": "list.csv", "size": len(LIST), "digest": digest, "table": "subject"}
    assert analyst.post("/lake/imports", told)["id"] != first["id"]


def test_what_lies_on_the_disk_until_it_is_taken_in_is_sealed(home: Home, analyst: Program) -> None:
    number = analyst.post("/lake/lists", entry())["id"]
    put(analyst, number, 0, LIST[:-1])
    (part,) = (home.uploads / str(number)).iterdir()
    assert WANG.encode() not in part.read_bytes()
    put(analyst, number, len(LIST) - 1, LIST[-1:])
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    assert not list(home.uploads.iterdir())


def test_lists_of_other_cases_are_as_if_they_were_not(
    home: Home, analyst: Program, stranger: Program
) -> None:
    brought(analyst, home)
    stranger.post("/lake/lists", entry(), 404)
    assert stranger.get("/lake/lists")["lists"] == []
    assert len(analyst.get("/lake/lists")["lists"]) == 1
    for path in ("funnel", "persons", "refused"):
        theirs = stranger.get(f"/lake/lists/L1/{path}", 404)
        missing = stranger.get(f"/lake/lists/L7/{path}", 404)
        assert theirs["detail"].replace("L1", "L7") == missing["detail"]
        stranger.get(f"/lake/lists/seven/{path}", 400)
    before = all_lists(home)
    for path, told in (
        ("check", {}),
        ("sending", {"unit": "u", "persons": [1]}),
        ("outcomes", {"outcomes": {"at_home": [1]}}),
        ("signature", {"interim": True}),
        ("answer", {}),
        ("withdrawal", {"reason": "not ours"}),
    ):
        stranger.post(f"/lake/lists/L1/{path}", told, 404)
    assert all_lists(home) == before


def test_a_list_of_no_case_is_within_nobodys_reach(
    home: Home, analyst: Program, tmp_path: Path
) -> None:
    """One that was received before the home was served."""
    file = tmp_path / "list.csv"
    file.write_bytes(LIST)
    receive(home, file, agency="a", basis="law", by="somebody", now=NOON)
    assert analyst.get("/lake/lists")["lists"] == []
    analyst.get("/lake/lists/L1/persons", 404)


def test_each_role_may_do_its_own(home: Home, analyst: Program, town: Town) -> None:
    brought(analyst, home)
    for name, role in (
        ("worker", "grid_worker"), ("detective", "investigator"), ("doctor", "clinician"),
    ):  # fmt: skip
        other = Program.of(town.staff(name, role, "0001"))
        other.get("/lake/lists", 403)
        other.get("/lake/lists/L1/persons", 403)
        other.post("/lake/lists", entry(), 403)
        other.post("/lake/lists/L1/answer", {}, 403)
    analyst.post("/lake/lists/L1/signature", {"interim": True}, 403)
    analyst.post("/lake/lists/L1/answer", {}, 403)
    narrow = Program.of(town.chief, ["list.check", "case.read"])
    narrow.post("/lake/lists/L1/signature", {"interim": True}, 403)


def test_under_which_number_the_home_knows_somebody_is_told_of_contacts_alone(
    home: Home, case: Case, analyst: Program, tmp_path: Path
) -> None:
    file = tmp_path / "subject.csv"
    file.write_text(
        f"subject,name,id_kind,id_number\np2,王小明,resident,{WANG}\np5,李丽,resident,{LI}\n",
        encoding="utf-8",
    )
    import_file(home, file, table="subject", now=NOON)
    brought(analyst, home)
    assert analyst.get("/lake/lists/L1/funnel")["known"] == 2
    assert [one["known"] for one in analyst.get("/lake/lists/L1/persons")["persons"]] == [[], []]
    run = Run.objects.create(case=case, asked_at=NOON, state="waiting")
    run_trace(home, run.pk, now=NOON)
    told = analyst.get("/lake/lists/L1/persons")["persons"]
    assert [one["known"] for one in told] == [["p2"], []]


def test_an_answer_needs_a_signature_of_its_content(
    home: Home, analyst: Program, chief: Program
) -> None:
    brought(analyst, home)
    chief.post("/lake/lists/L1/answer", {}, 403)
    chief.post("/lake/lists/L1/signature", {}, 400)
    assert chief.post("/lake/lists/L1/signature", {"interim": True})["pending"] == 2
    chief.post("/lake/lists/L1/answer", {})
    sent(analyst, 1)
    analyst.post("/lake/lists/L1/outcomes", {"outcomes": {"at_home": [1]}})
    chief.post("/lake/lists/L1/answer", {}, 403)


def test_an_answer_is_harmless_and_nameless_whatever_the_form_calls_a_reference(
    home: Home, analyst: Program, chief: Program
) -> None:
    content = f"=姓名,@证件\n王小明,{WANG}\n李丽,{LI[:-1]}9\n".encode()
    form = 'list: x\ncolumns: {name: "=姓名", id_number: "@证件", reference: "=姓名"}\n'
    told = brought(analyst, home, content, form=form, file="=list.csv")
    assert told["state"] == "done", told["fault"]
    chief.post("/lake/lists/L1/signature", {"interim": True})
    answer = chief.post("/lake/lists/L1/answer", {"language": "en"})["content"]
    text = base64.b64decode(answer).decode("utf-8-sig")
    assert "王小明" not in text
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@", "\t"}]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"case": "C404"}, 404),
        ({"case": "C1' OR 1=1 --"}, 404),
        ({"case": ""}, 400),
        ({"agency": ""}, 400),
        ({"agency": "13800138000"}, 400),
        ({"agency": "a\nb"}, 400),
        ({"basis": "  "}, 400),
        ({"basis": f"for {WANG}"}, 400),
        ({"basis": "=1+1"}, 400),
        ({"file": "../list.csv"}, 400),
        ({"digest": "x" * 64}, 400),
        ({"size": -1}, 400),
        ({"form": "list: [unfinished"}, 400),
        ({"form": "list: x\ncolumns: {face: 脸}\n"}, 400),
        ({"form": "&a [*a, *a]"}, 400),
        ({"table": "subject"}, 400),
    ],
)
def test_what_cannot_be_a_list_is_refused(
    home: Home, analyst: Program, given: dict[str, Any], status: int
) -> None:
    told = analyst.post("/lake/lists", entry(**given), status)
    assert WANG not in str(told)
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"colour,taste\nred,sweet\n", b"PK\x03\x04"],
)
def test_a_file_that_is_no_list_is_told_in_words(
    home: Home, analyst: Program, content: bytes
) -> None:
    number = analyst.post("/lake/lists", entry(content))["id"]
    if content:
        put(analyst, number, 0, content)
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    told = analyst.get(f"/lake/imports/{number}")
    assert (told["state"], told["fault"]["exit_code"]) == ("failed", 10)
    assert all_lists(home) == ()


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (("sending", {"unit": "u"}), 400),
        (("sending", {"unit": "u", "persons": [99]}), 404),
        (("sending", {"unit": "u", "persons": [0]}), 400),
        (("sending", {"unit": "13800138000", "persons": [1]}), 400),
        (("sending", {"unit": "=cmd", "persons": [1], "division": "990101"}), 400),
        (("outcomes", {"outcomes": {"at_home": [1]}}), 400),
        (("outcomes", {"outcomes": {"red": [1]}}), 400),
        (("outcomes", {"outcomes": {"at_home": [1], "declined": [1]}}), 400),
        (("outcomes", {"outcomes": {"at_home": ["1"]}}), 400),
        (("withdrawal", {"reason": " "}), 400),
        (("withdrawal", {"reason": f"of {WANG}"}), 400),
        (("answer", {"language": "fr"}), 400),
    ],
)
def test_what_cannot_be_done_with_a_list_is_refused(
    home: Home, analyst: Program, chief: Program, act: tuple[str, dict[str, Any]], status: int
) -> None:
    path, told = act
    brought(analyst, home)
    program = chief if path == "answer" else analyst
    assert WANG not in str(program.post(f"/lake/lists/L1/{path}", told, status))
    analyst.get("/lake/lists/L1/persons", 400, at="everybody")
    assert [one.state for one in all_lists(home)] == ["received"]


def test_a_withdrawn_list_shows_nothing_more(home: Home, analyst: Program) -> None:
    brought(analyst, home)
    told = analyst.post("/lake/lists/L1/withdrawal", {"reason": "of another city"})
    assert told["state"] == "withdrawn"
    analyst.get("/lake/lists/L1/persons", 400)
    analyst.post("/lake/lists/L1/check", {}, 400)
    (one,) = analyst.get("/lake/lists")["lists"]
    assert one["handed"]["state"] == "withdrawn"
