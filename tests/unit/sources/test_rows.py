"""What the values of a row say together, and which fault of a row is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ringfence.sources import read_text, reasons

NOW = datetime(2022, 7, 20, tzinfo=UTC)


def read(table: str, text: str, zone: str = "Asia/Shanghai") -> tuple[list[Any], list[Any]]:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    rows, rejects = read_text(table, lines, zone, NOW)
    return rows.to_pylist(), [(r.row, r.field, r.reason) for r in rejects]


def test_the_first_fault_in_the_order_of_the_tables_columns_is_told() -> None:
    _, rejects = read(
        "presence",
        """end,start,place,subject
        2022-07-01,2022-07-01,,s1
        2022-07-01,2022-07-01,p1,s1
        2022-07-01T08:00:00Z,2022-07-01T09:00:00Z,p1,s1""",
    )
    assert rejects == [
        (2, "place", reasons.EMPTY),
        (3, "start", reasons.NO_TIME),
        (4, "end", reasons.END_BEFORE_START),
    ]


@pytest.mark.parametrize("table", ["presence", "occupancy"])
def test_a_stay_of_no_length_is_refused(table: str) -> None:
    keys = {"presence": "place", "occupancy": "vehicle"}[table]
    rows, rejects = read(
        table,
        f"""subject,{keys},start,end
        s1,x1,2022-07-01T08:00:00Z,2022-07-01T08:00:00Z
        s1,x1,2022-07-01T08:00:00Z,2022-07-01T08:00:00.9Z
        s1,x1,2022-07-01T08:00:00Z,2022-07-01T08:00:01Z
        s1,x1,2022-07-01T08:00:00Z,""",
    )
    assert [row["source_row"] for row in rows] == [4, 5]
    assert {field for _, field, _ in rejects} == {"end"}


def test_pairs_are_stored_in_order_with_what_belongs_to_each() -> None:
    rows, rejects = read(
        "encounter",
        """subject_a,subject_b,start,end,distance_m,mask_a,mask_b
        b,a,2022-07-01T08:00:00Z,2022-07-01T09:00:00Z,1,yes,no
        a,b,2022-07-01T08:00:00Z,2022-07-01T09:00:00Z,1,yes,
        a,a,2022-07-01T08:00:00Z,2022-07-01T09:00:00Z,1,,
        B,a,2022-07-01T08:00:00Z,2022-07-01T09:00:00Z,-1,,
        B,a,2022-07-01T08:00:00Z,2022-07-01T09:00:00Z,,,""",
    )
    pairs = [(r["subject_a"], r["subject_b"], r["mask_a"], r["mask_b"]) for r in rows]
    assert pairs == [("a", "b", False, True), ("a", "b", True, None), ("B", "a", None, None)]
    assert rejects == [
        (4, "subject_b", reasons.SAME_PERSON),
        (5, "distance_m", reasons.NEGATIVE),
    ]


def test_a_ride_needs_two_stops_or_two_stations() -> None:
    rows, rejects = read(
        "ride",
        """subject,service,board_seq,alight_seq,from,to
        s1,G1,1,3,,
        s2,G1,,,Beijing,Jinan
        s3,G1,1,,,
        s4,G1,1,,Beijing,
        s5,G1,3,3,,
        s6,G1,1,,Beijing,Jinan""",
    )
    assert [row["subject"] for row in rows] == ["s1", "s2", "s6"]
    assert rejects == [
        (4, "board_seq", reasons.NO_STOPS),
        (5, "board_seq", reasons.NO_STOPS),
        (6, "alight_seq", reasons.ALIGHTS_BEFORE),
    ]


def test_the_precision_of_a_case_event() -> None:
    rows, rejects = read(
        "case_event",
        """case,kind,at,precision
        c1,onset,2022-07-01,
        c2,onset,2022-07-01,day
        c3,onset,2022-07-01T23:30:00+08:00,
        c4,onset,2022-07-01T23:30:00+08:00,minute
        c5,onset,2022-07-01T23:30:00+08:00,day
        c6,onset,2022-07-01,minute""",
    )
    day = datetime(2022, 6, 30, 16, tzinfo=UTC)
    instant = datetime(2022, 7, 1, 15, 30, tzinfo=UTC)
    assert [(row["at"], row["precision"]) for row in rows] == [
        (day, "day"),
        (day, "day"),
        (instant, "instant"),
        (instant, "minute"),
        (day, "day"),
    ]
    assert rejects == [(7, "precision", reasons.DAY_IS_DAY)]


def test_an_end_that_is_a_day_ends_with_that_day() -> None:
    rows, rejects = read(
        "measure",
        """subject,kind,start,end
        s1,home,2022-07-01,2022-07-01
        s2,home,2022-07-01T23:00:00+08:00,2022-07-01
        s3,home,2022-07-02T00:00:00+08:00,2022-07-01
        s4,home,2022-07-02,2022-07-01
        s5,home,2022-07-01,2022-07-01T00:00:00+08:00
        s6,home,2022-07-01,""",
    )
    assert [row["subject"] for row in rows] == ["s1", "s2", "s6"]
    assert rejects == [
        (4, "end", reasons.END_IS_BEFORE),
        (5, "end", reasons.END_IS_BEFORE),
        (6, "end", reasons.END_BEFORE_START),
    ]


def test_the_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    rows, rejects = read(
        "measure",
        """subject,kind,start,end
        s1,home,2022-04-03T02:30:00+12:00,2022-04-03
        s2,home,2022-04-03T23:30:00+12:00,2022-04-03
        s3,home,2022-04-04T00:00:00+12:00,2022-04-03""",
        zone="Pacific/Auckland",
    )
    assert [row["subject"] for row in rows] == ["s1", "s2"]
    assert [row for row, _, _ in rejects] == [4]


def test_columns_in_any_order_and_optional_ones_left_out() -> None:
    rows, _ = read("presence", "start,end,place,subject\n2022-07-01T08:00:00Z,,p1,s1")
    assert rows[0]["subject"] == "s1"
    assert rows[0]["zone"] is None
    assert rows[0]["certainty"] is None
