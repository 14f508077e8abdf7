"""A small channel for tests, and rows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.sources.frame import Frame
from ringfence.sources.mapping.applying import Applied, Circumstances, apply
from ringfence.sources.mapping.binding import bind
from ringfence.sources.mapping.model import Channel
from ringfence.sources.mapping.reading import read
from ringfence.sources.raw.model import Part, RawChunk

NOW = datetime(2022, 9, 21, 4, tzinfo=UTC)
INN = """
mapping: inn
version: 1
title: {en: Inn, zh: 客栈}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  name: {column: 姓名, as: name, optional: true}
  id: {column: 证件号码, as: id_number, optional: true}
  phone: {column: 电话, as: phone, optional: true, if_wrong: empty}
  inn: {column: 编码, also: [旅馆编码], as: key}
  arrives: {columns: [日期, 时间], as: datetime}
  leaves: {column: 离店, as: datetime, optional: true}
  state: {column: 状态, as: word, words: {在住: in, 离店: out, 取消: cancelled}}
ignored: [备注, "其他*"]
skip:
  - when: {state: [cancelled]}
    reason: {en: cancelled, zh: 已取消}
persons:
  guest: {by: [id, phone], identity: {name: name, id_number: id, phone: phone}}
records:
  - {table: subject, columns: {subject: {person: guest}}}
  - table: presence
    columns:
      subject: {person: guest}
      place: {join: ["inn-", {field: inn}]}
      start: {field: arrives}
      end: {field: leaves}
      certainty: {text: recorded}
"""
GOOD = {
    "姓名": "王小敏",
    "证件号码": "000101198503122156",
    "电话": "15400000001",
    "编码": "7",
    "日期": "2022-09-19",
    "时间": "20:15",
    "离店": "2022-09-20 08:30",
    "状态": "离店",
}


def channel(text: str = INN) -> Channel:
    return read(text.encode(), "mapping.yaml")


def chunk(rows: Sequence[Mapping[str, str | None]], part: int = 0) -> RawChunk:
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(GOOD)
    columns = {
        name: pa.array([row.get(name) or None for row in rows], pa.string()) for name in names
    }
    numbers = pa.array(range(2, len(rows) + 2), pa.int64())
    return RawChunk(Part(part, ""), columns, numbers)


def pseudonyms(kind: str, values: Sequence[str]) -> list[str]:
    return [f"{'v' if kind == 'plate' else 's'}{sum(value.encode()):x}q" for value in values]


def applied(rows: Sequence[Mapping[str, str | None]], text: str = INN, part: int = 0) -> Applied:
    made = channel(text)
    raw = chunk(rows, part)
    frame = Frame(ZoneInfo("Asia/Shanghai"), NOW)
    circumstances = Circumstances(frame, True, pseudonyms)
    return apply(made, bind(made, list(raw.columns), "inn.csv"), raw, circumstances)


def rows_of(found: Applied, table: str) -> list[dict[str, object]]:
    return [row for name, batch in found.records if name == table for row in batch.to_pylist()]
