"""What persons are found by: forms that are the same, and digests that say nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.vault.cohorts import postings
from ringfence.vault.pseudonyms import pseudonyms
from ringfence.vault.sealing import packed, unpacked
from ringfence.vault.tokens import Digests, folded, masked, unmasked

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


@pytest.mark.parametrize(
    "written, plain",
    [
        ("王 小明", "王小明"),
        ("王·小明", "王小明"),
        ("ＷＡＮＧ　小明", "wang小明"),
        ("Wang Xiao-Ming", "wangxiaoming"),
        ("O'Brien", "obrien"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("000101 19900307 001X", "00010119900307001x"),
        ("", ""),
        (" ", ""),
    ],
)
def test_forms_of_one_text(written: str, plain: str) -> None:
    assert folded(written) == plain


@given(st.text("王小明abcXYZ0189", min_size=1))
def test_case_and_spaces_never_matter(text: str) -> None:
    assert folded(text) == folded(text.upper()) == folded(" ".join(text)) == folded(folded(text))


@given(st.dictionaries(texts.filter(bool), texts.filter(bool)))
def test_what_is_packed_is_unpacked(fields: dict[str, str]) -> None:
    assert unpacked(packed(fields, 1)) == fields


@given(st.lists(st.binary(min_size=16, max_size=16)))
def test_a_mask_comes_off_with_its_key_only(digests: list[bytes]) -> None:
    together = b"".join(digests)
    assert unmasked(KEY, masked(KEY, together)) == together
    if together:
        assert unmasked(OTHER, masked(KEY, together)) != together


def test_kinds_and_keys_give_other_digests() -> None:
    ours, theirs = Digests(KEY), Digests(OTHER)
    found = {digests.of(kind, "x") for digests in (ours, theirs) for kind in range(8)}
    assert len(found) == 16
    assert ours.of_all(2, ["x", "y"]) == ours.of(2, "x") + ours.of(2, "y")


@given(st.lists(st.tuples(st.sampled_from([b"a" * 16, b"\xff" * 16, b"\0" * 16, b"b" * 16]))))
def test_postings_hold_every_ordinal_once(rows: list[tuple[bytes]]) -> None:
    tokens = b"".join(token for (token,) in rows)
    ordinals = np.arange(len(rows), dtype="<u4")
    found = (
        {token: np.frombuffer(these, "<u4").tolist() for token, these in postings(tokens, ordinals)}
        if rows
        else {}
    )
    expected: dict[bytes, list[int]] = {}
    for ordinal, (token,) in enumerate(rows):
        expected.setdefault(token, []).append(ordinal)
    assert found == expected
    assert list(found) == sorted(found)


@given(st.lists(texts, unique=True))
def test_pseudonyms_are_short_plain_and_distinct(values: list[str]) -> None:
    made = pseudonyms(KEY, "rail", "id", values)
    assert len(set(made)) == len(values)
    assert all(len(one) == 27 and one[0] == "s" and one.isascii() for one in made)
    assert made == [pseudonyms(KEY, "rail", "id", [value])[0] for value in values]


def test_pseudonyms_differ_by_source_kind_and_key() -> None:
    named = [
        pseudonyms(key, source, kind, ["x"])[0]
        for key in (KEY, OTHER)
        for source, kind in (("a", "b"), ("a:b", ""), ("", "a:b"), ("a", "plate"))
    ]
    assert len(set(named)) == 8
    assert named[3][0] == "v"


def test_a_pseudonym_stays_what_it_was() -> None:
    """Written down once: a change would give everybody another number."""
    assert pseudonyms(KEY, "rail", "id_number", ["00010119900307001X"]) == [PINNED]


PINNED = "sk6ncjnlhzexq3zuludulcuj2yv"
