"""A chapter that does not follow the form is refused with file, line and the names that exist."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from .chapters import Act, ChapterError, Home, Refusal
from .local_times import in_full, read_day, read_instant, show_instant
from .reading import read_chapter

PATH = Path("chapter.md")
HEAD = """# 1 Title · 标题

中文摘要。

```yaml protocol
rules: []
```
"""
GIVEN = """
**Given** `presence`

| subject | place |
| --- | --- |
| P1 | R1 |
"""
CASE = f"""
### One case
{GIVEN}
**Then** no `contacts`
"""


def lines_of(text: str, found: str) -> int:
    return text[: text.index(found)].count("\n") + 1


def test_a_case_is_read_whole() -> None:
    text = f"""{HEAD}
### One case

Why it matters.

**Home** zone `Europe/Berlin` jurisdiction `DE`
{GIVEN}
**and** `place` from `city` as `D1` received `07-02 09:00`

| place | kind |
| --- | --- |
| R1 | bar |

**Withdraw** `D1` at `07-03 09:00`

**Trace** `C1 C2 --orders 1 --as-of 07-04 08:00 --no-crowd-limit --protocol other`

**Then** `contacts` in order

| subject | via |
| --- | --- |
| K1 | |

**and** no `review`

**Trace** `C9`

**Then** exit 11: “no case”
"""
    (case,) = read_chapter(PATH, text).cases
    assert case.home == Home("Europe/Berlin", "DE")
    assert case.protocols == ("rules: []\n",)
    presence, place = case.given
    assert presence.rows.rows == ({"subject": "P1", "place": "R1"},)
    assert (place.source, place.name, place.received) == ("city", "D1", "07-02 09:00")
    assert isinstance(case.steps[2], Act)
    assert case.needs_lake
    first, second = case.runs
    assert (first.cases, first.orders, first.as_of) == (("C1", "C2"), 1, "07-04 08:00")
    assert (first.crowd_limit, first.protocol) == (False, "other")
    assert [table.table for table in first.expected] == ["contacts", "review"]
    assert first.expected[0].in_order
    assert first.expected[0].rows.rows == ({"subject": "K1", "via": ""},)
    assert second.refusal == Refusal(11, "no case")


def test_what_stands_before_the_cases_is_given_in_all_of_them() -> None:
    other = CASE.replace("One case", "Other case").replace("P1 |", "P2 |")
    text = f"{HEAD}{GIVEN.replace('presence', 'event')}\n## Section\n{GIVEN}{CASE}\n{other}"
    plain = text.replace(CASE, CASE.replace(GIVEN, ""))
    own, background = read_chapter(PATH, plain).cases[1], read_chapter(PATH, plain).cases[0]
    assert [given.table for given in own.given] == ["event", "presence"]
    assert own.given[1].rows.rows[0]["subject"] == "P2"
    assert background.given[1].rows.rows[0]["subject"] == "P1"


def test_a_table_that_every_case_replaces_is_refused() -> None:
    text = f"{HEAD}{GIVEN}{CASE}"
    with pytest.raises(ChapterError, match=r"chapter.md:9: no case uses this table presence"):
        read_chapter(PATH, text)


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (("`presence`", "`stays`"), "`stays`", "unknown table 'stays'; known: .*presence"),
        (("| place |", "| room |"), "| room |", "unknown column 'room'; known: .*place"),
        (("| P1 | R1 |", "| P1 |"), "| P1 |", "1 cells under 2 columns"),
        (("| P1 | R1 |\n", ""), "**Given**", "at least one row must follow"),
        (("**Given** `presence`", ""), "| subject", "the table has no name"),
        (("**Given** `presence`", "**Given** `contacts`"), "`contacts`", "unknown table"),
        (("**Then** no `contacts`", "**Then** `people`"), "`people`", "unknown table 'people'"),
        (("**Then** no `contacts`", ""), "### One case", "nothing that must come out"),
        (("**Then** no `contacts`", "**Then** nobody"), "**Then**", "the line is not understood"),
        (
            ("**Then** no `contacts`", "**Withdraw** `D1` at `07-01`"),
            "**Withdraw**",
            "no delivery is named 'D1'",
        ),
        (
            ("**Then** no `contacts`", "**Trace** `C1 --fast`"),
            "**Trace**",
            "unknown option --fast",
        ),
        (
            ("**Then** no `contacts`", "**Trace** `C1 --as-of 07-01`"),
            "**Trace**",
            "an option of .*Trace.* is not understood",
        ),
        (
            ("**Then** no `contacts`", "**Vehicles** `A --until 07-01 09:00`"),
            "**Vehicles**",
            "an option of .*Vehicles.* is not understood",
        ),
        (
            ("**Then** no `contacts`", "**Then** no `contacts`\n\n**and** no `contacts`"),
            "**and**",
            "there twice",
        ),
        (
            ("**Then** no `contacts`", f"**Then** no `contacts`\n{GIVEN.replace('P1', 'P9')}"),
            "| P9",
            "after the last trace is not used",
        ),
        (("```yaml protocol\nrules: []\n```", ""), "### One case", "no protocol is given"),
        (("rules: []\n```\n", "rules: []\n"), "```yaml", "the block is not closed"),
        ((GIVEN, ""), "### One case", "nothing is given"),
        ((CASE, f"{CASE}{CASE}"), "", "another case of this chapter has this title"),
        ((CASE, "\nProse.\n"), "", "the chapter has no case"),
        (("中文摘要。", "Prose."), "Prose.", "does not begin with a paragraph in Chinese"),
        ((" · 标题", ""), "# 1 Title", "the first line is not"),
    ],
)
def test_a_bad_chapter_is_refused(change: tuple[str, str], line: str, what: str) -> None:
    text = (HEAD + CASE).replace(*change)
    with pytest.raises(ChapterError, match=what) as error:
        read_chapter(PATH, text)
    told = int(str(error.value).split(":")[1])
    if line.startswith("| P9"):
        assert told == lines_of(text, line) - 4
    elif line:
        assert told == lines_of(text, line)


def test_short_times() -> None:
    assert in_full("07-01", "Asia/Shanghai") == "2022-07-01"
    assert in_full("2021-07-01", "Asia/Shanghai") == "2021-07-01"
    assert in_full("07-01 09:00", "Asia/Shanghai") == "2022-07-01T09:00:00+08:00"
    assert in_full("10-30 02:30", "Europe/Berlin") == "2022-10-30T02:30:00+02:00"
    assert in_full("10-30 02:30 second time", "Europe/Berlin") == "2022-10-30T02:30:00+01:00"
    assert in_full("R1", "Asia/Shanghai") == "R1"
    assert read_day("07-01 09:00") is None


@pytest.mark.parametrize("text", ["07-01 09:00", "07-01 09:00:30", "10-30 02:30 second time"])
def test_times_are_shown_as_they_are_written(text: str) -> None:
    instant = read_instant(text, "Europe/Berlin")
    assert instant is not None
    assert show_instant(instant, "Europe/Berlin") == text


def test_another_year_is_shown() -> None:
    assert show_instant(datetime(2023, 1, 1, tzinfo=UTC), "UTC") == "2023-01-01 00:00"


def test_home_is_plain_unless_it_says_otherwise() -> None:
    (case,) = read_chapter(PATH, HEAD + CASE).cases
    assert case.home == Home()
    assert not case.needs_lake
    assert case.runs[0].orders == 2
