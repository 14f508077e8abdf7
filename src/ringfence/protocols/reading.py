"""A protocol file → model.Protocol and its worked cases; every fault names line and field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from ringfence.errors import NotFound, StorageError, Text
from ringfence.protocols import quantities as q
from ringfence.protocols.anchor_reading import anchors
from ringfence.protocols.case_reading import WorkedCase, worked_case
from ringfence.protocols.faults import Fault, ProtocolError, Refused, offered, shown
from ringfence.protocols.fields import Section, Value, several
from ringfence.protocols.measure_reading import crowd_limits, dwells, measures
from ringfence.protocols.model import (
    DEFAULT_CROWD_LIMIT,
    IfUnknown,
    Outcome,
    Protocol,
    Rule,
    Source,
)
from ringfence.protocols.nodes import MOST_BYTES, tree
from ringfence.protocols.rule_reading import if_unknown, rule

FORMAT = "1"
PROTOCOL_FIELDS = (
    "format",
    "id",
    "version",
    "title",
    "disease",
    "jurisdiction",
    "valid",
    "source",
    "anchors",
    "if_unknown",
    "crowd_limit",
    "dwell",
    "seeds",
    "retention",
    "rules",
    "measures",
    "worked_cases",
)
_MOST_RULES = 200
_KEPT = 64


@dataclass(frozen=True)
class ProtocolFile:
    """A protocol with its worked cases, and the file that it came from."""

    protocol: Protocol
    worked_cases: tuple[WorkedCase, ...]
    path: Path


def read_file(path: Path) -> ProtocolFile:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise NotFound(f"there is no protocol file {path}", f"没有防控方案文件 {path}") from None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}", f"无法读取 {path}：{error.strerror}"
        ) from None
    return read(content, path)


@lru_cache(maxsize=_KEPT)
def read(content: bytes, path: Path) -> ProtocolFile:
    """`path` names the file in messages. The same content is read once: each trace asks for all."""
    faults: list[Fault] = []
    try:
        found = _protocol(Value(tree(content), "", faults), hashlib.sha256(content).hexdigest())
    except Refused as refused:
        raise ProtocolError(path.name, [*faults, refused.fault]) from None
    if faults:
        raise ProtocolError(path.name, faults)
    return ProtocolFile(*found, path)


def _protocol(root: Value, digest: str) -> tuple[Protocol, tuple[WorkedCase, ...]]:
    section = root.open_section()
    if "format" in section:
        _format(section.field("format"))
    section = root.section(*PROTOCOL_FIELDS)
    unknown = IfUnknown(section.get("if_unknown", if_unknown, IfUnknown.REVIEW.value))
    rules = section.need("rules", lambda value: _rules(value, unknown), ())
    limit, limits = section.get("crowd_limit", crowd_limits, (DEFAULT_CROWD_LIMIT, {}))
    valid_from, valid_to = section.need("valid", _valid, (date.min, None))
    if "format" not in section:
        section.note("the field 'format' is missing; write 1", "缺少字段“format”；请写 1")
    protocol = Protocol(
        id=section.need("id", q.name, ""),
        version=section.need("version", q.whole(1, 9999), 1),
        title=section.need("title", q.both_languages, Text("", "")),
        disease=section.need("disease", q.name, ""),
        jurisdiction=section.need("jurisdiction", q.code, ""),
        valid_from=valid_from,
        valid_to=valid_to,
        source=section.get("source", _source, Source()),
        anchors=section.need("anchors", anchors, ()),
        rules=rules,
        digest=digest,
        crowd_limit=limit,
        crowd_limits=limits,
        dwells=section.get("dwell", dwells, {}),
        seeds=section.get("seeds", _seeds(rules), None),
        measures=section.get("measures", measures, {}),
        retention_days=section.get("retention", q.days, None),
    )
    cases = section.get("worked_cases", lambda value: value.each(worked_case), ())
    return protocol, cases


def _format(value: Value) -> None:
    if value.text() != FORMAT:
        raise value.refused(
            f"this is not a format that this program reads; it reads format {FORMAT}",
            f"本程序不支持此格式版本；支持的格式为 {FORMAT}",
        )


def _rules(value: Value, unknown: IfUnknown) -> tuple[Rule, ...]:
    items = value.items()
    if not value.is_list or not items or len(items) > _MOST_RULES:
        raise value.refused(
            f"a list of 1 to {_MOST_RULES} rules is wanted", f"应为 1 至 {_MOST_RULES} 条规则的列表"
        )
    seen: set[str] = set()

    def one(item: Value) -> Rule:
        found = rule(item, unknown)
        if found.id and found.id in seen:
            raise item.refused("another rule has the same id", "与其他规则的 id 重复")
        seen.add(found.id)
        return found

    return value.each(one)


def _seeds(rules: tuple[Rule, ...]) -> Callable[[Value], frozenset[str]]:
    """Reader of the ids of close rules of order 1."""

    def seed(value: Value) -> str:
        word = value.text()
        able = [r.id for r in rules if r.order == 1 and r.outcome is Outcome.CLOSE]
        if word in able:
            return word
        if word in [r.id for r in rules]:
            raise value.refused(
                "only a rule of order 1 and class close can seed contacts of contacts",
                "只有 order 1 且 class 为 close 的规则才能引出次密接",
            )
        told, names = shown(word), offered(word, able)
        raise value.refused(
            f"there is no rule {told.en}; write one of: {names.en}",
            f"没有规则{told.zh}；可用：{names.zh}",
        )

    return lambda value: frozenset(several(seed)(value))


def _valid(value: Value) -> tuple[date, date | None]:
    items = value.items()
    if not value.is_list or len(items) != 2:
        raise value.refused(
            "two days are wanted: [from, to], to null while in force",
            "应为两个日期：[起, 止]，仍有效时止为 null",
        )
    start = q.day(items[0])
    end = None if _is_null(items[1]) else q.day(items[1])
    if end is not None and end <= start:
        raise value.refused(
            "the end (exclusive) must be after the start", "截止日（不含）须晚于起始日"
        )
    return start, end


def _is_null(value: Value) -> bool:
    return getattr(value.node, "empty", False)


def _source(value: Value) -> Source:
    section: Section = value.section("issuer", "number", "date", "title", "note")
    return Source(
        issuer=section.get("issuer", q.words, None),
        number=section.get("number", q.words, None),
        date=section.get("date", q.day, None),
        title=section.get("title", q.words, None),
        note=section.get("note", q.words, None),
    )
