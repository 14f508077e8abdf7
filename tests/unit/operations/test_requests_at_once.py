"""Requests when two act at once, and when one is killed: one effect, or none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.faults import KILLED, need_strace

from ringfence import lake
from ringfence.operations.requests import Request, all_requests

from .faults import at_once, killed_at
from .homes import BEGIN, PRESENCE, ask, deliver, new_home

SOON = BEGIN + timedelta(minutes=30)


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return new_home(tmp_path)


def the_one(home: lake.Home) -> Request:
    (request,) = all_requests(home)
    return request


def test_the_same_question_asked_at_once_is_one_request(home: lake.Home) -> None:
    assert at_once(home.root, *[("ask",)] * 4) == [0] * 4
    assert the_one(home).state == "open"


def test_of_two_answers_at_once_one_wins(home: lake.Home, tmp_path: Path) -> None:
    ask(home)
    batches = [
        deliver(home, tmp_path, "presence", PRESENCE.format(hour), SOON).batch for hour in (1, 2)
    ]
    codes = at_once(home.root, *[("answer", batch) for batch in batches])
    assert sorted(codes) == [0, 10]
    assert the_one(home).batch == batches[codes.index(0)]


def test_of_an_answer_and_a_withdrawal_at_once_one_wins(home: lake.Home, tmp_path: Path) -> None:
    ask(home)
    batch = deliver(home, tmp_path, "presence", PRESENCE.format(1), SOON).batch
    answered, withdrawn = at_once(home.root, ("answer", batch), ("withdraw",))
    assert (answered, withdrawn) in ((0, 12), (10, 0))
    assert the_one(home).state == ("answered" if answered == 0 else "withdrawn")


@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_killed_anywhere_a_request_is_asked_once_or_not_at_all(home: lake.Home, call: str) -> None:
    need_strace()
    for use in (2, 7, 12, 18):
        code = killed_at(home.root, call, use, "ask")
        assert len(all_requests(home)) <= 1
        if code != KILLED:
            break
    assert ask(home).request.number == 1
    assert the_one(home).state == "open"


@pytest.mark.parametrize("act", ["answer", "withdraw"])
def test_killed_anywhere_a_change_is_whole_or_not_there(
    home: lake.Home, tmp_path: Path, act: str
) -> None:
    need_strace()
    ask(home)
    words = [deliver(home, tmp_path, "presence", PRESENCE.format(1), SOON).batch]
    for use in (1, 2, 3, 5):
        code = killed_at(home.root, "pwrite64", use, act, *(words if act == "answer" else []))
        request = the_one(home)
        assert (request.state == "open") == (request.changed_at == BEGIN)
        if code != KILLED:
            break
    last = at_once(home.root, (act, *(words if act == "answer" else [])))
    assert last == [0]
    assert the_one(home).state == ("answered" if act == "answer" else "withdrawn")
