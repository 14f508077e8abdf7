"""Fields of a protocol file: a value with its place, and a section that collects all faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ringfence.protocols.faults import Fault, Refused, is_name, offered, shown
from ringfence.protocols.nodes import ListNode, MapNode, Node, ScalarNode

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Value:
    """A node of the file with the way to it; `faults` collects what is wrong in the whole file."""

    node: Node
    path: str
    faults: list[Fault]

    @property
    def line(self) -> int:
        return self.node.line

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, ListNode)

    @property
    def is_section(self) -> bool:
        return isinstance(self.node, MapNode)

    def refused(self, en: str, zh: str) -> Refused:
        return Refused(self.line, self.path, en, zh)

    def text(self) -> str:
        if not isinstance(self.node, ScalarNode):
            raise self.refused("one value is wanted here", "此处应为单个值")
        return self.node.text.strip()

    def items(self) -> list[Value]:
        """The values of a list; a single value is a list of one."""
        if not isinstance(self.node, ListNode):
            return [self]
        return [
            Value(item, f"{self.path}[{_label(item, number)}]", self.faults)
            for number, item in enumerate(self.node.items, start=1)
        ]

    def each(self, reader: Callable[[Value], T]) -> tuple[T, ...]:
        """Every item as `reader` reads it; an item that cannot be read is noted and left out."""
        found: list[T] = []
        for item in self.items():
            try:
                found.append(reader(item))
            except Refused as refused:
                self.faults.append(refused.fault)
        return tuple(found)

    def section(self, *known: str) -> Section:
        section = self.open_section()
        for key, _ in section.pairs:
            if key.text not in known:
                word, names = shown(key.text), offered(key.text, known)
                fault = Refused(
                    key.line,
                    self.path,
                    f"there is no field {word.en} here; write one of: {names.en}",
                    f"此处没有字段{word.zh}；可用字段：{names.zh}",
                ).fault
                self.faults.append(fault)
        return section

    def open_section(self) -> Section:
        """A section whose names are free."""
        if not isinstance(self.node, MapNode):
            raise self.refused(
                "named fields are wanted here (name: value)", "此处应为“字段: 值”形式的内容"
            )
        return Section(self, self.node.pairs)


@dataclass(frozen=True)
class Section:
    """Named fields. Reading a wrong one notes the fault and goes on with the value `otherwise`."""

    value: Value
    pairs: tuple[tuple[ScalarNode, Node], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key.text for key, node in self.pairs if not _absent(node))

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def field(self, name: str) -> Value:
        node = next(node for key, node in self.pairs if key.text == name)
        path = f"{self.value.path}.{name}" if self.value.path else name
        return Value(node, path, self.value.faults)

    def get(self, name: str, reader: Callable[[Value], T], otherwise: U) -> T | U:
        if name not in self:
            return otherwise
        try:
            return reader(self.field(name))
        except Refused as refused:
            self.value.faults.append(refused.fault)
            return otherwise

    def need(self, name: str, reader: Callable[[Value], T], otherwise: U) -> T | U:
        """`otherwise` only lets reading go on to find further faults: the file is refused."""
        if name not in self:
            self.note(f"the field '{name}' is missing", f"缺少字段“{name}”")
        return self.get(name, reader, otherwise)

    def note(self, en: str, zh: str, field: str | None = None) -> None:
        """Note a fault of the section, or of one of its fields."""
        place = self.field(field) if field is not None and field in self else self.value
        self.value.faults.append(place.refused(en, zh).fault)


def one_of(names: Sequence[str], en: str, zh: str) -> Callable[[Value], str]:
    """Reader of a word that must be one of `names`; `en` and `zh` say what it names."""

    def read(value: Value) -> str:
        word = value.text()
        if word not in names:
            told, exist = shown(word), offered(word, names)
            raise value.refused(
                f"{told.en} is not {en}; write one of: {exist.en}",
                f"{told.zh}不是{zh}；可用：{exist.zh}",
            )
        return word

    return read


def several(reader: Callable[[Value], T]) -> Callable[[Value], tuple[T, ...]]:
    """Reader of one or several values, at least one, none twice."""

    def read(value: Value) -> tuple[T, ...]:
        found = value.each(reader)
        if value.is_list and not value.items():
            raise value.refused("the list is empty", "列表为空")
        if len(set(found)) < len(found):
            raise value.refused("a value is given twice", "有重复的值")
        return found

    return read


def _label(item: Node, number: int) -> str:
    """Items that have an id are named by it."""
    if isinstance(item, MapNode):
        for key, node in item.pairs:
            if key.text == "id" and isinstance(node, ScalarNode) and is_name(node.text):
                return node.text
    return str(number)


def _absent(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.empty
