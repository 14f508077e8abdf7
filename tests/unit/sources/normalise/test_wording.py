"""Every reason is in both languages, and of one form: it goes on after the name of a field."""

from __future__ import annotations

import pytest

from ringfence.errors import Text
from ringfence.sources.normalise import wording

REASONS = {name: text for name, text in vars(wording).items() if isinstance(text, Text)}


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_goes_on_after_the_name_of_a_field(name: str) -> None:
    english = REASONS[name].en.replace("08车012F号", "").replace("12车12F", "").replace("无座", "")
    assert english.isascii()
    assert english[0].islower()
    assert not english.endswith(".")


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_is_in_chinese_too(name: str) -> None:
    assert not REASONS[name].zh.isascii()
    assert not REASONS[name].zh.endswith("。")
