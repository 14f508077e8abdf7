"""A mapping file → model.Channel; every fault names line and field."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ringfence.errors import DataError, NotFound, StorageError, Text
from ringfence.protocols import quantities as q
from ringfence.protocols.faults import Fault, ProtocolError, Refused
from ringfence.protocols.fields import Value, several
from ringfence.protocols.nodes import MOST_BYTES, tree
from ringfence.sources.mapping.field_reading import fields, form, zone
from ringfence.sources.mapping.kinds import parts_of
from ringfence.sources.mapping.model import (
    CaseValue,
    Channel,
    Field,
    FieldValue,
    JoinValue,
    LocatedValue,
    PersonValue,
    Record,
    Skip,
    VehicleValue,
)
from ringfence.sources.mapping.record_reading import Names, persons, record, skip
from ringfence.sources.raw.model import Form

CHANNEL_FIELDS = (
    "mapping",
    "version",
    "title",
    "source",
    "origin",
    "form",
    "zone",
    "region",
    "fields",
    "ignored",
    "skip",
    "persons",
    "records",
    "sample",
)
_NOTHING = Text("", "")
_MOST_PROSE = 5000


class MappingError(ProtocolError):
    """A mapping file that cannot be used, with all its faults in the order of the file."""


def read_mapping(path: Path) -> Channel:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise NotFound(f"there is no mapping file {path}", f"没有映射文件 {path}") from None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}", f"无法读取 {path}：{error.strerror}"
        ) from None
    return read(content, path.name)


def read(content: bytes, file: str) -> Channel:
    """`file` names the file in messages."""
    faults: list[Fault] = []
    try:
        found = _channel(Value(tree(content), "", faults), content)
    except Refused as refused:
        raise MappingError(file, [*faults, refused.fault]) from None
    if faults:
        raise MappingError(file, faults)
    return found


def _channel(root: Value, wording: bytes) -> Channel:
    section = root.section(*CHANNEL_FIELDS)
    nobody: dict[str, Field] = {}
    read_fields = section.need("fields", fields, nobody)
    read_persons = section.get("persons", lambda value: persons(value, read_fields), {})
    names = Names(read_fields, read_persons)
    nothing: tuple[Record, ...] = ()
    records = section.need("records", lambda value: value.each(record(names)), nothing)
    no_skips: tuple[Skip, ...] = ()
    name = section.need("mapping", q.name, "")
    channel = Channel(
        name=name,
        version=section.need("version", q.whole(1, 9999), 1),
        title=section.need("title", q.both_languages, _NOTHING),
        source=section.get("source", q.words, name),
        origin=section.need("origin", _origin, _NOTHING),
        form=section.get("form", form, Form()),
        zone=section.need("zone", zone, ZoneInfo("UTC")),
        region=section.get("region", q.code, "CN"),
        fields=read_fields,
        ignored=section.get("ignored", several(q.words), ()),
        skips=section.get("skip", lambda value: value.each(skip(names)), no_skips),
        persons=read_persons,
        records=records,
        sample_received=section.get("sample", _sample, None),
        wording=wording,
    )
    if not channel.records and "records" in section:
        section.note("at least one record is wanted", "至少需要一条记录", "records")
    if not root.faults:
        _check_use(root, channel)
    return channel


def _sample(value: Value) -> datetime | None:
    return value.section("received").need("received", _instant, None)


def _instant(value: Value) -> datetime:
    try:
        moment = datetime.fromisoformat(value.text())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise value.refused(
            "a time with an offset is wanted (2022-09-21T12:00:00+08:00)",
            "应为带时区偏移的时间（如 2022-09-21T12:00:00+08:00）",
        )
    return moment.astimezone(UTC)


def _origin(value: Value) -> Text:
    section = value.section("en", "zh")
    return Text(section.need("en", _prose, ""), section.need("zh", _prose, ""))


def _prose(value: Value) -> str:
    text = value.text()
    if not text or len(text) > _MOST_PROSE:
        raise value.refused(
            f"a text of 1 to {_MOST_PROSE} characters is wanted",
            f"应为 1 至 {_MOST_PROSE} 个字符的文本",
        )
    return text


def _check_use(root: Value, channel: Channel) -> None:
    """A field that nothing uses, or a column that two parts claim, is a slip of the writer."""
    section = root.open_section()
    used = _used(channel)
    below = section.field("fields").open_section()
    for name, field in channel.fields.items():
        if name not in used:
            below.note(
                "nothing uses this field; use it, or list its column under `ignored`",
                "没有任何地方使用该字段；请使用它，或将其列名写入 ignored",
                name,
            )
        claimed = [c for c in field.headers if c in channel.ignored]
        if claimed:
            below.note(
                "its column is listed under `ignored` as well", "其列名同时列在 ignored 中", name
            )
    persons_used = {
        value.person
        for record in channel.records
        for value in record.columns.values()
        if isinstance(value, PersonValue)
    }
    for name in channel.persons:
        if name not in persons_used:
            section.field("persons").open_section().note(
                "no record speaks of this person", "没有记录涉及该人员", name
            )


def _used(channel: Channel) -> set[str]:
    whole = {part: f.name for f in channel.fields.values() for part in parts_of(f)}
    used = {field.id_kind for field in channel.fields.values() if field.id_kind}
    for person in channel.persons.values():
        used.update(person.by)
        used.update(person.identity.values())
    for skipped in channel.skips:
        used.update(skipped.when.tests)
    for made in channel.records:
        used.update(made.when.tests)
        for value in made.columns.values():
            if isinstance(value, FieldValue):
                used.add(whole[value.field])
            elif isinstance(value, VehicleValue | CaseValue | LocatedValue):
                used.add(value.field)
            elif isinstance(value, JoinValue):
                used.update(whole[p.field] for p in value.parts if isinstance(p, FieldValue))
    return used


def refuse_other_name(channel: Channel, name: str, version: int, file: Path) -> None:
    """A mapping lies in a folder of its name and version."""
    if (channel.name, channel.version) != (name, version):
        raise DataError(
            f"{file}: the folder says {name}@{version}, the file says {channel.label}; "
            "they must be the same",
            f"{file}：目录名为 {name}@{version}，文件中为 {channel.label}；二者须一致",
        )
