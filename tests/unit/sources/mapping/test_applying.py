"""Rows through a mapping: whole or not at all, counted to the row, identities apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.errors import DataError
from ringfence.sources.mapping.binding import bind

from .channels import GOOD, applied, channel, chunk, pseudonyms, rows_of

BAD_ID = "000101198503122150"


def test_a_row_gives_a_record_of_each_table() -> None:
    found = applied([GOOD])
    (stay,) = rows_of(found, "presence")
    (number,) = pseudonyms("id_number", [GOOD["证件号码"]])
    assert stay["subject"] == number
    assert stay["place"] == "inn-7"
    assert str(stay["start"]) == "2022-09-19 12:15:00+00:00"
    assert stay["source_row"] == 2
    assert len(rows_of(found, "subject")) == 1


def test_identities_go_apart() -> None:
    found = applied([GOOD])
    (told,) = found.identities
    assert told.person == "guest"
    assert {name: values[0].as_py() for name, values in told.fields.items()} == {
        "name": "王小敏",
        "id_number": "000101198503122156",
        "phone": "+8615400000001",
    }
    stored = str([rows_of(found, "subject"), rows_of(found, "presence")])
    assert not any(text in stored for text in ("王", "0001011985", "1540000"))


def test_a_person_without_a_document_is_known_by_telephone() -> None:
    found = applied([{**GOOD, "证件号码": None}])
    assert rows_of(found, "subject")[0]["subject"] == pseudonyms("phone", ["+8615400000001"])[0]


def test_nobody_to_tell_is_a_fault_of_the_row() -> None:
    found = applied([{**GOOD, "证件号码": None, "电话": None}])
    (reject,) = {(r.row, r.field) for r in found.rejects}
    assert reject == (2, "证件号码 / 电话")
    assert not found.records


def test_one_fault_sets_the_whole_row_aside() -> None:
    found = applied([GOOD, {**GOOD, "离店": "2022-09-18 08:30"}])
    assert [r.field for r in found.rejects] == ["离店"]
    assert len(rows_of(found, "subject")) == 1
    assert (found.accepted, found.rows_in) == (1, 2)


def test_all_faults_of_a_row_are_told() -> None:
    found = applied([{**GOOD, "证件号码": BAD_ID, "编码": None}])
    assert {r.field for r in found.rejects} == {"证件号码", "编码"}


def test_a_wrong_value_may_be_left_out_and_is_counted() -> None:
    found = applied([{**GOOD, "电话": "12"}])
    assert found.emptied == {"phone": 1}
    assert found.identities[0].fields["phone"][0].as_py() is None


def test_a_skipped_row_is_no_fault_whatever_else_it_holds() -> None:
    found = applied([{**GOOD, "状态": "取消", "证件号码": BAD_ID}])
    assert found.skipped == (1, 0)
    assert not found.rejects


def test_rows_of_a_part_are_told_apart() -> None:
    assert rows_of(applied([GOOD], part=3), "presence")[0]["source_row"] == 3 * 2**32 + 2


def test_another_name_of_a_column_and_other_columns_are_known() -> None:
    row = {**GOOD, "旅馆编码": "9", "备注": "x", "其他(1)": "y"}
    del row["编码"]
    assert rows_of(applied([row]), "presence")[0]["place"] == "inn-9"


def test_a_header_that_is_not_the_channels_is_refused_without_its_words() -> None:
    with pytest.raises(DataError, match="lacks `编码`") as caught:
        bind(channel(), ["张三", "000101198503122156"], "inn.csv")
    assert "张三" not in caught.value.text.en
    assert "0001011985" not in caught.value.text.zh


def test_unknown_columns_are_named_and_counted() -> None:
    names = [*GOOD, *(f"未知{number}" for number in range(200))]
    with pytest.raises(DataError, match=r"does not know column 9 `未知0`.*and 195 more"):
        bind(channel(), names, "inn.csv")


def test_a_column_twice_is_refused() -> None:
    with pytest.raises(DataError, match="more than once"):
        bind(channel(), [*GOOD, "证件号码"], "inn.csv")


cells = st.one_of(
    st.none(),
    st.sampled_from(
        [*GOOD.values(), BAD_ID, "取消", "在住", "=1+1", "1.1E+17", "2099-01-01", "无", "\x00", "x"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=60)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, cells)), max_size=6))
def test_every_row_is_accounted_for(rows: list[dict[str, str | None]]) -> None:
    found = applied([GOOD, *rows])
    refused = {reject.row for reject in found.rejects}
    assert found.accepted + sum(found.skipped) + len(refused) == found.rows_in == len(rows) + 1
    stays = rows_of(found, "presence")
    assert len(stays) == found.accepted
    assert not refused & {stay["source_row"] for stay in stays}
    for told in found.identities:
        assert not refused & set(told.rows.to_pylist())


def test_no_rows_are_no_rows() -> None:
    assert chunk([]).rows.to_pylist() == []
    assert applied([]).rows_in == 0
