"""What leaves for a spreadsheet is no formula there, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.records.formulas import guarded, harmless, restored

STARTS = ["=", "+", "-", "@", "\t", "\r"]
texts = st.text() | st.text(st.sampled_from("=+-@\t\r'a")) | st.just("")


@pytest.mark.parametrize("start", STARTS)
def test_a_formula_becomes_a_text(start: str) -> None:
    assert harmless(f"{start}1+1") == guarded(f"{start}1+1") == f"'{start}1+1"
    assert harmless(start) == f"'{start}"


@given(texts)
def test_nothing_starts_like_a_formula(text: str) -> None:
    assert harmless(text)[:1] not in STARTS
    assert guarded(text)[:1] not in STARTS


@given(texts)
def test_the_way_back(text: str) -> None:
    assert restored(guarded(text)) == text
