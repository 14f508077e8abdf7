"""Which rows speak of one person: whatever their order, and never by a guess."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ringfence.operations.lists.persons import Marks, marks, same_persons

from .people import id_number

_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "id_number": st.sampled_from([id_number(n) for n in range(3)]),
        "phone": st.sampled_from(["+861540000000" + n for n in "12"]),
        "name": st.sampled_from(["王一", "李二"]),
        "plate": st.sampled_from(["青Z00001"]),
    },
).filter(lambda fields: fields.keys() & {"id_number", "phone", "plate"})
_LISTS = st.lists(_FIELDS, min_size=1, max_size=12)


def told(*rows: dict[str, str]) -> list[Marks]:
    return [marks(number, fields) for number, fields in enumerate(rows, start=2)]


def groups(rows: list[Marks]) -> set[frozenset[int]]:
    persons = same_persons(rows)
    return {
        frozenset(row for row, person in persons.items() if person == one)
        for one in persons.values()
    }


def test_one_number_is_one_person_whatever_else_is_said() -> None:
    rows = told(
        {"id_number": id_number(1), "name": "王一", "phone": "+8615400000001"},
        {"id_number": id_number(1), "name": "王壹"},
        {"id_number": id_number(2), "name": "王一", "phone": "+8615400000001"},
    )
    assert groups(rows) == {frozenset({2, 3}), frozenset({4})}


def test_a_row_without_a_number_belongs_to_the_one_of_whom_the_same_is_said() -> None:
    rows = told(
        {"name": "王一", "phone": "+8615400000001"},
        {"id_number": id_number(1), "name": "王一", "phone": "+8615400000001"},
        {"name": "李二", "phone": "+8615400000001"},
    )
    assert groups(rows) == {frozenset({2, 3}), frozenset({4})}


def test_where_two_numbers_are_said_with_it_nothing_is_guessed() -> None:
    rows = told(
        {"name": "王一", "phone": "+8615400000001"},
        {"id_number": id_number(1), "name": "王一", "phone": "+8615400000001"},
        {"id_number": id_number(2), "name": "王一", "phone": "+8615400000001"},
        {"name": "王一", "phone": "+8615400000001"},
    )
    assert groups(rows) == {frozenset({2, 5}), frozenset({3}), frozenset({4})}


def test_a_number_that_no_check_vouches_for_counts_with_the_name() -> None:
    rows = told(
        {"id_number": "E12345678", "id_kind": "passport", "name": "WANG YI"},
        {"id_number": "E12345678", "id_kind": "passport", "name": "LI ER"},
        {"id_number": "E12345678", "id_kind": "passport", "name": "WANG YI"},
    )
    assert groups(rows) == {frozenset({2, 4}), frozenset({3})}


@given(_LISTS, st.randoms())
def test_order_makes_no_difference(rows: list[dict[str, str]], chance: Random) -> None:
    one = told(*rows)
    other = list(one)
    chance.shuffle(other)
    assert same_persons(one) == same_persons(other)


@given(_LISTS)
def test_two_numbers_are_never_one_person_and_one_number_never_two(
    rows: list[dict[str, str]],
) -> None:
    persons = same_persons(told(*rows))
    numbers: dict[int, set[str]] = {}
    bearers: dict[str, set[int]] = {}
    for row, fields in enumerate(rows, start=2):
        if "id_number" in fields:
            numbers.setdefault(persons[row], set()).add(fields["id_number"])
            bearers.setdefault(fields["id_number"], set()).add(persons[row])
    assert all(len(found) == 1 for found in numbers.values())
    assert all(len(found) == 1 for found in bearers.values())
    assert sorted(set(persons.values())) == list(range(1, len(set(persons.values())) + 1))
