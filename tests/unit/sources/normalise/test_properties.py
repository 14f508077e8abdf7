"""What holds of every value: a normal one is its own normal form, fast and exact reading agree."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.sources.normalise import KINDS, identity_facts, kind_of, normalise, split_seat
from ringfence.sources.normalise.addresses import read_address
from ringfence.sources.normalise.id_kinds import read_id_kind
from ringfence.sources.normalise.id_numbers import read_id_number
from ringfence.sources.normalise.lookup import forms_sought, lookup_forms
from ringfence.sources.normalise.model import Setting
from ringfence.sources.normalise.names import read_name
from ringfence.sources.normalise.phones import read_phone
from ringfence.sources.normalise.plain import read_key, read_text, read_whole
from ringfence.sources.normalise.plates import read_plate
from ringfence.sources.normalise.times import read_date, read_datetime
from ringfence.sources.reasons import RefusedError

from .settings import SHANGHAI, SYNTHETIC
from .written import ANYTHING, NEARLY, card_numbers, written_cards, written_instants

FEW = settings(max_examples=150)
EXACT = {
    "id_number": read_id_number,
    "phone": read_phone,
    "plate": read_plate,
    "name": read_name,
    "key": read_key,
    "text": read_text,
    "whole": read_whole,
    "address": read_address,
    "date": read_date,
    "datetime": read_datetime,
}
TEXTS = st.one_of(
    ANYTHING,
    NEARLY,
    written_cards(),
    written_instants(),
    st.from_regex(r"\A(\+86)?1[2-9][0-9]{9}\Z"),
    st.from_regex(r"\A[沪京A][A-Z][A-Z0-9]{5,6}\Z"),
    st.from_regex(r"\A[\u4e00-\u9fff]{1,5}\Z"),
    st.from_regex(r"\A[A-Za-z0-9_.:/#()+-]{1,12}\Z"),
    st.from_regex(r"\A[0-9]{1,20}([.]0)?\Z"),
    st.sampled_from(["无", "不详", "null", "NONE", "-", "1.1E+17", "1E5", "xxxx", "姓名不详"]),
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@FEW
@given(texts=st.lists(TEXTS, max_size=4))
def test_a_normal_value_is_its_own_normal_form(kind: str, texts: list[str]) -> None:
    read = normalise(kind, pa.array(texts, pa.string()), SYNTHETIC)
    assert len(read.values) == len(texts)
    assert all(read.values[row].as_py() is None for row in read.faults)
    again = normalise(kind, read.values, SYNTHETIC)
    assert again.values.equals(read.values)
    assert not again.faults


@pytest.mark.parametrize("kind", sorted(EXACT))
@FEW
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_a_column_reads_as_each_of_its_values_alone(kind: str, texts: list[str]) -> None:
    column = normalise(kind, pa.array(texts), SYNTHETIC)
    for row, text in enumerate(texts):
        try:
            expected, reason = EXACT[kind](text, SYNTHETIC), None
        except RefusedError as refused:
            expected, reason = None, refused.reason
        assert (column.values[row].as_py(), column.faults.get(row)) == (expected, reason)


FORMS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%y-%m-%d", "%Y%m%d", "%d %b %Y"),
    *("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S.%fZ"),
    *("%Y年%m月%d日 %H时%M分", "%Y%m%d%H%M%S", "%H:%M %d.%m.%Y", "epoch", "epoch_ms", "serial"),
)


@pytest.mark.parametrize("kind", ["date", "datetime"])
@settings(max_examples=400)
@given(
    forms=st.lists(st.sampled_from(FORMS), min_size=1, max_size=3),
    at=st.datetimes(datetime(1900, 1, 1), datetime(2023, 1, 1)),  # noqa: DTZ001
    data=st.data(),
)
def test_named_forms_read_alike_in_columns_and_alone(
    kind: str, forms: list[str], at: datetime, data: st.DataObject
) -> None:
    setting = replace(SHANGHAI, forms=tuple(forms))
    written = at.strftime(data.draw(st.sampled_from([f for f in FORMS if "%" in f])))
    bare = data.draw(st.sampled_from([written, re.sub(r"(?<!\d)0(?=\d)", "", written)]))
    text = data.draw(st.one_of(st.just(bare), written_instants(), NEARLY))
    column = normalise(kind, pa.array([text]), setting)
    try:
        expected, reason = EXACT[kind](text, setting), None
    except RefusedError as refused:
        expected, reason = None, refused.reason
    assert (column.values[0].as_py(), column.faults.get(0)) == (expected, reason)


@FEW
@given(number=card_numbers())
def test_a_right_number_is_taken_and_tells_its_facts(number: str) -> None:
    read = normalise("id_number", pa.array([number]), SYNTHETIC)
    assert read.values.to_pylist() == [number]
    facts = identity_facts(number)
    assert facts.birth_date == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert facts.sex == ("male" if int(number[16]) % 2 else "female")
    assert kind_of(number) in ("resident", "hmt_permit")


@FEW
@given(number=card_numbers(), place=st.integers(0, 16), by=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, place: int, by: int) -> None:
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert normalise("id_number", pa.array([wrong]), SYNTHETIC).faults


@FEW
@given(number=card_numbers(), place=st.integers(0, 16))
def test_two_neighbours_swapped_are_always_found(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    read = normalise("id_number", pa.array([wrong]), SYNTHETIC)
    assert bool(read.faults) == (wrong != number)


@FEW
@given(
    at=st.datetimes(datetime(1901, 1, 1), datetime(2022, 9, 30)),  # noqa: DTZ001
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC", "America/St_Johns"]),
)
def test_local_times_are_instants_exactly_where_the_zone_says_so(at: datetime, zone: str) -> None:
    """`zoneinfo` is the judge: a local time that two instants show, or none, is refused."""
    local = at.replace(microsecond=0)
    setting = replace(SHANGHAI, zone=ZoneInfo(zone))
    read = normalise("datetime", pa.array([f"{local:%Y-%m-%d %H:%M:%S}"]), setting)
    early, late = (local.replace(tzinfo=setting.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early != late:
        assert list(read.faults) == [0]
    else:
        assert read.values.to_pylist() == [early.isoformat()]


@FEW
@given(name=st.one_of(ANYTHING, NEARLY, st.from_regex(r"\A[\u4e00-\u9fff]{2,4}\Z")))
def test_every_name_has_look_up_forms_that_are_found(name: str) -> None:
    try:
        normal = read_name(name, SHANGHAI)
    except RefusedError:
        return
    if normal is None:
        return
    forms = lookup_forms(normal)
    assert len(forms.initials) <= len(forms.pinyin)
    assert forms.pinyin == "" or forms.pinyin in forms_sought(normal)


@FEW
@given(text=st.one_of(ANYTHING, NEARLY))
def test_seats_are_split_or_refused(text: str) -> None:
    try:
        seat = split_seat(text)
    except RefusedError:
        return
    assert seat.row is None or seat.row.isdigit()


@FEW
@given(word=ANYTHING, meaning=st.text(max_size=5))
def test_the_mappings_own_words_go_first(word: str, meaning: str) -> None:
    setting = Setting(SHANGHAI.zone, SHANGHAI.now, words={word: "other"})
    try:
        assert read_id_kind(word, setting) == "other"
    except RefusedError:
        assert not word.isprintable()
