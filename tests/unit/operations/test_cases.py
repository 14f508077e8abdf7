"""What stands behind a question between agencies: a case, of one person."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence import lake
from ringfence.errors import DataError
from ringfence.identity import merge
from ringfence.operations.cases import check_case
from ringfence.sources import import_file

from .homes import BEGIN, CASE, ask, new_home, receive
from .people import sheet, wang


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    """Two sources name the person of one case by a number of their own each."""
    home = new_home(tmp_path)
    file = tmp_path / "other.csv"
    file.write_text(CASE.replace("p1", "p2"), encoding="utf-8")
    import_file(home, str(file), table="case", source="other", now=BEGIN)
    return home


def test_a_case_of_two_persons_is_refused(home: lake.Home) -> None:
    with pytest.raises(DataError, match="different persons"):
        ask(home)


def test_a_case_of_subjects_that_were_merged_is_of_one_person(home: lake.Home) -> None:
    merge(home, ["p1", "p2"], reason="one card", by="officer", now=BEGIN)
    persons = check_case(home, "C1", BEGIN)
    assert persons is not None
    assert persons.subjects_of("p2") == ("p1", "p2")
    assert ask(home).request.case == "C1"
    assert receive(home, sheet(wang(1)), case="C1").list.case == "C1"
