"""YAML as a tree of nodes that know their line.

Every scalar stays the text that was written (the field that reads it decides what it means, so that
`no` or `12:30` are never turned into something else). Anchors, aliases, tags, repeated keys, a
second document, deep nesting and big files are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from yaml import events

from ringfence.protocols.faults import Refused, is_name, shown

MOST_BYTES = 256 * 1024
MOST_DEPTH = 16

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class ScalarNode:
    line: int
    text: str
    plain: bool

    @property
    def empty(self) -> bool:
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True)
class ListNode:
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True)
class MapNode:
    line: int
    pairs: tuple[tuple[ScalarNode, Node], ...]


Node = ScalarNode | ListNode | MapNode


def tree(content: bytes) -> Node:
    """The one document of a file."""
    if len(content) > MOST_BYTES:
        raise Refused(
            1,
            "",
            f"the file is larger than {MOST_BYTES // 1024} KB; such a file is a short text",
            f"文件超过 {MOST_BYTES // 1024} KB；这类文件应为短文本",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            line,
            "",
            "the text is not UTF-8; save it as UTF-8",
            "文本不是 UTF-8 编码；请另存为 UTF-8",
        ) from None
    try:
        found = list(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "a character that no text file holds"
        raise Refused(
            mark.line + 1 if mark else 1,
            "",
            f"this is not YAML: {problem}",
            f"不是有效的 YAML：{problem}",
        ) from None
    return _Composer(found).document()


class _Composer:
    def __init__(self, found: list[events.Event]) -> None:
        self._events = iter(found)

    def document(self) -> Node:
        node: Node | None = None
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent):
                if node is not None:
                    raise Refused(
                        _line(event),
                        "",
                        "a second document begins here; a file holds one document",
                        "此处开始第二个文档；每个文件只能有一个文档",
                    )
                node = self._node(next(self._events), "", 0)
        return node or ScalarNode(1, "", True)

    def _node(self, event: events.Event, path: str, depth: int) -> Node:
        line = _line(event)
        _refuse_references(event, line, path)
        if depth > MOST_DEPTH:
            raise Refused(
                line,
                path,
                f"nested deeper than {MOST_DEPTH} levels",
                f"嵌套超过 {MOST_DEPTH} 层",
            )
        if isinstance(event, events.ScalarEvent):
            return ScalarNode(line, event.value, event.style in (None, ""))
        if isinstance(event, events.SequenceStartEvent):
            return self._list(line, path, depth)
        return self._map(line, path, depth)

    def _list(self, line: int, path: str, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            items.append(self._node(event, f"{path}[{len(items) + 1}]", depth + 1))
        return ListNode(line, tuple(items))

    def _map(self, line: int, path: str, depth: int) -> MapNode:
        pairs: dict[str, tuple[ScalarNode, Node]] = {}
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            key = self._node(event, path, depth + 1)
            if not isinstance(key, ScalarNode):
                raise Refused(
                    key.line, path, "the name of a field must be one word", "字段名必须是一个词"
                )
            if key.text in pairs:
                word = shown(key.text)
                raise Refused(
                    key.line,
                    path,
                    f"{word.en} is already given on line {pairs[key.text][0].line}",
                    f"{word.zh}已在第 {pairs[key.text][0].line} 行给出",
                )
            name = key.text if is_name(key.text) else "?"
            below = f"{path}.{name}" if path else name
            pairs[key.text] = (key, self._node(next(self._events), below, depth + 1))
        return MapNode(line, tuple(pairs.values()))


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _refuse_references(event: events.Event, line: int, path: str) -> None:
    if isinstance(event, events.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise Refused(
            line,
            path,
            "anchors and aliases (& and *) are not used here; write the value out",
            "此处不使用锚点和别名（& 与 *）；请直接写出内容",
        )
    if getattr(event, "tag", None) is not None:
        raise Refused(
            line,
            path,
            "tags (!) are not used here; write the plain value",
            "此处不使用标签（!）；请直接写出内容",
        )
