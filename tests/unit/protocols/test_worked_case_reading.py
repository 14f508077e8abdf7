"""Worked cases and the small tables that they are written in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.unit.protocols.written import read_text, with_top

from ringfence.errors import DataError
from ringfence.protocols.pipe_tables import parse_pipe_table

WRITTEN = """\
worked_cases:
  - title: {en: A case, zh: 示例}
    given:
      case: |
        | case | subject | disease | classification | symptomatic |
        | C1   | c1      | test    | confirmed      |             |
      link: |
        | subject_a | subject_b | relation  |
        | c1        | p1        | household |
    trace: {cases: [C1], orders: 1, as_of: "2022-07-20T00:00+08:00", zone: Asia/Shanghai}
    expect:
      contacts: |
        | subject | class | rules |
        | p1      | close | near  |
"""


def test_a_worked_case() -> None:
    (case,) = read_text(with_top(*WRITTEN.splitlines())).worked_cases
    assert case.title == ("A case", "示例")
    assert list(case.given) == ["case", "link"]
    assert case.given["link"].records() == [
        {"subject_a": "c1", "subject_b": "p1", "relation": "household"}
    ]
    assert (case.cases, case.orders, case.zone) == (("C1",), 1, "Asia/Shanghai")
    assert case.as_of == datetime(2022, 7, 19, 16, tzinfo=UTC)
    assert case.contacts.records() == [{"subject": "p1", "class": "close", "rules": "near"}]
    assert case.line == 15


def test_what_is_left_out() -> None:
    shorter = [line for line in WRITTEN.splitlines() if "trace" not in line]
    (case,) = read_text(with_top(*shorter)).worked_cases
    assert (case.cases, case.orders, case.zone, case.as_of) == ((), 2, "UTC", None)
    assert case.review.rows == case.venues.rows == ()


def test_a_table_with_and_without_outer_pipes_and_ruler() -> None:
    assert parse_pipe_table("| a | b |\n|---|:--:|\n| 1 |  |\n") == (("a", "b"), (("1", ""),))
    assert parse_pipe_table("a | b\n1 | 2\n\n3 | 4") == (("a", "b"), (("1", "2"), ("3", "4")))
    assert parse_pipe_table("| a |") == (("a",), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no header row"),
        (" \n \n", "no header row"),
        ("| a | a |", "a name of its own"),
        ("| a | |", "a name of its own"),
        ("| a | b |\n| 1 |", "row 2 of the table has 1 cells, the header 2"),
        ("| a |\nno pipe", "row 2 of the table has no pipe"),
    ],
)
def test_a_table_that_is_none(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        parse_pipe_table(text)
