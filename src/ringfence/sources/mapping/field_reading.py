"""The fields of a mapping file: which columns they read, and what kind of value each holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from ringfence.errors import DataError
from ringfence.protocols import quantities as q
from ringfence.protocols.fields import Section, Value, one_of, several
from ringfence.protocols.nodes import ScalarNode
from ringfence.sources.mapping.kinds import FILLS
from ringfence.sources.mapping.model import Field
from ringfence.sources.normalise.written_times import is_form
from ringfence.sources.raw.encodings import encoding_named
from ringfence.sources.raw.model import Form

FORMATS = ("csv", "tsv", "xlsx", "json", "ndjson", "parquet")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_WORDS = 2000


def form(value: Value) -> Form:
    section = value.section(
        "format", "encoding", "delimiter", "header_row", "sheet", "records", "totals"
    )
    return Form(
        format=section.get("format", one_of(FORMATS, "a form of files", "文件格式"), None),
        encoding=section.get("encoding", _encoding, None),
        delimiter=section.get("delimiter", _delimiter, None),
        header_row=section.get("header_row", q.whole(1, 1000), None),
        sheet=section.get("sheet", q.words, None),
        records=section.get("records", q.words, None),
        totals=section.get("totals", several(q.words), ()),
    )


def _encoding(value: Value) -> str:
    name = value.text()
    try:
        encoding_named(name)
    except DataError:
        raise value.refused(
            "this is no encoding; write utf-8, gb18030 or utf-16",
            "没有这种编码；请写 utf-8、gb18030 或 utf-16",
        ) from None
    return name


def _delimiter(value: Value) -> str:
    """One character; `tab` is written out."""
    node = value.node
    text = node.text if isinstance(node, ScalarNode) else value.text()
    if text in ("tab", "\\t"):
        return "\t"
    if len(text) != 1 or text in '"\r\n' or text.isalnum():
        raise value.refused(
            'one sign that separates values is wanted (",", ";", "|" or tab)',
            '应为一个分隔符（","、";"、"|" 或 tab）',
        )
    return text


def zone(value: Value) -> ZoneInfo:
    try:
        return ZoneInfo(value.text())
    except (ValueError, OSError, LookupError):
        raise value.refused(
            "this is no time zone of the IANA list (Asia/Shanghai)",
            "不在 IANA 时区表中（如 Asia/Shanghai）",
        ) from None


def fields(value: Value) -> dict[str, Field]:
    section = value.open_section()
    found: dict[str, Field] = {}
    for key, _ in section.pairs:
        if not _FIELD_NAME.fullmatch(key.text):
            section.note(
                "a field's name is small letters, digits and _ (id_kind)",
                "字段名只能用小写字母、数字和下划线（如 id_kind）",
                key.text,
            )
            continue
        read = section.get(key.text, _field(key.text), None)
        if read is not None:
            found[key.text] = read
    if not section.pairs:
        section.note("at least one field is wanted", "至少需要一个字段")
    _check_id_kinds(section, found)
    _check_next_days(section, found)
    return found


def _field(name: str) -> Callable[[Value], Field]:
    def read(value: Value) -> Field:
        section = value.section(
            *("column", "columns", "also", "as", "kind", "optional", "if_wrong", "words", "forms"),
            "next_day_if_before",
        )
        kind = section.need("as", one_of(tuple(FILLS), "a kind of value", "值的种类"), "key")
        read = Field(
            name=name,
            columns=_columns(section),
            kind=kind,
            also=section.get("also", several(q.words), ()),
            optional=section.get("optional", q.truth, False),
            emptied=section.get("if_wrong", _if_wrong, "refuse") == "empty",
            words=section.get("words", _words, {}),
            forms=section.get("forms", several(_time_form), ()),
            id_kind=section.get("kind", q.words, None),
            next_day_if_before=section.get("next_day_if_before", q.words, None),
        )
        _check(section, read)
        return read

    return read


def _columns(section: Section) -> tuple[str, ...]:
    if ("column" in section) == ("columns" in section):
        section.note(
            "write either `column` (one) or `columns` (several, joined by a space)",
            "请写 column（一列）或 columns（多列，以空格相连），二者取一",
        )
        return ()
    if "column" in section:
        return (section.get("column", q.words, ""),)
    return section.get("columns", several(q.words), ())


_if_wrong = one_of(("refuse", "empty"), "what to do", "处理方式")


def _words(value: Value) -> dict[str, str]:
    section = value.open_section()
    if len(section.pairs) > _MOST_WORDS:
        raise value.refused(f"more than {_MOST_WORDS} words", f"超过 {_MOST_WORDS} 个词")
    found = {}
    for key, node in section.pairs:
        below = Value(node, f"{value.path}.words", value.faults)
        found[key.text.strip()] = q.words(below)
    return found


def _time_form(value: Value) -> str:
    text = q.words(value)
    if not is_form(text):
        raise value.refused(
            'this is no form of a time; write it like "%Y-%m-%d %H:%M"',
            '不是有效的时间格式；请写成 "%Y-%m-%d %H:%M" 的形式',
        )
    return text


def _check(section: Section, read: Field) -> None:
    if read.words and read.kind not in ("word", "truth"):
        section.note("`words` belong to `as: word`", "words 只用于 as: word", "words")
    if read.kind == "word" and not read.words:
        section.note(
            "`as: word` needs `words`: what the source writes, and what it means",
            "as: word 需要 words：来源的写法及其含义",
        )
    if read.forms and read.kind not in ("datetime", "date", "time", "moment"):
        section.note("`forms` belong to times", "forms 只用于时间", "forms")
    if read.id_kind and read.kind != "id_number":
        section.note("`kind` belongs to `as: id_number`", "kind 只用于 as: id_number", "kind")
    if read.also and len(read.columns) > 1:
        section.note("`also` goes with one `column`", "also 只能与单个 column 同用", "also")
    if read.emptied and not read.optional:
        section.note(
            "a field whose wrong values are left out must be `optional: true`",
            "错误值留空的字段须为 optional: true",
            "if_wrong",
        )


def _check_id_kinds(section: Section, found: Mapping[str, Field]) -> None:
    for name, field in found.items():
        if field.id_kind is None:
            continue
        named = found.get(field.id_kind)
        if named is None or named.kind != "word":
            section.note(
                "`kind` names a field with `as: word` that tells the kind of document",
                "kind 应指向说明证件类型的 as: word 字段",
                name,
            )


def _check_next_days(section: Section, found: Mapping[str, Field]) -> None:
    """Where each has a day of its own, an end before its start is a fault of the source."""
    for name, field in found.items():
        if field.next_day_if_before is None:
            continue
        start = found.get(field.next_day_if_before)
        pair = [field] if start is None else [field, start]
        of_one_day = len({one.columns[:1] for one in pair}) == 1
        joined = all(one.kind == "datetime" and len(one.columns) > 1 for one in pair)
        if start is None or start is field or not joined or not of_one_day:
            section.note(
                "`next_day_if_before` names another field; both are `as: datetime` and join the "
                "same column of days with a time of day each",
                "next_day_if_before 应指向另一字段；两者均为 as: datetime，"
                "且都由同一日期列与各自的时刻列相连而成",
                name,
            )
