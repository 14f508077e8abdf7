"""The header: each needed column once, no other, and no identity."""

from __future__ import annotations

import pytest

from ringfence.errors import DataError, NotAllowed
from ringfence.records import TABLES
from ringfence.sources.header import check_header


def message(table: str, names: list[str]) -> str:
    with pytest.raises(DataError) as caught:
        check_header(TABLES[table], names, "file.csv")
    assert caught.value.text.zh
    return caught.value.text.en


def test_a_missing_column_is_named() -> None:
    assert "lacks column `end`" in message("presence", ["subject", "place", "start"])


def test_an_unknown_column_is_offered_the_closest_name_first() -> None:
    said = message("presence", ["subject", "place", "start", "end", "certianty"])
    assert "column 5 `certianty`" in said
    assert "it has certainty, " in said


def test_a_doubled_column_is_named() -> None:
    said = message("presence", ["subject", "place", "start", "end", "end"])
    assert "`end` appears more than once" in said


def test_data_in_place_of_a_header_are_not_shown() -> None:
    said = message("presence", ["s-77", "p1", "2022-07-01T08:00:00Z", ""])
    assert "row 1 is not the header" in said
    assert "s-77" not in said


def test_a_name_that_is_no_name_of_a_column_is_told_by_position() -> None:
    said = message("presence", ["subject", "place", "start", "end", "13800138000"])
    assert "column 5 is not" in said
    assert "13800138000" not in said


def test_lineage_is_not_delivered() -> None:
    assert "`batch`" in message("presence", ["subject", "place", "start", "end", "batch"])


@pytest.mark.parametrize("column", ["name", "id_number", "phone", "birth_date"])
def test_identities_are_refused(column: str) -> None:
    with pytest.raises(NotAllowed, match=column):
        check_header(TABLES["presence"], ["subject", "place", "start", "end", column], "s.csv")


@pytest.mark.parametrize("column", ["name", "id_number", "phone", "birth_date"])
def test_a_register_of_persons_takes_identities(column: str) -> None:
    check_header(TABLES["subject"], ["subject", column], "people.csv")


def test_a_doubled_identity_is_still_an_identity() -> None:
    with pytest.raises(NotAllowed):
        check_header(TABLES["case"], ["case", "phone", "phone", "shoe_size"], "cases.csv")


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_declared_columns_are_a_header(table: str) -> None:
    check_header(TABLES[table], [c.name for c in TABLES[table].lake_columns], "file.csv")
    check_header(TABLES[table], [c.name for c in TABLES[table].columns if c.required], "file.csv")
