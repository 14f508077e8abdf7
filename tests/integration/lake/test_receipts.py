"""What becomes of delivered rows, told as deliveries one after the other and their receipts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ringfence import lake
from ringfence.errors import DataError

from .delivering import BEGIN, FAULTY, batch_id, counts, current, deliver, read_rows

CAFE = """
subject place start       end
ann     cafe  06-01T10:00 06-01T11:00
bob     cafe  06-01T10:30 06-01T12:00
"""
CAFE_LATER_END = """
subject place start       end
ann     cafe  06-01T10:00 06-01T11:45
"""
OPEN = """
subject place start       end
ann     cafe  06-01T10:00 -
"""
TWICE = """
subject place start       end
ann     cafe  06-01T10:00 06-01T11:00
ann     cafe  06-01T10:00 06-01T11:00
ann     cafe  06-01T10:00 06-01T11:30
ann     cafe  06-01T10:00 06-01T11:00
"""
UNDATED = """
subject_a subject_b relation  start end ppe
ann       bob       household -     -   -
"""
UNDATED_WITH_PPE = """
subject_a subject_b relation  start end ppe
ann       bob       household -     -   true
"""
BY_CARD = """
subject place at          kind
ann     cafe  06-01T10:00 payment
"""


@dataclass(frozen=True)
class Step:
    source: str
    rows: str
    receipt: dict[str, int]


STORIES: dict[str, tuple[str, list[Step]]] = {
    "new rows are created": ("presence", [Step("a", CAFE, {"created": 2})]),
    "the same key from the same source again": (
        "presence",
        [
            Step("a", CAFE, {"created": 2}),
            Step("a", CAFE_LATER_END, {"updated": 1}),
            Step(
                "a",
                CAFE + "cat cafe 06-01T10:30 06-01T12:00",
                {"updated": 1, "unchanged": 1, "created": 1},
            ),
        ],
    ),
    "the same key from another source": (
        "presence",
        [
            Step("a", CAFE, {"created": 2}),
            Step("b", CAFE, {"merged": 2}),
            Step("b", CAFE_LATER_END, {"updated": 1}),
            Step("c", CAFE_LATER_END, {"merged": 1}),
        ],
    ),
    "an open end that becomes known": (
        "presence",
        [Step("a", OPEN, {"created": 1}), Step("a", CAFE_LATER_END, {"updated": 1})],
    ),
    "duplicates in one file, in file order": (
        "presence",
        [Step("a", TWICE, {"created": 1, "unchanged": 1, "updated": 2})],
    ),
    "duplicates in a file from another source": (
        "presence",
        [
            Step("a", CAFE, {"created": 2}),
            Step("b", TWICE, {"merged": 1, "unchanged": 1, "updated": 2}),
        ],
    ),
    "an empty start is a key like any other": (
        "link",
        [
            Step("a", UNDATED, {"created": 1}),
            Step("a", UNDATED + "ann cat household - - -", {"unchanged": 1, "created": 1}),
            Step("a", UNDATED_WITH_PPE, {"updated": 1}),
            Step("b", UNDATED_WITH_PPE, {"merged": 1}),
        ],
    ),
    "a table whose columns are all key": (
        "event",
        [
            Step("a", BY_CARD, {"created": 1}),
            Step("a", BY_CARD + "bob cafe 06-01T10:00 scan", {"unchanged": 1, "created": 1}),
        ],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_receipts(home: lake.Home, story: str) -> None:
    table, steps = STORIES[story]
    for step in steps:
        receipt = deliver(home, table, step.source, step.rows)
        assert counts(receipt) == step.receipt
        assert receipt.rows_in == sum(step.receipt.values())


def test_a_dry_run_says_the_same_and_stores_nothing(home: lake.Home) -> None:
    deliver(home, "presence", "a", CAFE)
    tried = deliver(home, "presence", "a", CAFE_LATER_END, dry_run=True, faulty=[9])
    assert tried.dry_run
    assert lake.snapshot(home, BEGIN).sequence == 1
    real = deliver(home, "presence", "a", CAFE_LATER_END, faulty=[9])
    assert real.as_json() == {**tried.as_json(), "dry_run": False}


def test_the_same_batch_again_changes_nothing(home: lake.Home) -> None:
    first = deliver(home, "presence", "a", CAFE)
    again = deliver(home, "presence", "a", CAFE)
    assert again.as_json() == {**first.as_json(), "replayed": True}
    assert lake.snapshot(home, BEGIN).sequence == 1


def test_a_withdrawn_batch_is_refused_until_it_is_reinstated(home: lake.Home) -> None:
    receipt = deliver(home, "presence", "a", CAFE)
    lake.withdraw(home, receipt.batch, "wrong file", BEGIN)
    with pytest.raises(DataError, match="lake reinstate") as refused:
        deliver(home, "presence", "a", CAFE)
    assert refused.value.exit_code == 10
    lake.reinstate(home, receipt.batch, "was right after all", BEGIN)
    assert deliver(home, "presence", "a", CAFE).replayed


def test_quarantined_rows_are_counted_once_and_all_kept(home: lake.Home) -> None:
    faulty = [*range(10, 400), 10, 11]
    batch = batch_id("presence", "a", "f")
    rows_in = 390
    with lake.stage(home, table="presence", source="a", batch=batch, file_name="f") as staging:
        for row in faulty:
            staging.reject(row, "end", FAULTY)
        receipt = staging.commit(BEGIN, rows_in)
    assert counts(receipt) == {"quarantined": rows_in}
    assert len(receipt.rejects) == 100
    assert [r.row for r in lake.rejects(home, batch)] == faulty
    assert receipt.rejects[0].reason == FAULTY


def test_unresolved_names_are_those_no_file_has_described(home: lake.Home) -> None:
    receipt = deliver(home, "presence", "a", CAFE)
    assert (receipt.unresolved_subjects, receipt.unresolved_places) == (2, 1)
    described = deliver(home, "subject", "a", "subject\nann")
    assert described.unresolved == 0
    deliver(home, "place", "a", "place kind\ncafe cafe")
    later = deliver(home, "presence", "a", CAFE_LATER_END + "bob bar 06-01T10:00 -")
    assert (later.unresolved_subjects, later.unresolved_places) == (1, 1)
    pair = deliver(home, "link", "a", UNDATED)
    assert pair.unresolved == 1
    lake.withdraw(home, described.batch, "test", BEGIN)
    assert deliver(home, "link", "b", UNDATED).unresolved == 2


def test_who_stands_in_several_tables_of_an_import_is_unresolved_once(home: lake.Home) -> None:
    deliver(home, "subject", "a", "subject\ndan")
    told = {
        "subject": "subject\nbob",
        "presence": CAFE + "dan cafe 06-01T10:00 -",
        "event": BY_CARD + "eve bar 06-01T11:00 payment",
        "link": UNDATED,
    }
    origin = lake.ImportOrigin(batch_id("several", "a", "f"), "inn@1", "a", "f.csv")
    with lake.stage_import(home, origin) as staging:
        for table, text in told.items():
            staging.write(table, read_rows(table, text))
        receipt = staging.commit(BEGIN, lake.Tally(rows_in=3, accepted=3))
    assert (receipt.unresolved_subjects, receipt.unresolved_places) == (2, 2)  # ann, eve; cafe, bar
    assert lake.known_import(home, origin.batch) == receipt.replay()


def test_leaving_without_commit_stores_nothing(home: lake.Home) -> None:
    batch = batch_id("presence", "a", "f")
    with lake.stage(home, table="presence", source="a", batch=batch, file_name="f") as staging:
        staging.reject(1, "end", FAULTY)
    assert lake.known_batch(home, batch) is None
    assert list(home.staging.iterdir()) == []


def test_rows_come_back_as_they_were_given(home: lake.Home) -> None:
    receipt = deliver(home, "presence", "a", CAFE)
    rows = current(lake.snapshot(home, BEGIN), "presence", lineage=True)
    assert [row[-2:] for row in rows] == [(receipt.batch, 1), (receipt.batch, 2)]
    assert rows[0][:2] == ("ann", "cafe")
