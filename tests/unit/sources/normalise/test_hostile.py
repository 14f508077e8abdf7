"""Cells that are made to hurt: long, repetitive, of signs that look like others."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest

from ringfence.sources.normalise import KINDS, normalise, split_seat
from ringfence.sources.normalise.cleaning import LONGEST
from ringfence.sources.normalise.lookup import forms_sought, lookup_forms
from ringfence.sources.normalise.places import KnownPlace, PlaceBook, match_places
from ringfence.sources.reasons import RefusedError

from .settings import SYNTHETIC, one

PIECES = (
    *("1", "12", "1-", "1 ", " ,", "T ", "a", "A1", "a1 ", "1.", "0", "年", "2022-", "上午", "时"),
    *("(", "（", "·", "•.", "'", "x", "X1", "转1", "+86", "13", "<", "张", "张 ", "1e", "\u0301"),
    *("\u200b", "ﷺ", "½", "①", "𝟏", "😀"),
)
LEADS = ("", "2022-09-19 ", "13812345678", "11010519491231002", "沪A", "张", "1")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_cell_takes_long(kind: str) -> None:
    texts = [(lead + piece * LONGEST)[: LONGEST - 1] + "!" for lead in LEADS for piece in PIECES]
    began = time.perf_counter()
    read = normalise(kind, pa.array(texts), SYNTHETIC)
    assert time.perf_counter() - began < 5
    assert len(read.values) == len(texts)


def test_nor_do_look_ups_and_places() -> None:
    texts = [(piece * LONGEST)[:LONGEST] for piece in PIECES]
    book = PlaceBook((KnownPlace("p", ("平安旅馆",)),))
    began = time.perf_counter()
    for text in texts:
        try:
            lookup_forms(text)
            forms_sought(text)
            split_seat(text)
        except RefusedError:
            continue
    match_places(texts, book)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_cell_of_ten_million_signs_is_refused_at_once(kind: str) -> None:
    began = time.perf_counter()
    value, reason = one(kind, "1" * 10_000_000)
    assert (value, bool(reason)) == (None, True)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("kind", "text", "becomes"),
    [
        ("phone", "\u202a13812345678\u202c", "+8613812345678"),
        ("phone", "\ufeff13812345678", "+8613812345678"),
        ("id_number", "\u200e11010519491231002X", "11010519491231002X"),
        ("name", "张\u200b三", "张三"),
        ("name", "张\u00a0三", "张三"),
        ("name", "张\t三\n", "张三"),
        ("name", "⼭⽥太郎", "山田太郎"),
        ("name", "ﾔﾏﾀﾞ", "ヤマダ"),
        ("plate", "沪Ａ１２３４５", "沪A12345"),
        ("datetime", "２０２２－０９－１９　０８：３０", "2022-09-19T00:30:00+00:00"),
    ],
)
def test_signs_that_cannot_be_seen_or_look_alike(kind: str, text: str, becomes: str) -> None:
    assert one(kind, text) == (becomes, "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("id_number", "11010519491231002Х"),  # a Cyrillic letter
        ("id_number", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"),
        ("phone", "١٣٨١٢٣٤٥٦٧٨"),
        ("whole", "٣"),
        ("date", "٢٠٢٢-٠٩-١٩"),
        ("name", "张\ue000"),
        ("name", "张\ufffd"),
        ("name", "\u0301"),
        ("text", "a\0b"),
        ("key", "a\x1bb"),
        ("plate", "沪А12345"),  # a Cyrillic letter
    ],
)
def test_what_only_looks_right_is_refused(kind: str, text: str) -> None:
    value, reason = one(kind, text)
    assert value is None
    assert reason
