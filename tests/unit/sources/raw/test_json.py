"""JSON and NDJSON: records as rows, values as they are written, no nesting that costs memory."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sources.raw.delivering import read, refused

from ringfence.errors import DataError, UserError
from ringfence.sources.raw.json_depth import DEEPEST, Depth
from ringfence.sources.raw.json_records import LONGEST_RECORD

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text('abc 张"\\\n;é\U0001f600', max_size=6)
)
records = st.lists(st.dictionaries(st.sampled_from("abcd"), scalars, max_size=4), max_size=12)


def as_cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def expected(rows: list[dict[str, Any]]) -> dict[int, dict[str, str | None]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {
        number: {name: as_cell(row.get(name)) for name in names}
        for number, row in enumerate(rows, start=1)
    }


@given(records, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]), st.booleans())
def test_records_of_an_array(rows: list[dict[str, Any]], encoding: str, ascii_only: bool) -> None:
    text = json.dumps({"meta": {"n": 1}, "rows": rows}, ensure_ascii=ascii_only)
    name = encoding.removesuffix("-sig")
    try:
        got = read(text.encode(encoding), format="json", encoding=name, records="rows")
    except UserError as error:
        # A short run of UTF-8 within GB18030 cannot be told from the mixture that it looks like.
        assert encoding == "gb18030", error.text.en
        return
    assert got.rows == expected(rows)


@given(records)
def test_lines(rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if text:
        assert read(text.encode(), "a.ndjson").rows == expected(rows)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ('[{"a": 1}]', "json"),
        ('\ufeff  [ {"a": 1}]', "json"),
        ('{"data": [{"a": 1}]}', "json"),
        ('{"a": 1}', "json"),
        ('{"a": 1}\n', "json"),
        ('{"a": 1}\n{"a": 2}\n', "ndjson"),
        ('\n{"a": 1}\r\n\r\n{"a": 2}', "ndjson"),
        ('{\n"a": [{"b": 1}]\n}', "json"),
        ("[id],[name]\n1,2\n", "csv"),
        ("a,b\n1,2\n", "csv"),
    ],
)
def test_form_is_found(content: str, form: str) -> None:
    assert read(content.encode()).form.format == form


def test_path_of_the_records_is_found_or_given() -> None:
    content = b'{"total": 2, "data": {"list": [{"a": "x"}, {"a": "y"}], "other": [{"b": 1}]}}'
    assert read(content).form.records == "data.list"
    assert read(content).column("a") == ["x", "y"]
    assert read(content, records="data.other").column("b") == ["1"]
    assert "has no array at `data.none`" in refused(content, records="data.none")


def test_one_object_is_one_record() -> None:
    assert read(b'{"a": 1, "b": {"c": 2}}').rows == {1: {"a": "1", "b.c": "2"}}


@pytest.mark.parametrize("content", [b"[]", b'{"rows": []}'])
def test_no_records(content: bytes) -> None:
    form = {"records": "rows"} if content[:1] == b"{" else {}
    assert read(content, format="json", **form).rows == {}


def test_numbers_keep_their_digits() -> None:
    lines = b'{"a": 110105194912310021, "b": 1.50, "c": 1.10105E+17, "d": 0.1}\n'
    want = {"a": "110105194912310021", "b": "1.50", "d": "0.1"}
    for content in (lines * 2, b"[" + lines.strip() + b"]"):
        row = read(content).rows[1]
        assert {name: row[name] for name in want} == want
        assert float(row["c"] or "") == 1.10105e17


def test_nested_values_have_names_of_their_own() -> None:
    record = {"a": {"b": [1, 2], "c": [{"d": "x"}, {"d": "y"}]}, "e": ["p;q"], "f": [], "g": {}}
    assert read(json.dumps([record]).encode()).rows[1] == {
        "a.b": "1;2",
        "a.c[1].d": "x",
        "a.c[2].d": "y",
        "e[1]": "p;q",
        "f": None,
    }


FAULTY = [
    ('{"a": 1, "a": 2}', "gives one name twice"),
    ('{"a.b": 1, "a": {"b": 2}}', "gives one name twice"),
    ("[1, 2]", "is not a JSON object"),
    ("5", "is not a JSON object"),
    ('{"a": ' * 20 + "1" + "}" * 20, "is nested more than 16 levels deep"),
]


@pytest.mark.parametrize(("record", "reason"), FAULTY)
def test_record_that_is_no_row_is_set_aside(record: str, reason: str) -> None:
    got = read(f'[{{"a": "x"}}, {record}, {{"a": "y"}}]'.encode())
    assert list(got.rows) == [1, 3]
    assert reason in got.rejects[2]
    got = read(f'{{"a": "x"}}\n\n{record}\n{{"a": "y"}}\n'.encode(), format="ndjson")
    assert list(got.rows) == [1, 4]
    assert reason in got.rejects[3]


@pytest.mark.parametrize(
    "line", ['{"a": 1', "{'a': 1}", '{"a": 1} x', '{"a": 1,}', "[" * 100_000, '{"a": 01}']
)
def test_line_that_is_not_whole_is_set_aside(line: str) -> None:
    got = read(f'{{"a": "x"}}\n{line}\n{{"a": "y"}}\n'.encode(), format="ndjson")
    assert list(got.rows) == [1, 3]
    assert "is not whole JSON" in got.rejects[2]


def test_half_a_character_is_set_aside() -> None:
    got = read(b'{"a": "x"}\n{"a": "\\ud800"}\n{"a": "\\ud83d\\ude00"}\n')
    assert list(got.rows) == [1, 3]
    assert "half of a character" in got.rejects[2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"a": 1}, {"a": 2}', "record 3: this is not whole JSON"),
        ('[{"a": 1}, {"a": ', "record 2: this is not whole JSON"),
        ('[{"a": 1}, {"a" 2}]', "record 2: this is not whole JSON"),
        ('[{"a": 1}] [', "record 2: this is not whole JSON"),
        ("[" * 100_000, "record 1: it is nested more than 64 levels deep"),
        ('[{"a": 1}, {"b": ' + "[" * 100_000, "nested more than 64 levels deep"),
        ('{"a":' * 100_000, "record 1: it is nested more than 64 levels deep"),
        ("5", "holds no records"),
        ('"text"', "holds no records"),
        ("", "is empty"),
    ],
)
def test_file_that_is_refused(content: str, said: str) -> None:
    assert said in refused(content.encode(), format="json")


@pytest.mark.parametrize("before", [0, 1, 200])
def test_record_without_end_is_named(before: int) -> None:
    rows = "".join(f'{{"a": {i}}},' for i in range(before))
    content = f'[{rows}{{"a": "'.encode() + b"x" * (LONGEST_RECORD * 2)
    # Records that stand in one piece with the endless one are not told apart.
    assert "does not end within 4 MiB" in refused(content, format="json")
    lines = b'{"a": 1}\n' * before + b'{"a": "' + b"x" * (LONGEST_RECORD * 2)
    assert f"row {before + 1}: the record does not end" in refused(lines, format="ndjson")


def test_text_that_is_not_in_its_encoding() -> None:
    assert "row 2: the text is not UTF-8" in refused(b'[{"a": 1}, {"a": "\xff"}]', format="json")
    lines = b'{"a": 1}\n{"a": "\xd5\xc5\xc8\xfd"}\n'
    assert "row 2: the text is not UTF-8 from here on; it looks like GB18030" in refused(
        lines, format="ndjson", encoding="utf-8"
    )


def test_too_many_names() -> None:
    content = json.dumps([{f"n{i}": 1} for i in range(3000)])
    assert "more than 2,000 different names" in refused(content.encode())


def test_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(DataError, match="there are: csv, xlsx, json"):
        read(b"{}", format="yaml")


def depth_by_hand(text: str) -> int:
    depth = deepest = 0
    inside = escaped = False
    for sign in text:
        if inside:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                inside = False
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


json_values = st.recursive(
    st.text('[]{}"\\a', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\'), inner, max_size=3)
    ),
)


@given(json_values, st.integers(1, 7))
def test_depth_is_counted_outside_of_strings(value: Any, size: int) -> None:
    text = json.dumps(value)
    depth = Depth()
    deepest = [depth.after(text[i : i + size].encode()) for i in range(0, len(text), size)]
    assert max([0, *deepest]) == depth_by_hand(text)


def test_depth_that_is_allowed_is_more_than_a_row_may_have() -> None:
    assert DEEPEST > 16


@settings(max_examples=200)
@given(st.text('[]{},:"\\u01ae .-\n张', max_size=60), st.sampled_from(["json", "ndjson"]))
def test_arbitrary_text_gives_rows_or_a_message(text: str, form: str) -> None:
    try:
        read(text.encode(), format=form)
    except UserError as error:
        assert error.text.en
        assert error.text.zh
