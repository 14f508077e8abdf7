"""What is missing is filled in with its origin; what is said is never replaced."""

from __future__ import annotations

from tests.unit.identity.homes import identity_number

from ringfence.identity.completion import Completed, How, complete
from ringfence.vault.model import Told

NUMBER = identity_number("19900307", 1)
PERMIT = identity_number("19900307", 2)


def told(subject: str, source: str, row: int = 2, **fields: str) -> Told:
    return Told(subject, source, f"batch of {source}", row, fields)


def completed(*statements: Told, of: str = "a") -> dict[str, Completed]:
    every: dict[str, list[Told]] = {}
    for one in statements:
        every.setdefault(one.subject, []).append(one)
    return {one.field: one for one in complete(of, every)}


def test_the_number_tells_sex_birth_date_and_region() -> None:
    statement = told("a", "hotel", id_number=NUMBER)
    found = completed(statement)
    shown = {name: (one.value.value, one.value.how) for name, one in found.items()}
    assert shown == {
        "sex": ("male", How.NUMBER),
        "birth_date": ("1990-03-07", How.NUMBER),
        "region": ("000101", How.NUMBER),
        "id_number": (NUMBER, How.STATED),
    }
    assert found["sex"].value.told is statement


def test_a_number_without_a_check_character_tells_nothing() -> None:
    found = completed(told("a", "hotel", id_number="E12345678", id_kind="passport"))
    assert set(found) == {"id_number", "id_kind"}


def test_what_is_stated_goes_before_the_number_and_both_are_shown() -> None:
    found = completed(told("a", "hotel", id_number=NUMBER, sex="female"))["sex"]
    assert (found.value.value, found.value.how) == ("female", How.STATED)
    assert [(other.value, other.how) for other in found.otherwise] == [("male", How.NUMBER)]


def test_other_channels_fill_only_what_is_empty() -> None:
    own = told("a", "hotel", phone="+8613800138000")
    other = told("b", "rail", phone="+8613900139000", address="和平路十二号")
    found = completed(own, other)
    assert (found["phone"].value.value, found["phone"].value.how) == (
        "+8613800138000",
        How.STATED,
    )
    assert [one.value for one in found["phone"].otherwise] == ["+8613900139000"]
    assert (found["address"].value.how, found["address"].value.told) == (How.CHANNEL, other)
    assert completed(own, other, of="b")["phone"].value.value == "+8613900139000"


def test_of_one_source_the_last_word_counts_field_by_field() -> None:
    found = completed(
        told("a", "hotel", 2, phone="+8613800138000", name="王小明"),
        told("a", "hotel", 9, phone="+8613900139000"),
    )
    assert found["phone"].value.value == "+8613900139000"
    assert found["phone"].otherwise == ()
    assert found["name"].value.told.row == 2


def test_sources_that_differ_stand_side_by_side_newest_first() -> None:
    found = completed(
        told("a", "hotel", name="王小明"), told("a", "clinic", name="王晓明"), told("a", "x")
    )["name"]
    assert found.value.value == "王晓明"
    assert [one.value for one in found.otherwise] == ["王小明"]


def test_of_nobody_nothing_is_told() -> None:
    assert complete("a", {}) == ()
    assert completed(told("b", "rail", phone="+8613800138000"), of="c")["phone"].value.told.subject
