"""A file of kinds → kinds. Every fault is named with its line and field, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from ringfence.errors import Text
from ringfence.protocols import quantities as q
from ringfence.protocols.faults import Fault, ProtocolError, Refused, shown
from ringfence.protocols.fields import Section, Value, one_of, several
from ringfence.protocols.nodes import tree
from ringfence_server.tasks.kind_model import ASKED, CLASSES, NAMED, Book, End, Kind

MOST_HOURS = 720
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELDS = ("en", "zh", "hours", "source", "order", "ends", "by_hand", "at_desk", "group")
_NAME, _SENTENCE = 60, 200
_MOST_ENDS = 20
_NOTHING = Text("", "")


class KindsError(ProtocolError):
    """A file of kinds that cannot be used, with all its faults in the order of the file."""


def read_book(content: bytes) -> Book:
    """The shipped file. KindsError: kinds or rules that cannot be meant so."""
    return checked("kinds.yaml", content, _book)


def checked(file: str, content: bytes, reader: Callable[[Value], Book]) -> Book:
    faults: list[Fault] = []
    try:
        found = reader(Value(tree(content), "", faults))
    except Refused as refused:
        raise KindsError(file, [*faults, refused.fault]) from None
    if faults:
        raise KindsError(file, faults)
    return found


def read_kinds(section: Section) -> dict[str, Kind]:
    """All that can be read; what cannot is noted."""
    found: dict[str, Kind] = {}
    for key, _ in section.pairs:
        if not _KEY.fullmatch(key.text):
            section.value.faults.append(_no_key(key.line, section.value.path, key.text))
        elif key.text not in section:
            section.note(f"{key.text} has no fields", f"{key.text} 没有内容")
        else:
            kind = section.get(key.text, _kind(key.text), None)
            if kind is not None:
                found[key.text] = kind
    return found


def _kind(key: str) -> Callable[[Value], Kind]:
    def read(value: Value) -> Kind:
        section = value.section(*_FIELDS)
        ends: dict[str, End] = {}
        return Kind(
            key,
            Text(section.need("en", text(_NAME), ""), section.need("zh", text(_NAME), "")),
            timedelta(hours=section.need("hours", q.whole(1, MOST_HOURS), 1)),
            section.need("source", in_both(_SENTENCE), _NOTHING),
            section.need("order", q.truth, False),
            section.need("ends", _ends, ends),
            section.get("by_hand", q.truth, True),
            section.get("at_desk", q.truth, False),
            section.get("group", in_both(_NAME), None),
        )

    return read


def text(most: int) -> Callable[[Value], str]:
    """Reader of one line that people read."""

    def read(value: Value) -> str:
        found = value.text()
        if not 0 < len(found) <= most or not found.isprintable():
            raise value.refused(
                f"one line of 1 to {most} characters is wanted",
                f"应为 1 至 {most} 个字符的一行文本",
            )
        return found

    return read


def in_both(most: int) -> Callable[[Value], Text]:
    def read(value: Value) -> Text:
        section = value.section("en", "zh")
        return Text(section.need("en", text(most), ""), section.need("zh", text(most), ""))

    return read


def _ends(value: Value) -> Mapping[str, End]:
    section = value.open_section()
    found: dict[str, End] = {}
    for key, _ in section.pairs:
        if not _KEY.fullmatch(key.text):
            value.faults.append(_no_key(key.line, value.path, key.text))
            continue
        found[key.text] = section.need(key.text, _end, End(_NOTHING, True))
    if len(section.pairs) > _MOST_ENDS:
        section.note(f"{_MOST_ENDS} words at most", f"至多 {_MOST_ENDS} 种结果")
    elif not any(end.settled for end in found.values()):
        section.note(
            "no word settles the task: one needs `settled: true`",
            "没有可办结的结果：至少一种应为 settled: true",
        )
    return found


def _end(value: Value) -> End:
    section = value.section("en", "zh", "settled", "closes", "ill")
    said = Text(section.need("en", text(_NAME), ""), section.need("zh", text(_NAME), ""))
    end = End(
        said,
        section.need("settled", q.truth, True),
        section.get("closes", q.truth, False),
        section.get("ill", q.truth, False),
    )
    if end.closes and end.ill:
        section.note(
            "a report of symptoms is looked at before it is closed",
            "有症状的反馈须经核实后办结",
            "closes",
        )
    if end.closes and not end.settled:
        section.note(
            "what settles nothing closes nothing: it is sent out again",
            "未能办结的结果不能直接结案：任务会重新派发",
            "closes",
        )
    return end


def _no_key(line: int, path: str, key: str) -> Fault:
    word = shown(key)
    return Refused(
        line,
        path,
        f"{word.en} is no key: small letters, digits and _, a letter first, 40 at most",
        f"{word.zh}不能作为键：仅限小写字母、数字和 _，以字母开头，至多 40 个字符",
    ).fault


def _book(root: Value) -> Book:
    section = root.section("kinds", "rules")
    none: dict[str, Kind] = {}
    kinds = section.need("kinds", lambda value: read_kinds(value.open_section()), none)
    rules = section.need("rules", lambda value: _rules(value, kinds), {})
    return Book(kinds, rules)


def _rules(value: Value, kinds: Mapping[str, Kind]) -> Mapping[str, tuple[str, ...]]:
    section = value.section(*CLASSES)
    word = one_of(tuple(kinds), "a kind of task", "任务类型")
    found: dict[str, tuple[str, ...]] = {}
    for outcome in CLASSES:
        named = section.need(outcome, several(word), ())
        orders = [one for one in named if kinds[one].order]
        if named and len(orders) == len(named):
            section.note("one kind at least is no order", "至少一项不是管控措施", outcome)
        if outcome in (NAMED, ASKED) and orders:
            section.note("hearsay makes no order", "他人提及不得下达管控措施", outcome)
        found[outcome] = named
    return found
