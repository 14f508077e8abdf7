"""Mapping files: every slip is told with its line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.sources.mapping.kinds import FILLS
from ringfence.sources.mapping.reading import MappingError, read
from ringfence.sources.raw.encodings import encoding_named

from .channels import INN, channel

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "mapping-files.md"


def told(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        read(text.encode(), "mapping.yaml")
    assert len(caught.value.text.zh.splitlines()) == len(caught.value.text.en.splitlines())
    return caught.value.text.en


def test_a_mapping_is_read() -> None:
    made = channel()
    assert made.label == "inn@1"
    assert made.source == "inn"
    assert made.tables == ("subject", "presence")
    assert made.fields["arrives"].label == "日期 + 时间"
    assert made.may_come == {"leaves"}


CASES = {
    "an unknown kind": ("as: phone", "as: fone", "line 10, fields.phone.as: 'fone' is not"),
    "no such field": ("{field: inn}]", "{field: in}]", "there is no field 'in'"),
    "no such person": (
        "{table: subject, columns: {subject: {person: guest}}}",
        "{table: subject, columns: {subject: {person: gest}}}",
        "there is no person 'gest'; write one of: guest",
    ),
    "no such table": ("{table: subject,", "{table: subjects,", "there is no table 'subjects'"),
    "no such column": ("end: {field", "ende: {field", "`presence` has no column 'ende'"),
    "a column that must be": (
        "      start: {field: arrives}\n",
        "",
        "`presence` needs the column 'start'",
    ),
    "an identity in a record": (
        'place: {join: ["inn-", {field: inn}]}',
        "place: {field: phone}",
        "values that identify a person go to the vault",
    ),
    "a name within a key": (
        '{join: ["inn-", {field: inn}]}',
        '{join: ["inn-", {field: name}]}',
        "values that identify a person go to the vault",
    ),
    "a word that no table knows": ("{text: recorded}", "{text: sure}", "'sure' is not a word"),
    "a time in a key": (
        '{join: ["inn-", {field: inn}]}',
        "{field: arrives}",
        "a field with `as: datetime` cannot fill the column 'place' (key)",
    ),
    "a word that the field never has": ("[cancelled]", "[gone]", "'gone' is no word of this field"),
    "no such zone": ("Asia/Shanghai", "Asia/Peking", "no time zone"),
    "a field that nothing uses": (
        "      end: {field: leaves}\n",
        "",
        "fields.leaves: nothing uses this field",
    ),
    "wrong values left out of what must be": (
        "optional: true, if_wrong: empty",
        "if_wrong: empty",
        "must be `optional: true`",
    ),
    "the unit of what is no address": (
        "columns: {subject: {person: guest}}}",
        "columns: {subject: {person: guest}, grid: {locate: inn}}}",
        "line 22, records[1].columns.grid.locate: `locate` tells the administrative unit of a field"
        " with `as: address`",
    ),
    "the unit of no field": (
        "columns: {subject: {person: guest}}}",
        "columns: {subject: {person: guest}, grid: {locate: home}}}",
        "there is no field 'home'",
    ),
    "a unit in the home that is none": (
        "columns: {subject: {person: guest}}}",
        "columns: {subject: {person: guest}, grid: {locate: inn, within: town}}}",
        "'town' is not",
    ),
    "a field in the home": (
        "end: {field: leaves}",
        "end: {field: leaves, within: home}",
        "`within` goes with `locate`",
    ),
    "a fixed person": (
        "subject: {person: guest}\n      place",
        "subject: {text: s1}\n      place",
        "a person is not a fixed text",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_slip_is_told_where_it_stands(name: str) -> None:
    right, wrong, message = CASES[name]
    assert right in INN
    assert message in told(INN.replace(right, wrong))


def test_all_slips_are_told_at_once() -> None:
    said = told(INN.replace("as: phone", "as: fone").replace("Asia/Shanghai", "Nowhere"))
    assert len(said.splitlines()) == 2


LOCATED = INN.replace(
    "  arrives:", "  address: {column: 住址, as: address, optional: true}\n  arrives:"
).replace("phone: phone}}", "phone: phone, address: address}}")


def with_subject(columns: str) -> str:
    who = "{subject: {person: guest}}"
    assert who in LOCATED
    return LOCATED.replace(who, f"{{subject: {{person: guest}}, {columns}}}")


@pytest.mark.parametrize("how", ["{locate: address}", "{locate: address, within: home}"])
def test_the_unit_of_an_identity_address_may_be_told(how: str) -> None:
    made = channel(with_subject(f"grid: {how}"))
    assert made.locates
    assert not channel().locates


def test_an_address_that_only_tells_its_unit_is_used() -> None:
    told_nowhere = with_subject("grid: {locate: address}").replace(", address: address}}", "}}")
    assert channel(told_nowhere).locates


@pytest.mark.parametrize(
    ("value", "column"),
    [
        ("subject: {person: guest}", "subject"),
        ('place: {join: ["inn-", {field: inn}]}', "place"),
        ("certainty: {text: recorded}", "certainty"),
        ("end: {field: leaves}", "end"),
    ],
)
def test_the_unit_of_an_address_fills_no_other_column(value: str, column: str) -> None:
    """A district is no place where people met, and no person."""
    assert value in LOCATED
    said = told(LOCATED.replace(value, f"{column}: {{locate: address}}"))
    assert f"the column '{column}' does not hold the code of an administrative unit" in said


@pytest.mark.parametrize("value", ["{field: address}", '{join: ["a", {field: address}]}'])
def test_the_address_itself_stays_out_of_records(value: str) -> None:
    assert "go to the vault" in told(with_subject(f"grid: {value}"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"- a", b"mapping: [", b"a: &x 1\nb: *x"])
def test_what_is_no_mapping_is_refused(content: bytes) -> None:
    with pytest.raises(MappingError):
        read(content, "mapping.yaml")


@pytest.mark.parametrize(
    "name", ["windows-1252", "big5-hkscs", "iso-8859-1", "latin-1", "Shift_JIS", "gb2312", "cp949"]
)
def test_an_encoding_that_a_mapping_may_name_is_one_that_is_read(name: str) -> None:
    made = read(f"{INN}form: {{encoding: {name}}}\n".encode(), "mapping.yaml")
    assert made.form.encoding == name
    assert encoding_named(made.form.encoding)


@pytest.mark.parametrize("name", ["koi8-r", "rot13", "base64", "utf-32", r"x\0"])
def test_an_encoding_that_is_not_read_is_refused_with_the_mapping(name: str) -> None:
    assert "this is no encoding" in told(f'{INN}form: {{encoding: "{name}"}}\n')


def test_the_example_of_the_page_is_a_mapping() -> None:
    example = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    made = read(example.encode(), "mapping.yaml")
    assert made.tables == ("subject", "presence")


@pytest.mark.parametrize(
    ("old", "new", "told_zh"),
    [
        ("as: phone", "as: 13800000000", "此值不是值的种类"),
        ("as: phone", "as: fone", "“fone”不是值的种类"),
        ("{field: inn}]", "{field: in}]", "没有字段“in”；"),
        ("certainty: {text: recorded}", "certainty: {text: 张三}", "此值不是列“certainty”的词"),
    ],
)
def test_chinese_has_no_spaces_between_its_words(old: str, new: str, told_zh: str) -> None:
    with pytest.raises(MappingError) as caught:
        read(INN.replace(old, new).encode(), "mapping.yaml")
    assert told_zh in caught.value.text.zh


def test_the_page_names_every_kind_of_field() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in FILLS if kind not in text] == []
