"""The persons and records of a mapping file: every name must exist, every column must fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ringfence.errors import Text
from ringfence.protocols import quantities as q
from ringfence.protocols.faults import offered, shown
from ringfence.protocols.fields import Section, Value, one_of, several
from ringfence.protocols.nodes import ScalarNode
from ringfence.records import TABLES, Column, Kind, Sensitivity, Table
from ringfence.sources import keys
from ringfence.sources.mapping.kinds import (
    FILLS,
    HOLDS_UNITS,
    IDENTIFYING,
    JOINED,
    POSITION,
    parts_of,
)
from ringfence.sources.mapping.model import (
    ALWAYS,
    DATUMS,
    EMPTY,
    FILLED,
    IDENTITY_KINDS,
    WGS_84,
    CaseValue,
    ColumnValue,
    Condition,
    Field,
    FieldValue,
    JoinValue,
    LocatedValue,
    Person,
    PersonValue,
    Record,
    Skip,
    TextValue,
    VehicleValue,
)
from ringfence.sources.reasons import RefusedError
from ringfence.vault.model import IDENTITY_FIELDS

_NOT_ALLOWED = Text(
    "values that identify a person go to the vault; name the field under `persons: identity:`",
    "可识别个人身份的值只能进入保险库；请在 persons 的 identity 中使用该字段",
)


@dataclass(frozen=True)
class Names:
    """What records may refer to; `when` is the condition of the record that is read."""

    fields: Mapping[str, Field]
    persons: Mapping[str, Person]
    when: Condition = ALWAYS

    def words(self, field: Field) -> tuple[str, ...]:
        """The words that the field may have where the condition holds."""
        tests = self.when.tests.get(field.name, (FILLED,))
        words = tuple(dict.fromkeys(field.words.values()))
        return words if FILLED in tests else tuple(word for word in words if word in tests)

    @property
    def values(self) -> dict[str, Field]:
        return {part: field for field in self.fields.values() for part in parts_of(field)}

    @property
    def hidden(self) -> frozenset[str]:
        """Fields whose values are identities."""
        told = {name for person in self.persons.values() for name in person.identity.values()}
        return frozenset(told | {f.name for f in self.fields.values() if f.kind in IDENTITY_KINDS})


def _named(value: Value, names: Mapping[str, object], what: Text) -> str:
    word = value.text()
    if word not in names:
        told, exist = shown(word), offered(word, list(names))
        raise value.refused(
            f"there is no {what.en} {told.en}; write one of: {exist.en}",
            f"没有{what.zh}{told.zh}；可用：{exist.zh}",
        )
    return word


_FIELD = Text("field", "字段")
_PERSON = Text("person", "人员")


def persons(value: Value, fields: Mapping[str, Field]) -> dict[str, Person]:
    section = value.open_section()
    found = {}
    for key, _ in section.pairs:
        person = section.get(key.text, _person(key.text, fields), None)
        if person is not None:
            found[key.text] = person
    return found


def _person(name: str, fields: Mapping[str, Field]) -> Callable[[Value], Person]:
    def by(value: Value) -> str:
        field = _named(value, fields, _FIELD)
        if fields[field].kind not in IDENTIFYING:
            raise value.refused(
                f"a person is known by one of: {', '.join(sorted(IDENTIFYING))}",
                f"人员只能由以下种类的字段识别：{'、'.join(sorted(IDENTIFYING))}",
            )
        return field

    def read(value: Value) -> Person:
        section = value.section("by", "identity")
        return Person(
            name,
            section.need("by", several(by), ()),
            section.get("identity", _identity(fields), {}),
        )

    return read


def _identity(fields: Mapping[str, Field]) -> Callable[[Value], dict[str, str]]:
    def read(value: Value) -> dict[str, str]:
        section = value.section(*IDENTITY_FIELDS)
        found = {}
        for name in section.names:
            field = section.get(name, lambda v: _named(v, fields, _FIELD), None)
            if field is not None:
                found[name] = field
        return found

    return read


def condition(value: Value, names: Names) -> Condition:
    section = value.open_section()
    tests: dict[str, tuple[str, ...]] = {}
    for key, node in section.pairs:
        below = Value(node, f"{value.path}.{key.text}", value.faults)
        _named(Value(key, below.path, value.faults), names.fields, _FIELD)
        tests[key.text] = several(_test(names.fields[key.text]))(below)
    if not tests:
        raise value.refused("a condition tests at least one field", "条件至少要涉及一个字段")
    return Condition(tests)


def _test(field: Field) -> Callable[[Value], str]:
    meant = tuple(dict.fromkeys(field.words.values()))

    def read(value: Value) -> str:
        word = value.text()
        known = (FILLED, EMPTY, *meant)
        if field.kind == "truth":
            known = (*known, "true", "false")
        if word not in known:
            told, exist = shown(word), offered(word, known)
            raise value.refused(
                f"{told.en} is no word of this field; write one of: {exist.en}",
                f"{told.zh}不是该字段的词；可用：{exist.zh}",
            )
        return word

    return read


def skip(names: Names) -> Callable[[Value], Skip]:
    def read(value: Value) -> Skip:
        section = value.section("when", "reason")
        return Skip(
            section.need("when", lambda v: condition(v, names), ALWAYS),
            section.need("reason", q.both_languages, Text("", "")),
        )

    return read


def record(names: Names) -> Callable[[Value], Record]:
    def read(value: Value) -> Record:
        section = value.section("table", "when", "datum", "columns")
        table = section.need("table", lambda v: _named(v, TABLES, Text("table", "表")), "")
        when = section.get("when", lambda v: condition(v, names), ALWAYS)
        if table not in TABLES:
            return Record(table, {}, when)
        told = replace(names, when=when)
        columns = section.need("columns", lambda v: _columns(v, TABLES[table], told), {})
        made = Record(table, columns, when, section.get("datum", _datum, WGS_84))
        _check_position(section, made)
        return made

    return read


_datum = one_of(DATUMS, "a datum of positions", "坐标系")


def _check_position(section: Section, made: Record) -> None:
    told = [made.columns[name] for name in POSITION if name in made.columns]
    by_fields = [value for value in told if isinstance(value, FieldValue)]
    if len(told) == 1:
        section.note("a position needs both, `lat` and `lon`", "位置须同时有 lat 与 lon", "columns")
    elif "datum" in section and len(by_fields) < len(POSITION):
        section.note(
            "`datum` belongs to a record of which fields fill `lat` and `lon`",
            "datum 只用于由字段填入 lat 与 lon 的记录",
            "datum",
        )


def _columns(value: Value, table: Table, names: Names) -> dict[str, ColumnValue]:
    known = [column.name for column in table.lake_columns]
    identities = [c.name for c in table.columns if c.sensitivity is Sensitivity.IDENTITY]
    section = value.open_section()
    found: dict[str, ColumnValue] = {}
    for key, _ in section.pairs:
        if key.text in identities:
            section.note(_NOT_ALLOWED.en, _NOT_ALLOWED.zh, key.text)
        elif key.text not in known:
            told, exist = shown(key.text), offered(key.text, known)
            section.note(
                f"`{table.name}` has no column {told.en}; write one of: {exist.en}",
                f"{table.name} 表没有列{told.zh}；可用：{exist.zh}",
                key.text,
            )
        else:
            read = section.get(key.text, _value(table.column(key.text), names), None)
            if read is not None:
                found[key.text] = read
    for column in table.lake_columns:
        if column.required and column.name not in section and not column.may_be_empty:
            section.note(
                f"`{table.name}` needs the column '{column.name}'",
                f"{table.name} 表必须有列“{column.name}”",
            )
    return found


def _value(column: Column, names: Names) -> Callable[[Value], ColumnValue]:
    def read(value: Value) -> ColumnValue:
        section = value.section(*_READERS, "within")
        wanted = [name for name in section.names if name in _READERS]
        if len(wanted) != 1:
            raise value.refused(
                f"one of these is wanted: {', '.join(_READERS)}",
                f"应为其中之一：{'、'.join(_READERS)}",
            )
        (name,) = wanted
        if "within" in section and name != "locate":
            section.note("`within` goes with `locate`", "within 只与 locate 同用", "within")
        return _READERS[name](section, column, names)

    return read


def _field(section: Section, column: Column, names: Names) -> FieldValue:
    value = section.field("field")
    name = _named(value, names.values, _FIELD)
    field = names.values[name]
    if field.name in names.hidden:
        raise value.refused(*_NOT_ALLOWED)
    if column.subject_key or column.kind not in FILLS[field.kind]:
        raise value.refused(
            f"a field with `as: {field.kind}` cannot fill the column '{column.name}' "
            f"({column.kind.value})",
            f"as: {field.kind} 的字段不能填入列“{column.name}”（{column.kind.value}）",
        )
    if field.kind == "word":
        _check_words(value, column, names.words(field))
    return FieldValue(name)


def _check_words(value: Value, column: Column, words: tuple[str, ...]) -> None:
    known: tuple[str, ...] = column.words
    if column.kind is Kind.TRUTH:
        known = ("true", "false")
    strange = [word for word in words if known and word not in known]
    if strange:
        told, exist = shown(strange[0]), offered(strange[0], known)
        raise value.refused(
            f"{told.en} is not a word of the column '{column.name}'; there are: {exist.en}. "
            "docs/reference/records.md lists them with what they mean",
            f"{told.zh}不是列“{column.name}”的词；可用：{exist.zh}。"
            "全部词及含义见 docs/reference/records.md",
        )


def _text(section: Section, column: Column, _: Names) -> TextValue:
    value = section.field("text")
    text = q.words(value)
    if column.subject_key:
        raise value.refused(
            "a person is not a fixed text; write {person: …}",
            "人员不能是固定文本；请写 {person: …}",
        )
    if column.words:
        _check_words(value, column, (text,))
    elif column.kind is Kind.KEY:
        try:
            keys.check_key(text, identity_shapes=True)
        except RefusedError as refused:
            raise value.refused(*refused.reason) from None
    return TextValue(text)


def _person_value(section: Section, column: Column, names: Names) -> PersonValue:
    value = section.field("person")
    name = _named(value, names.persons, _PERSON)
    if not column.subject_key:
        raise value.refused(
            f"the column '{column.name}' does not hold a person",
            f"列“{column.name}”不存放人员",
        )
    return PersonValue(name)


def _vehicle(section: Section, column: Column, names: Names) -> VehicleValue:
    value = section.field("vehicle")
    name = _named(value, names.fields, _FIELD)
    if column.name != "vehicle" or names.fields[name].kind != "plate":
        raise value.refused(
            "`vehicle` makes the key of a vehicle from a field with `as: plate`",
            "vehicle 由 as: plate 的字段生成车辆编号",
        )
    return VehicleValue(name)


def _case(section: Section, column: Column, names: Names) -> CaseValue:
    value = section.field("case")
    name = _named(value, names.fields, _FIELD)
    if not column.subject_key or names.fields[name].kind != "case":
        raise value.refused(
            "`case` tells the person of a field with `as: case`",
            "case 用于求 as: case 字段所指病例的人员",
        )
    return CaseValue(name)


def _locate(section: Section, column: Column, names: Names) -> LocatedValue:
    """The only use of an address in a record: what it says of a person is no more than a unit."""
    homes = one_of(("home",), "where addresses lie that do not say it", "地址未写明时的所在地")
    within = section.get("within", homes, None)
    value = section.field("locate")
    name = _named(value, names.fields, _FIELD)
    if names.fields[name].kind != "address":
        raise value.refused(
            "`locate` tells the administrative unit of a field with `as: address`",
            "locate 用于求 as: address 字段所在的行政区划",
        )
    if column.name not in HOLDS_UNITS:
        raise value.refused(
            f"the column '{column.name}' does not hold the code of an administrative unit; "
            f"these do: {', '.join(sorted(HOLDS_UNITS))}",
            f"列“{column.name}”不存放行政区划代码；可用的列：{'、'.join(sorted(HOLDS_UNITS))}",
        )
    return LocatedValue(name, within == "home")


def _join(section: Section, column: Column, names: Names) -> JoinValue:
    value = section.field("join")
    if column.subject_key or column.kind not in (Kind.KEY, Kind.TEXT):
        raise value.refused(
            f"a joined text cannot fill the column '{column.name}'",
            f"拼接的文本不能填入列“{column.name}”",
        )

    def part(item: Value) -> FieldValue | TextValue:
        if isinstance(item.node, ScalarNode):
            return TextValue(item.node.text)
        below = item.section("field")
        name = below.need("field", lambda v: _named(v, names.values, _FIELD), "")
        field = names.values.get(name)
        if field is not None and field.name in names.hidden:
            raise item.refused(*_NOT_ALLOWED)
        if field is not None and field.kind not in JOINED:
            raise item.refused(
                f"a field with `as: {field.kind}` cannot be part of a key",
                f"as: {field.kind} 的字段不能用于拼接编号",
            )
        return FieldValue(name)

    return JoinValue(value.each(part))


_READERS: dict[str, Callable[[Section, Column, Names], ColumnValue]] = {
    "field": _field,
    "text": _text,
    "person": _person_value,
    "vehicle": _vehicle,
    "case": _case,
    "locate": _locate,
    "join": _join,
}
