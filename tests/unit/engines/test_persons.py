"""Subjects of one person are found by bisection, whichever of them is asked for."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.engines.persons import Persons, in_persons, persons_from, regrouped
from ringfence.records import TABLES

NAMES = st.sampled_from(["a", "b", "c", "d", "e", "Z", "é", "人", "𝒳", "a1", ""])
GROUPS = st.lists(st.sets(NAMES), max_size=6).map(
    lambda sets: [one - set().union(*sets[:number]) for number, one in enumerate(sets)]
)


def known(*groups: set[str]) -> Persons:
    persons = persons_from(groups)
    assert persons is not None
    return persons


def test_the_smallest_subject_stands_for_the_person() -> None:
    persons = known({"s3", "s1", "s2"}, {"t2", "t1"})
    assert persons.people(["s1", "s2", "s3", "t2", "u"]) == ["s1", "s1", "s1", "t1", "u"]
    assert persons.subjects_of("s2") == ("s1", "s2", "s3")
    assert persons.subjects_of_each(["u", "t1"]) == [("u",), ("t1", "t2")]


def test_nobody_is_merged_where_every_group_is_of_one() -> None:
    assert persons_from([{"a"}, set(), {"b"}]) is None


@given(GROUPS, st.lists(NAMES))
def test_all_ways_of_asking_say_the_same(groups: list[set[str]], asked: list[str]) -> None:
    persons = persons_from(groups)
    if persons is None:
        return
    of = {subject: group for group in groups for subject in group}
    expected = [min(of.get(name, {name})) for name in asked]
    assert persons.people(asked) == expected
    assert persons.fold(pa.chunked_array([asked, []], pa.string())).to_pylist() == expected
    for name in asked:
        assert persons.person_of(name) == min(of.get(name, {name}))
        assert persons.subjects_of(name) == tuple(sorted(of.get(name, {name})))


@given(GROUPS, GROUPS)
def test_whoever_is_merged_otherwise_is_named(was: list[set[str]], now: list[set[str]]) -> None:
    before, after = ({n: frozenset(g) for g in groups for n in g} for groups in (was, now))
    every = before.keys() | after.keys()
    differ = {n for n in every if before.get(n, frozenset([n])) != after.get(n, frozenset([n]))}
    moved = regrouped(persons_from(was), persons_from(now))
    touched = {n for n in differ if min(before.get(n, [n])) != min(after.get(n, [n]))}
    assert touched <= moved <= every
    for name in differ:
        mates = before.get(name, frozenset([name])) | after.get(name, frozenset([name]))
        assert mates & moved


def test_what_a_person_has_with_himself_is_no_row() -> None:
    schema = TABLES["link"].schema
    rows = pa.Table.from_pylist(
        [
            {"subject_a": "a", "subject_b": "b", "relation": "household"},
            {"subject_a": "b", "subject_b": "c", "relation": "household"},
        ],
        schema=schema,
    )
    told = in_persons(known({"a", "b"}), "link", rows)
    assert told.schema.equals(schema)
    assert [(row["subject_a"], row["subject_b"]) for row in told.to_pylist()] == [("a", "c")]
    assert in_persons(None, "link", rows) is rows


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_told_of_persons(table: str) -> None:
    empty = TABLES[table].schema.empty_table()
    assert in_persons(known({"a", "b"}), table, empty).schema.equals(empty.schema)
