"""Where an answer differs, both tables are printed side by side with the rows that do not match."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ringfence.errors import Text
from ringfence.protocols.model import Protocol, Source
from ringfence.trace.result import Trace, Venue

from .chapters import Expected, Rows, Run
from .comparing import differences

AT = datetime(2022, 7, 1, 1, 0, tzinfo=UTC)


def traced(*people: int, warnings: tuple[Text, ...] = ()) -> Trace:
    protocol = Protocol(
        "spec",
        1,
        Text("Spec", "规范"),
        "covid-19",
        "CN",
        date(2022, 1, 1),
        None,
        Source(),
        (),
        (),
        "digest",
    )
    venues = tuple(
        Venue("C1", None, f"M{number}", "retail", None, AT, AT, count, 3)
        for number, count in enumerate(people, 1)
    )
    return Trace(protocol, AT, "Asia/Shanghai", 1, "sql", warnings, (), (), (), venues)


def wanted(table: str, *rows: dict[str, str], in_order: bool = False) -> Run:
    columns = tuple(rows[0]) if rows else ()
    return Run(line=1, expected=(Expected(table, Rows(columns, rows), 7, in_order),))


def test_rows_in_any_order_and_only_the_columns_shown() -> None:
    run = wanted("venues", {"place": "M2", "people": "5"}, {"place": "M1", "people": "4"})
    assert differences(run, traced(4, 5)) == []


def test_the_order_counts_where_the_chapter_says_so() -> None:
    rows = ({"place": "M2"}, {"place": "M1"})
    assert differences(wanted("venues", *rows, in_order=True), traced(4, 5))
    assert not differences(wanted("venues", *rows[::-1], in_order=True), traced(4, 5))


def test_both_tables_are_shown_with_the_rows_that_differ() -> None:
    run = wanted("venues", {"place": "M1", "start": "07-01 09:00"}, {"place": "M9", "start": ""})
    (told,) = differences(run, traced(4, 5))
    assert told.splitlines() == [
        "venues (line 7; '!' marks what the other side lacks)",
        "  the chapter says      |  the trace answers",
        "    place  start        |    place  start",
        "    M1     07-01 09:00  |    M1     07-01 09:00",
        "  ! M9                  |  ! M2     07-01 09:00",
    ]


def test_what_a_case_does_not_show_must_not_come_out() -> None:
    (told,) = differences(wanted("contacts"), traced(4))
    assert told.startswith("venues (line 1")


def test_a_row_too_many_of_the_same_is_seen() -> None:
    assert differences(wanted("venues", {"limit": "3"}), traced(4, 5))


def test_a_warning_is_found_by_a_phrase() -> None:
    trace = traced(warnings=(Text("C1 is not confirmed", "C1 尚未确诊"),))
    assert not differences(wanted("warnings", {"says": "not confirmed"}), trace)
    assert differences(wanted("warnings", {"says": "is a draft"}), trace)
