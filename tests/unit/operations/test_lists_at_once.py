"""Lists when several act at once, and when one is killed: one effect, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import KILLED, need_strace

from ringfence import lake
from ringfence.audit import verify
from ringfence.operations import lists
from ringfence.operations.lists.receiving import REGISTERS
from ringfence.vault import has_vault, open_vault
from ringfence.vault.register import attempts, open_register

from .acts import DIED, PERSONS
from .faults import at_once, killed_at
from .homes import BEGIN, new_home, receive, register_person
from .people import sheet, wang

FILE = sheet(*(wang(serial) for serial in PERSONS), "李,1,,,")


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return new_home(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "list.csv"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def persons(home: lake.Home) -> tuple[lists.Person, ...]:
    return lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN)


def assert_whole(home: lake.Home) -> None:
    """One list, with everybody's identity, and nothing else in the vault."""
    (found,) = lists.all_lists(home)
    figures = lists.funnel(home, found).as_json()
    assert (figures["received"], figures["valid"], figures["persons"]) == (21, 20, 20)
    assert all(person.identity and person.identity["name"] for person in persons(home))
    with open_vault(home, registers=REGISTERS) as vault:
        vault.sweep()
        assert len(list(vault.rejects(found.batch))) == 1
    register = open_register(home)
    assert register is not None
    assert [attempt.batch for attempt in attempts(register)] == [found.batch]
    register.close()
    assert verify(home).ok


def test_the_same_list_received_at_once_is_one_list(home: lake.Home, file: str) -> None:
    assert at_once(home.root, *[("receive", file)] * 3) == [0] * 3
    assert_whole(home)


@pytest.mark.parametrize("call", ["fdatasync", "pwrite64", "fsync"])
def test_killed_anywhere_a_list_is_whole_or_not_there(
    home: lake.Home, file: str, call: str
) -> None:
    need_strace()
    killed = 0
    for use in (3, 9, 20, 35, 60):
        code = killed_at(home.root, call, use, "receive", file)
        killed += code == KILLED
        if lists.all_lists(home):
            assert len(persons(home)) == 20
        if code != KILLED:
            break
    assert killed
    if has_vault(home):
        with open_vault(home) as vault:
            vault.sweep()
    receive(home, FILE)
    assert_whole(home)


def test_killed_between_store_and_vault_the_identities_stay(home: lake.Home, file: str) -> None:
    assert at_once(home.root, ("receive and die", file)) == [DIED]
    register_person(home, "p1", {"name": "王一"})
    with open_vault(home) as vault:
        vault.sweep()
    assert len(persons(home)) == 20
    assert receive(home, FILE).replayed
    register = open_register(home)
    assert register is not None
    assert {a.batch[:5] for a in attempts(register) if not a.acknowledged} == {"list-"}
    register.close()
    receive(home, sheet(wang(1)), agency="ministry")
    register = open_register(home)
    assert register is not None
    assert all(attempt.acknowledged for attempt in attempts(register))
    register.close()
    assert all(person.identity for person in persons(home))


def test_of_two_units_at_once_each_person_is_sent_to_one(home: lake.Home) -> None:
    receive(home, FILE)
    assert at_once(home.root, ("send", "north"), ("send", "south")) == [0, 0]
    units = {person.unit for person in persons(home)}
    assert units in ({"north"}, {"south"})
    assert len(lists.funnel(home, lists.the_list(home, "L1")).at["sent"]) == 20


def test_the_same_outcome_recorded_at_once_is_one_step(home: lake.Home) -> None:
    receive(home, FILE)
    at_once(home.root, ("send", "north"))
    assert at_once(home.root, *[("record", "tested_positive")] * 3) == [0] * 3
    figures = lists.funnel(home, lists.the_list(home, "L1")).as_json()
    assert (figures["answered"], figures["positive"]) == (20, 20)


@pytest.mark.parametrize("act", [("send", "north"), ("record", "not_found")])
def test_killed_while_sending_or_recording_all_or_nobody(
    home: lake.Home, act: tuple[str, str]
) -> None:
    need_strace()
    receive(home, FILE)
    stage = "sent" if act[0] == "send" else "answered"
    if stage == "answered":
        at_once(home.root, ("send", "north"))
    killed = 0
    for use in (4, 12, 17, 22):
        code = killed_at(home.root, "pwrite64", use, *act)
        killed += code == KILLED
        assert len(lists.funnel(home, lists.the_list(home, "L1")).at[stage]) in (0, 20)
        if code != KILLED:
            break
    assert killed
    assert at_once(home.root, act) == [0]
    assert len(lists.funnel(home, lists.the_list(home, "L1")).at[stage]) == 20
