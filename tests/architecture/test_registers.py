"""What is declared is complete: a new table or column fails here until it is classified."""

from __future__ import annotations

import pytest

from ringfence.records import TABLES, Kind, Sensitivity, Table
from ringfence.records.vocabularies import SETTING_TERMS, Setting

MOVEMENTS = {"presence", "event", "encounter", "link", "ride", "sighting", "occupancy", "fix"}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_key_and_interval_are_columns(table: Table) -> None:
    names = {column.name for column in table.columns}
    assert set(table.key) <= names
    assert {table.starts, table.ends} - {None} <= names
    assert len(names) == len(table.columns)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_text_is_in_both_languages(table: Table) -> None:
    for text in (table.meaning, *(column.meaning for column in table.columns)):
        assert text.en.isascii()
        assert not text.zh.isascii()


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_words_have_a_vocabulary_and_numbers_bounds(table: Table) -> None:
    for column in table.columns:
        assert bool(column.words) == (column.kind is Kind.WORD)
        if column.kind in {Kind.NUMBER, Kind.WHOLE}:
            assert column.least is not None
            assert column.most is not None


def test_movements_have_a_clock() -> None:
    assert {name for name, table in TABLES.items() if table.retention_days} == MOVEMENTS


def test_identity_stays_in_one_table() -> None:
    with_identity = {
        table.name
        for table in TABLES.values()
        if any(column.sensitivity is Sensitivity.IDENTITY for column in table.columns)
    }
    assert with_identity == {"subject"}


def test_every_setting_has_its_terms() -> None:
    assert set(SETTING_TERMS) == set(Setting)
