"""Merge, split and undo: acts with a reason, known from their time on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.unit.identity.homes import BY, at, people

from ringfence import audit, lake
from ringfence.errors import DataError, NotAllowed, NotFound, UsageError
from ringfence.identity import merge, snapshot, split, undo


def test_merged_from_its_time_on(home: lake.Home) -> None:
    acted = merge(home, ["s2", "s1"], reason="same card", by=BY, now=at(5))
    assert acted.persons == {"s1": ("s1", "s2")}
    assert people(home) == {"s1": ("s1", "s2")}
    assert people(home, 5) == {"s1": ("s1", "s2")}
    assert people(home, 4.9) == {}


def test_merging_joins_whole_persons(home: lake.Home) -> None:
    merge(home, ["s2", "s4"], reason="r", by=BY, now=at(1))
    merge(home, ["s1", "s3"], reason="r", by=BY, now=at(2))
    merge(home, ["s4", "s3"], reason="r", by=BY, now=at(3))
    assert people(home) == {"s1": ("s1", "s2", "s3", "s4")}
    assert people(home, 2) == {"s1": ("s1", "s3"), "s2": ("s2", "s4")}


def test_split_leaves_the_others_together(home: lake.Home) -> None:
    merge(home, ["s1", "s2", "s3"], reason="r", by=BY, now=at(1))
    acted = split(home, ["s1"], reason="another man", by=BY, now=at(2))
    assert acted.persons == {"s1": ("s1",), "s2": ("s2", "s3")}
    assert people(home) == {"s2": ("s2", "s3")}
    assert people(home, 1) == {"s1": ("s1", "s2", "s3")}


def test_subjects_that_leave_together_stay_together(home: lake.Home) -> None:
    merge(home, ["s1", "s2", "s3", "s4"], reason="r", by=BY, now=at(1))
    split(home, ["s2", "s4"], reason="r", by=BY, now=at(2))
    assert people(home) == {"s1": ("s1", "s3"), "s2": ("s2", "s4")}


def test_a_merge_goes_before_an_earlier_split(home: lake.Home) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    split(home, ["s2"], reason="r", by=BY, now=at(2))
    merge(home, ["s2", "s1"], reason="one man after all", by=BY, now=at(3))
    assert people(home) == {"s1": ("s1", "s2")}


def test_an_act_is_taken_back_and_that_too(home: lake.Home) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    taken_back = undo(home, 1, reason="wrong card", by=BY, now=at(2))
    assert taken_back.persons == {"s1": ("s1",), "s2": ("s2",)}
    assert people(home) == {}
    assert people(home, 1) == {"s1": ("s1", "s2")}
    undo(home, taken_back.act, reason="right card", by=BY, now=at(3))
    assert people(home) == {"s1": ("s1", "s2")}


def test_a_clock_that_went_back_hides_nothing_now(home: lake.Home) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(50))
    split(home, ["s2"], reason="r", by=BY, now=at(2))
    assert people(home) == {}
    persons = snapshot(home, at(3)).persons
    assert persons is None


@pytest.mark.parametrize(
    ("subjects", "reason", "error"),
    [
        (["s1"], "r", UsageError),
        (["s1", "s1"], "r", UsageError),
        (["s1", ""], "r", UsageError),
        (["s1", "s3"], "  ", UsageError),
        (["s1", "s2"], "r", DataError),
        (["s1", "s3"], "he is 110105 19491231 002X", NotAllowed),
    ],
)
def test_what_cannot_be_merged(
    home: lake.Home, subjects: list[str], reason: str, error: type[Exception]
) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    with pytest.raises(error):
        merge(home, subjects, reason=reason, by=BY, now=at(2))
    assert people(home) == {"s1": ("s1", "s2")}


def test_what_cannot_be_split(home: lake.Home) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    for subjects in (["s3"], ["s1", "s2"], ["s1", "s3"]):
        with pytest.raises(DataError):
            split(home, subjects, reason="r", by=BY, now=at(2))
    with pytest.raises(UsageError):
        split(home, [], reason="r", by=BY, now=at(2))
    for number, error in ((7, NotFound), (0, NotFound)):
        with pytest.raises(error):
            undo(home, number, reason="r", by=BY, now=at(2))
    undo(home, 1, reason="r", by=BY, now=at(2))
    with pytest.raises(DataError):
        undo(home, 1, reason="r", by=BY, now=at(2))


def test_every_act_is_audited_and_the_failed_too(home: lake.Home) -> None:
    merge(home, ["s2", "s1"], reason="same card", by=BY, now=at(1))
    with pytest.raises(DataError):
        merge(home, ["s1", "s2"], reason="again", by=BY, now=at(2))
    told = [(row.act, row.state, row.about.get("subjects")) for row in audit.entries(home)]
    assert told == [
        ("identity.merge", "intended", "s1,s2"),
        ("identity.merge", "done", None),
        ("identity.merge", "intended", "s1,s2"),
        ("identity.merge", "failed", None),
    ]
    assert audit.verify(home).ok


def test_kept_files_can_be_deleted_or_damaged(home: lake.Home) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    assert people(home) == {"s1": ("s1", "s2")}
    for damage in (os.unlink, lambda path: Path(path).write_bytes(b"no arrow")):
        for path in (home.identity / "kept").iterdir():
            damage(path)
        assert people(home) == {"s1": ("s1", "s2")}
