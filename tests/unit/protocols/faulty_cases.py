"""Faulty worked cases: for each fault its text, line, path of the field, words of the message."""

from __future__ import annotations

from tests.unit.protocols.faulty_files import Faulty
from tests.unit.protocols.written import with_top

CASE = """\
worked_cases:
  - title: {en: A case, zh: 示例}
    given:
      case: |
        | case | subject | disease | classification | symptomatic |
        | C1   | c1      | test    | confirmed      | yes         |
"""
OF_CASES: dict[str, Faulty] = {
    "worked case without records": (
        with_top("worked_cases:", "  - {title: {en: A case, zh: 示例}, expect: {}}"),
        (15, "worked_cases[1]", "the field 'given' is missing"),
    ),
    "worked case without a case": (
        with_top(*CASE.splitlines()[:3], "      place: |", "        | place | kind | name |"),
        (15, "worked_cases[1]", "the table 'case' with a case to trace is missing"),
    ),
    "unknown table": (
        with_top(*CASE.splitlines(), "      presense: |", "        | subject |"),
        (20, "worked_cases[1].given", "there is no field 'presense' here; write one of: presence"),
    ),
    "unknown column": (
        with_top(*CASE.splitlines(), "      test: |", "        | subject | sampld | result |"),
        (20, "worked_cases[1].given.test", "there is no column 'sampld'; write one of: sampled"),
    ),
    "missing column": (
        with_top(*CASE.splitlines(), "      test: |", "        | subject | sampled |"),
        (20, "worked_cases[1].given.test", "the column 'result' is missing"),
    ),
    "row of another length": (
        with_top(*CASE.splitlines(), "        | C2 | c2 |"),
        (17, "worked_cases[1].given.case", "row 3 of the table has 2 cells, the header 5"),
    ),
    "unknown fact of a review": (
        with_top(
            *CASE.splitlines(),
            "    expect:",
            "      review: |",
            "        | fact |",
            "        | air |",
        ),
        (21, "worked_cases[1].expect.review", "a question is asked about one of:"),
    ),
    "unknown time zone": (
        with_top(*CASE.splitlines(), "    trace: {zone: Asia/Beijing}"),
        (20, "worked_cases[1].trace.zone", "the name of a time zone is wanted"),
    ),
    "as-of without offset": (
        with_top(*CASE.splitlines(), '    trace: {as_of: "2022-07-01T00:00"}'),
        (20, "worked_cases[1].trace.as_of", "a time with its offset is wanted"),
    ),
}
