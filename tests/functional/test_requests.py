"""`ringfence requests`, as a user calls it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ringfence.audit import entries, verify
from ringfence.lake import open_home

from .small_home import TABLES, Answer, SmallHome

ASKED = (
    *("requests", "open", "rail-bureau", "--case", "C1", "--basis", "Law on epidemics, article 40"),
    *("--table", "presence", "--from", "2022-07-03T00:00+08:00", "--to", "2022-07-07T00:00+08:00"),
)
DUE = ("--due", "2022-07-07T14:00+08:00")
LATER = "2022-07-07T12:45:00+08:00"
TOO_LATE = "2022-07-07T15:00:00+08:00"
MORE = "subject,place,start,end\np1,R,2022-07-04T10:00:00+08:00,2022-07-04T11:00:00+08:00\n"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def asked(home: SmallHome, *more: str) -> Any:
    return home.run(*ASKED, *DUE, *more, "--json").json()


def received(home: SmallHome, clock: str, text: str = MORE) -> str:
    return str(home.deliver("presence", text, clock=clock).json()["batch"])


def answered(home: SmallHome, request: str, batch: str, *, clock: str = TOO_LATE) -> Answer:
    return home.run("requests", "answer", request, batch[:12], "--json", clock=clock)


def test_a_request_is_opened_answered_and_its_minutes_are_known(home: SmallHome) -> None:
    told = asked(home)
    assert (told["request"], told["state"], told["replayed"]) == ("R1", "open", False)
    batch = received(home, LATER)
    done = answered(home, "R1", batch).json()
    assert (done["state"], done["batch"], done["minutes_waited"]) == ("answered", batch, 45.0)
    assert answered(home, "R1", batch).json()["replayed"] is True
    (report,) = home.run("requests", "report", "--json").json()
    assert (report["median_minutes"], report["p90_minutes"], report["late"]) == (45.0, 45.0, 0)


def test_an_answer_after_the_deadline_is_late(home: SmallHome) -> None:
    asked(home)
    (waiting,) = home.run("requests", "list", "--json", clock=TOO_LATE).json()
    assert (waiting["state"], waiting["overdue"], waiting["minutes_waited"]) == ("open", True, 180)
    assert "overdue" in home.run("requests", "list", clock=TOO_LATE).out
    done = answered(home, "r1", received(home, TOO_LATE)).json()
    assert (done["state"], done["minutes_waited"]) == ("late", 180.0)


def test_the_same_question_while_open_is_the_same_request(home: SmallHome) -> None:
    asked(home)
    again = asked(home)
    assert (again["request"], again["replayed"]) == ("R1", True)
    home.run("requests", "withdraw", "R1", "--reason", "found elsewhere")
    assert asked(home)["request"] == "R2"


def test_without_a_case_of_this_home_nothing_is_asked(home: SmallHome) -> None:
    for case, code in (("C99", 11), ("C2", 12)):
        words = [case if word == "C1" else word for word in ASKED]
        assert home.run(*words, *DUE).code == code
    assert home.run("requests", "list", "--json").json() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"presence": "presences"}, 2),
        ({"2022-07-07T00:00+08:00": "2022-07-03T00:00+08:00"}, 2),
        ({"2022-07-07T14:00+08:00": "2022-07-07T11:00+08:00"}, 2),
        ({"Law on epidemics, article 40": "  "}, 2),
        ({"Law on epidemics, article 40": "for 110105194912310021 alone"}, 10),
        ({"Law on epidemics, article 40": "=1+1"}, 10),
        ({"rail-bureau": "13800138000"}, 10),
        ({"rail-bureau": "rail\nbureau"}, 10),
    ],
)
def test_what_cannot_be_asked_is_refused(
    home: SmallHome, change: dict[str, str], code: int
) -> None:
    words = [change.get(word, word) for word in (*ASKED, *DUE)]
    answer = home.run(*words)
    assert answer.code == code
    assert "110105194912310021" not in answer.err
    assert "13800138000" not in answer.err


def test_only_what_came_after_and_holds_what_was_asked_answers(home: SmallHome) -> None:
    before = received(home, "2022-07-07T11:00:00+08:00")
    asked(home)
    early = answered(home, "R1", before)
    assert (early.code, "before R1 was opened" in early.err) == (10, True)
    other = home.deliver("place", "place,kind,name\nS,bar,Rose\n", clock=LATER).json()["batch"]
    assert answered(home, "R1", other).code == 10
    assert answered(home, "R1", "0" * 12).code == 11
    assert answered(home, "R7", before).code == 11
    assert answered(home, "7", before).code == 11
    assert answered(home, "seven", before).code == 2


def test_an_answered_request_takes_another_batch_only_when_the_first_was_withdrawn(
    home: SmallHome,
) -> None:
    asked(home)
    wrong = received(home, LATER, TABLES["presence"].replace("p9", "p8"))
    right = received(home, TOO_LATE)
    answered(home, "R1", wrong)
    refused = answered(home, "R1", right)
    assert (refused.code, wrong[:12] in refused.err) == (10, True)
    assert home.run("requests", "withdraw", "R1", "--reason", "no use").code == 12
    home.run("lake", "withdraw", wrong, "--reason", "wrong file", clock=TOO_LATE)
    done = answered(home, "R1", right).json()
    assert (done["state"], done["batch"]) == ("late", right)


def test_rows_beyond_what_was_asked_are_counted(home: SmallHome) -> None:
    asked(home, "--place", "K")
    batch = received(home, LATER, TABLES["presence"].replace("p9", "p8"))
    done = answered(home, "R1", batch).json()
    assert (done["rows"], done["rows_beyond_scope"]) == (3, 1)
    asked(home, "--table", "event")
    told = home.run("requests", "answer", "R2", batch, clock=TOO_LATE)
    assert (told.code, "1 of its 3 rows were not asked for" in told.out) == (0, True)


def test_a_withdrawn_request_stays_so(home: SmallHome) -> None:
    asked(home)
    done = home.run("requests", "withdraw", "R1", "--reason", "found elsewhere", "--json").json()
    assert (done["state"], done["reason"]) == ("withdrawn", "found elsewhere")
    again = home.run("requests", "withdraw", "R1", "--reason", "found elsewhere", "--json").json()
    assert again["replayed"] is True
    assert home.run("requests", "withdraw", "R1", "--reason", "another").code == 10
    assert answered(home, "R1", received(home, LATER)).code == 10


def test_lists_and_report_in_words(home: SmallHome) -> None:
    assert "no such request" in home.run("requests", "list").out
    assert "Nothing" in home.run("requests", "report").out
    assert "R1 (rail-bureau, case C1)" in home.run(*ASKED, *DUE).out
    assert "was so before" in home.run(*ASKED, *DUE).out
    batch = received(home, LATER)
    assert "took 45 minutes: in time" in home.run("requests", "answer", "R1", batch).out
    listed = home.run("requests", "list", "--case", "C1", "--state", "answered").out
    assert "rail-bureau" in listed
    assert batch[:8] in listed
    assert "rail-bureau" in home.run("requests", "report").out
    assert home.run("requests", "list", "--state", "lost").code == 2


def test_what_is_done_with_a_request_is_in_the_audit(home: SmallHome) -> None:
    asked(home)
    home.run("requests", "withdraw", "R1", "--reason", "found elsewhere")
    opened = open_home(home.folder)
    assert [(row.act, row.state) for row in entries(opened)] == [
        ("request.open", "intended"),
        ("request.open", "done"),
        ("request.withdraw", "intended"),
        ("request.withdraw", "done"),
    ]
    rows = list(entries(opened))
    assert rows[0].about == {"agency": "rail-bureau", "case": "C1"}
    assert rows[1].about == {"request": "R1"}
    assert verify(opened).ok
