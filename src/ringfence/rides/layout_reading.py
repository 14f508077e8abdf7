"""A layout file → layouts.Layout. Every fault is named with its line and field."""

from __future__ import annotations

import re
from pathlib import Path

from ringfence.errors import StorageError, Text
from ringfence.protocols import quantities as q
from ringfence.protocols.faults import Fault, ProtocolError, Refused
from ringfence.protocols.fields import Section, Value, one_of, several
from ringfence.protocols.nodes import MOST_BYTES, tree
from ringfence.rides.layouts import LAST, LEVELS, Cabin, Layout

_FIELDS = ("id", "title", "source", "cabins")
_LETTERED = ("rows", "seats")
_NUMBERED = ("numbers", "levels", "abreast", "bay")
_SEATS = re.compile(r"[A-Z](?: [A-Z])*(?: \| [A-Z](?: [A-Z])*)*")
_CARRIAGE = re.compile(r"加?[0-9]{1,3}")
_NOTHING = Text("", "")


def read_layout(path: Path) -> Layout:
    """ProtocolError: a file that cannot be meant so. StorageError: it cannot be read."""
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as fault:
        raise StorageError(
            f"{path} cannot be read: {fault.strerror}", f"无法读取 {path}：{fault.strerror}"
        ) from None
    return layout_of(content, str(path))


def layout_of(content: bytes, file: str) -> Layout:
    faults: list[Fault] = []
    try:
        found = _layout(Value(tree(content), "", faults))
    except Refused as refused:
        raise ProtocolError(file, [*faults, refused.fault]) from None
    if faults:
        raise ProtocolError(file, faults)
    return found


def _layout(root: Value) -> Layout:
    section = root.section(*_FIELDS)
    cabins: tuple[Cabin, ...] = ()
    found = Layout(
        section.need("id", q.name, ""),
        section.need("title", q.both_languages, _NOTHING),
        section.need("source", q.words, ""),
        section.need("cabins", lambda value: value.each(_cabin), cabins),
    )
    if "cabins" in section and not found.cabins and not section.value.faults:
        section.note("a vehicle has one cabin at least", "至少应有一个车厢区", "cabins")
    return found


def _cabin(value: Value) -> Cabin:
    section = value.section("title", "carriages", *_LETTERED, *_NUMBERED)
    lettered = any(name in section for name in _LETTERED)
    if lettered == any(name in section for name in _NUMBERED):
        raise value.refused(
            "write rows and seats, or numbers: one of the two",
            "请填写 rows 与 seats，或填写 numbers，二者选一",
        )
    title = section.need("title", q.both_languages, _NOTHING)
    carriages = section.get("carriages", several(_carriage), ())
    if lettered:
        return Cabin(
            title,
            carriages,
            rows=section.need("rows", _span, (1, 1)),
            blocks=section.need("seats", _blocks, ()),
        )
    return _numbered(section, title, carriages)


def _numbered(section: Section, title: Text, carriages: tuple[str, ...]) -> Cabin:
    found = Cabin(
        title,
        carriages,
        numbers=section.need("numbers", _span, (1, 1)),
        levels=section.get("levels", several(one_of(LEVELS, "a level", "铺位")), ()),
        abreast=section.get("abreast", q.whole(1, 20), 0),
        bay=section.get("bay", q.whole(1, 100), 0),
    )
    if found.abreast and found.levels:
        section.note("berths stand in no rows", "铺位不分排", "abreast")
    return found


def _carriage(value: Value) -> str:
    text = value.text()
    if not _CARRIAGE.fullmatch(text) or text.startswith("0"):
        raise value.refused(
            "the number of a carriage as tickets have it, without zeros before it",
            "应为车厢号，前面不带零",
        )
    return text


def _span(value: Value) -> tuple[int, int]:
    ends = value.each(q.whole(1, LAST))
    if len(ends) != 2 or ends[0] > ends[1]:
        raise value.refused("first and last are wanted: [1, 20]", "应为首尾两个数：[1, 20]")
    return ends[0], ends[1]


def _blocks(value: Value) -> tuple[tuple[str, ...], ...]:
    text = value.text()
    blocks = tuple(tuple(block.split()) for block in text.split("|"))
    letters = [letter for block in blocks for letter in block]
    if not _SEATS.fullmatch(text) or len(set(letters)) < len(letters):
        raise value.refused(
            "letters from one side to the other, aisles as |: A B C | D F",
            "应为从一侧到另一侧的座位字母，过道写作 |：A B C | D F",
        )
    return blocks
