"""A column as a whole: rows keep their places whoever reads them, the fast or the exact reader."""

from __future__ import annotations

import pyarrow as pa
import pytest

from ringfence.errors import Text
from ringfence.sources.normalise import KINDS, normalise

from .settings import SHANGHAI, given

VALID = "11010519491231002X"


def test_rows_keep_their_places() -> None:
    read = given("id_number", VALID, None, "110105194912310021", VALID.lower(), "", "E12345678")
    assert read.values.to_pylist() == [VALID, None, None, VALID, None, "E12345678"]
    assert list(read.faults) == [2]


def test_a_slice_of_a_column_is_read_from_its_own_start() -> None:
    whole = pa.array(["x", None, VALID, "13812345678", VALID])
    assert normalise("id_number", whole.slice(2, 1), SHANGHAI).values.to_pylist() == [VALID]
    assert normalise("phone", whole.slice(3, 1), SHANGHAI).values.to_pylist() == ["+8613812345678"]


def test_each_row_by_its_own_kind_of_document() -> None:
    read = given(
        "id_number",
        VALID,
        "12345678",
        "12345678",
        "H12345678 01",
        "E12345678",
        id_kinds=pa.array(["resident", "taiwan_pass", "resident", "hk_macau_pass", None]),
    )
    assert read.values.to_pylist() == [VALID, "12345678", None, "H12345678", "E12345678"]
    assert list(read.faults) == [2]


def test_an_unknown_kind_of_document_is_a_fault_of_the_row() -> None:
    read = given("id_number", VALID, None, id_kinds=pa.array(["libary_card", "libary_card"]))
    assert read.values.to_pylist() == [None, None]
    assert list(read.faults) == [0]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_reads_empty_columns_and_columns_of_nulls(kind: str) -> None:
    assert given(kind).values.to_pylist() == []
    read = given(kind, None, "", "  ", None)
    assert read.values.to_pylist() == [None] * 4
    assert not read.faults


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_reason_repeats_the_value(kind: str) -> None:
    secret = "qzj-4711-无此人"
    for reason in given(kind, secret, f"{secret}\0", f"={secret}", secret * 500).faults.values():
        assert isinstance(reason, Text)
        assert "4711" not in reason.en + reason.zh


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_dictionaries_and_chunks_are_columns_too(kind: str) -> None:
    plain = pa.array([VALID, "13812345678", None])
    expected = normalise(kind, plain, SHANGHAI)
    for shape in (
        plain.dictionary_encode(),
        pa.chunked_array([plain]),
        plain.cast(pa.large_string()),
    ):
        assert normalise(kind, shape, SHANGHAI) == expected
