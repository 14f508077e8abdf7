"""Three-valued logic as tables."""

import pytest

from ringfence.engines.reference.kleene import all_of, any_of

YES, NO, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("values", "all_hold", "one_holds"),
    [
        ([], YES, NO),
        ([YES], YES, YES),
        ([YES, NO], NO, YES),
        ([YES, UNKNOWN], UNKNOWN, YES),
        ([NO, UNKNOWN], NO, UNKNOWN),
        ([UNKNOWN, UNKNOWN], UNKNOWN, UNKNOWN),
        ([YES, NO, UNKNOWN], NO, YES),
    ],
)
def test_kleene(values: list[bool | None], all_hold: bool | None, one_holds: bool | None) -> None:
    assert all_of(values) is all_hold
    assert any_of(values) is one_holds
