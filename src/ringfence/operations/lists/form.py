"""The form of a received list: which of its columns say what of a person.

Canonical columns need nothing. Any other form needs a small file:

    list: neighbour-province
    form: {header_row: 3, totals: ["合计"]}        # as in a mapping; what is left out is detected
    columns: {name: 姓名, id_number: 身份证号, phone: [手机, 电话], reference: 序号}
    words: {身份证: resident}                     # kinds of documents by other names
    ignored: [性别, 年龄]
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from ringfence.errors import DataError, NotFound
from ringfence.protocols import quantities as q
from ringfence.protocols.faults import Fault, ProtocolError, Refused
from ringfence.protocols.fields import Value, several
from ringfence.protocols.nodes import MOST_BYTES, tree
from ringfence.sources.mapping.field_reading import form as read_form
from ringfence.sources.raw.model import Form

COLUMNS: Mapping[str, str] = {
    "name": "name",
    "id_kind": "id_kind",
    "id_number": "id_number",
    "phone": "phone",
    "address": "address",
    "plate": "plate",
    "note": "text",
    "reference": "text",
}
"""The canonical columns, and the kind of value of each."""
FINDING = ("id_number", "phone", "plate", "address")
"""Those by which a person can be found."""

_SHOWN = 5


class ListFormError(ProtocolError):
    """A form of a list that cannot be used, with all its faults."""


@dataclass(frozen=True)
class ListForm:
    """`columns`: for each canonical column those of the file, of which the first filled one counts.

    `digest` tells forms apart: the same bytes read otherwise are another list.
    """

    name: str = "canonical"
    columns: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {name: (name,) for name in COLUMNS}
    )
    words: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    form: Form = field(default_factory=Form)
    digest: str = "canonical 1"

    @property
    def expected(self) -> frozenset[str]:
        """Columns that the file may have: they show which row is its header."""
        return frozenset(c for columns in self.columns.values() for c in columns) | self.ignored

    def finds_persons(self, header: Sequence[str]) -> bool:
        """Whether a sheet with these columns is one of those to read."""
        return any(column in header for name in FINDING for column in self.columns.get(name, ()))


def read_list_form(path: Path) -> ListForm:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        raise NotFound(f"there is no form of a list {path}", f"找不到名单格式文件 {path}") from None
    return read_form_text(content, path.name)


def read_form_text(content: bytes, file: str) -> ListForm:
    """`file` names the file in messages."""
    faults: list[Fault] = []
    try:
        found = _form(Value(tree(content), "", faults), hashlib.sha256(content).hexdigest())
    except Refused as refused:
        raise ListFormError(file, [*faults, refused.fault]) from None
    if faults:
        raise ListFormError(file, faults)
    return found


def _form(root: Value, digest: str) -> ListForm:
    section = root.section("list", "form", "columns", "words", "ignored")
    return ListForm(
        name=section.need("list", q.words, ""),
        columns=section.need("columns", _columns, {}),
        words=section.get("words", _words, {}),
        ignored=frozenset(section.get("ignored", several(q.words), ())),
        form=section.get("form", read_form, Form()),
        digest=digest,
    )


def _columns(value: Value) -> dict[str, tuple[str, ...]]:
    section = value.section(*COLUMNS)
    return {name: section.need(name, several(q.words), ()) for name in section.names}


def _words(value: Value) -> dict[str, str]:
    section = value.open_section()
    return {name: section.need(name, q.words, "") for name in section.names}


def check_header(form: ListForm, header: Sequence[str], file: str) -> None:
    """Refuse a file with columns that nobody described, or without any that finds a person."""
    known = form.expected
    unknown = [column for column in header if column not in known]
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (" …" if len(unknown) > _SHOWN else "")
        near = {n for column in unknown[:_SHOWN] for n in get_close_matches(column, known, n=1)}
        offered = f"; perhaps: {', '.join(sorted(near))}" if near else ""
        raise DataError(
            f"{file} has {len(unknown)} columns that are not known: {shown}{offered}; describe "
            "them in a list form (--form), or list them there under `ignored`",
            f"{file} 有 {len(unknown)} 个未知列：{shown}；请在名单格式文件（--form）中说明，"
            "或列入 ignored",
        )
    if not form.finds_persons(header):
        raise DataError(
            f"{file} has no column by which a person can be found: {', '.join(FINDING)}",
            f"{file} 没有可用于查找人员的列：{'、'.join(FINDING)}",
        )
