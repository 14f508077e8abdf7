"""An authority's own file of kinds: it adds to the shipped ones, and does nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ringfence.errors import NotFound, StorageError, Text
from ringfence.protocols.faults import Refused, offered, shown
from ringfence.protocols.fields import Section, Value
from ringfence.protocols.nodes import MOST_BYTES
from ringfence_server.tasks.kind_model import Book, Kind
from ringfence_server.tasks.kind_reading import checked, read_kinds

OWN = "own_"
"""How keys of an authority's kinds begin: no later version of the program takes one of them."""
MOST = 100
_NO_RULES = Text(
    "which contacts become which work is for the measures of the protocols: a kind of your own is"
    " added by hand, and this file has no rules",
    "哪些接触者产生哪些任务由方案的管控措施决定：自定义任务由人工增派，本文件不含 rules",
)
_NO_ORDER = Text(
    "a kind of your own never binds a person: orders follow from protocols alone, which two units"
    " sign; write `order: false`",
    "自定义任务不得约束个人：管控措施只来自经两个单位签发的防控方案；请写 order: false",
)
_NO_DESK = Text(
    "a kind of your own is done by workers: nobody could report one that stays at the desk",
    "自定义任务由工作人员执行：仅限办公端的任务无人可以反馈",
)


def content_of(file: Path) -> bytes:
    """As it lies there, and not more than such a file may have by one byte.

    NotFound: there is no such file. StorageError: it cannot be read.
    """
    try:
        if not file.is_file():  # a pipe would be waited for
            raise NotFound(f"there is no file of kinds {file}", f"没有任务类型文件 {file}")
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as fault:
        raise StorageError(
            f"{file} cannot be read: {fault.strerror}", f"无法读取 {file}：{fault.strerror}"
        ) from None


def read_own(content: bytes, file: str, shipped: Book) -> Book:
    """The shipped book with these kinds after it. `file` names it in messages.

    KindsError: it cannot be used; line, kind and field are told.
    """
    return checked(file, content, lambda root: _added(root, shipped))


def _added(root: Value, shipped: Book) -> Book:
    section = root.open_section()
    for key, _ in section.pairs:
        if key.text == "rules":
            root.faults.append(Refused(key.line, "rules", *_NO_RULES).fault)
        elif key.text != "kinds":
            word = shown(key.text)
            names = offered(key.text, ("kinds",))
            said = (
                f"there is no field {word.en} here; write one of: {names.en}",
                f"此处没有字段{word.zh}；可用字段：{names.zh}",
            )
            root.faults.append(Refused(key.line, "", *said).fault)
    none: dict[str, Kind] = {}
    kinds = section.need("kinds", lambda value: _own(value.open_section(), shipped), none)
    return replace(shipped, kinds={**shipped.kinds, **kinds}, own=frozenset(kinds))


def _own(section: Section, shipped: Book) -> Mapping[str, Kind]:
    kinds = read_kinds(section)
    if len(section.pairs) > MOST:
        section.note(f"{MOST} kinds at most", f"至多 {MOST} 种任务")
    for key, kind in kinds.items():
        _refuse_key(section, key, shipped)
        below = section.field(key).open_section()
        if kind.order:
            below.note(*_NO_ORDER, "order")
        if kind.at_desk:
            below.note(*_NO_DESK, "at_desk")
    _refuse_names(section, kinds, shipped.kinds.values())
    return kinds


def _refuse_key(section: Section, key: str, shipped: Book) -> None:
    if key in shipped.kinds:
        section.note(
            f"{key} comes with ringfence and cannot be changed; give yours another key,"
            f" like {OWN}{key}",
            f"{key} 已随软件提供，不可更改；请改用其他键，如 {OWN}{key}",
            key,
        )
    elif not key.startswith(OWN) or key == OWN:
        section.note(
            f"a key of your own begins with {OWN}, so that no later version of ringfence takes it",
            f"自定义任务的键应以 {OWN} 开头，以免与今后版本冲突",
            key,
        )


def _refuse_names(section: Section, kinds: Mapping[str, Kind], shipped: Iterable[Kind]) -> None:
    """A worker knows a kind by its name: one that reads like an order would pass for one."""
    taken = {_alike(name) for one in shipped for name in one.text}
    for key, kind in kinds.items():
        names = {spoken: _alike(name) for spoken, name in kind.text._asdict().items() if name}
        for spoken in (spoken for spoken, name in names.items() if name in taken):
            section.field(key).open_section().note(
                "another kind has this name already", "已有同名的任务类型", spoken
            )
        taken |= set(names.values())


def _alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
