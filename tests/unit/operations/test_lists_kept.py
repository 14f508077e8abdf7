"""Who may see a list, what stays of it, and what is noticed when it was tampered with."""

from __future__ import annotations

import csv
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from ringfence import lake
from ringfence.audit import entries
from ringfence.errors import DataError, NotAllowed, NotFound, StorageError, UsageError
from ringfence.lake.lineage import part_and_row
from ringfence.operations import lists
from ringfence.operations.database import path_of
from ringfence.operations.lists.looking import MOST_AT_ONCE
from ringfence.vault import Statement, open_vault

from .homes import BEGIN, figures, new_home, receive, register_person
from .people import id_number, many, sheet, wang

LATER = BEGIN + timedelta(hours=3)


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return new_home(tmp_path)


def test_every_look_at_identities_is_in_the_audit_and_names_nobody(home: lake.Home) -> None:
    receive(home, sheet(wang(1)))
    before = len(list(entries(home)))
    lists.persons_at(home, "L1", by="officer", now=BEGIN)
    assert len(list(entries(home))) == before
    lists.persons_at(home, "L1", purpose="home visit", by="officer", now=BEGIN)
    look, done = list(entries(home))[before:]
    assert (look.act, look.state, done.state) == ("list.look", "intended", "done")
    assert dict(look.about) == {
        "list": "L1",
        "stage": "persons",
        "persons": "1",
        "shown": "1",
        "purpose": "home visit",
    }
    for purpose in (" ", f"see {id_number(1)}", "see 1５4 0000 0001"):
        with pytest.raises((UsageError, DataError)):
            lists.persons_at(home, "L1", purpose=purpose, by="officer", now=BEGIN)


def test_one_look_is_no_export(home: lake.Home, tmp_path: Path) -> None:
    receive(home, sheet(*many(MOST_AT_ONCE + 1)))
    chosen = range(1, MOST_AT_ONCE + 1)
    with pytest.raises(NotAllowed, match="at most"):
        lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN)
    some = lists.persons_at(home, "L1", purpose="check", only=chosen, by="officer", now=BEGIN)
    assert len(some) == MOST_AT_ONCE
    lists.send(home, "L1", "u", division="a", persons=range(1, 12), by="officer", now=BEGIN)
    file = tmp_path / "s.csv"
    lists.write_sheet(home, "L1", "u", file, purpose="check", by="officer", now=BEGIN)
    last = list(entries(home))[-2]
    assert (last.act, last.about["unit"], last.about["persons"]) == ("list.look", "u", "11")


def test_a_withdrawn_list_shows_nobody_and_is_not_taken_in_again(home: lake.Home) -> None:
    receive(home, sheet(wang(1)))
    lists.withdraw(home, "L1", "wrong city", by="officer", now=BEGIN)
    assert lists.live_lists(home) == frozenset()
    for act in (
        lambda: lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN),
        lambda: lists.check_list(home, "L1", by="officer", now=BEGIN),
        lambda: lists.send(home, "L1", "u", division="a", persons=[1], by="officer", now=BEGIN),
        lambda: lists.sign_off(home, "L1", by="officer", now=BEGIN),
        lambda: receive(home, sheet(wang(1))),
    ):
        with pytest.raises(DataError, match="withdrawn"):
            act()


def test_identities_stay_through_imports_of_others_and_do_not_count_as_known(
    home: lake.Home,
) -> None:
    receive(home, sheet(wang(1)))
    register_person(home, "p9", {"id_number": id_number(9)})
    with open_vault(home) as vault:
        vault.sweep()
        assert vault.find("id_number", id_number(1)) == []
    (person,) = lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN)
    assert person.identity is not None
    assert person.identity["id_number"] == [id_number(1)]


def test_rows_changed_by_something_else_are_noticed(home: lake.Home) -> None:
    receive(home, sheet(wang(1), wang(2)))
    with sqlite3.connect(path_of(home)) as connection:
        connection.execute(
            "INSERT INTO list_act (number, person, step, act, outcome, at, by)"
            " VALUES (1, 1, 0, 'answered', 'tested_positive', 0, 'x')"
        )
    with pytest.raises(StorageError, match="do not agree"):
        figures(home)
    with sqlite3.connect(path_of(home)) as connection:
        connection.execute("DELETE FROM list_act")
        connection.execute("DELETE FROM list_row WHERE row = 3")
    with pytest.raises(StorageError, match="do not agree"):
        figures(home)


def test_a_case_that_is_named_must_exist(home: lake.Home) -> None:
    with pytest.raises(NotFound):
        receive(home, sheet(wang(1)), case="C9")
    assert receive(home, sheet(wang(1)), case="C1").list.case == "C1"


def test_a_statement_of_the_lake_is_not_part_of_a_list(home: lake.Home) -> None:
    register_person(home, "p1", {"id_number": id_number(1), "phone": "+8615400000001"})
    receive(home, sheet(wang(1)))
    lists.check_list(home, "L1", by="officer", now=BEGIN)
    (person,) = lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN)
    assert person.identity is not None
    assert "phone" not in person.identity
    assert Statement("p1", 1, {}).subject == person.known[0]


def test_with_its_cohort_shredded_a_list_keeps_its_figures_and_names_nobody(
    home: lake.Home, tmp_path: Path
) -> None:
    receive(home, sheet(wang(1, reference="r-1"), wang(2)))
    lists.send(home, "L1", "u", division="a", persons=[1, 2], by="officer", now=BEGIN)
    with open_vault(home) as vault:
        vault.shred("2022-07")
    told = lists.persons_at(home, "L1", purpose="check", by="officer", now=BEGIN)
    assert [person.identity for person in told] == [{}, {}]
    assert lists.check_list(home, "L1", by="officer", now=BEGIN).as_json()["sent"] == 2
    lists.record(home, "L1", {1: "not_found", 2: "not_found"}, by="officer", now=LATER)
    lists.sign_off(home, "L1", by="officer", now=LATER)
    answer = tmp_path / "answer.csv"
    lists.write_answer(home, "L1", answer, language="zh", by="officer", now=LATER)
    rows = list(csv.DictReader(answer.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["来文编号"] for row in rows] == ["", ""]


def test_files_of_an_archive_are_one_list_with_rows_of_each(
    home: lake.Home, tmp_path: Path
) -> None:
    archive = tmp_path / "lists.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.csv", sheet(wang(1), wang(2)))
        packed.writestr("b.csv", sheet(wang(2), "李,1,,,"))
    done = lists.receive(home, archive, agency="a", basis="law", by="officer", now=BEGIN)
    assert figures(home) == {
        "received": 4,
        "refused": 1,
        "valid": 3,
        "duplicates": 1,
        "persons": 2,
    }
    assert done.list.parts == ("a.csv", "b.csv")
    (reject,) = lists.refused_rows(home, done.list)
    assert part_and_row(reject.row) == (1, 3)
    lists.sign_off(home, "L1", interim=True, by="officer", now=BEGIN)
    answer = tmp_path / "answer.csv"
    lists.write_answer(home, "L1", answer, language="en", by="officer", now=BEGIN)
    rows = csv.DictReader(answer.read_text(encoding="utf-8-sig").splitlines())
    assert [(row["file"], row["row"], row["person"]) for row in rows] == [
        ("lists.zip/a.csv", "2", "1"),
        ("lists.zip/a.csv", "3", "2"),
        ("lists.zip/b.csv", "2", "2"),
        ("lists.zip/b.csv", "3", ""),
    ]
