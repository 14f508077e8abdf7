"""What is wrong with a protocol file: line, field, and the names that exist."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ringfence.errors import DataError, Text

_SHOWN_FAULTS = 20
_OFFERED = 8
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
_LETTERS = re.compile(r"[A-Za-z][A-Za-z_. -]{0,39}")


@dataclass(frozen=True)
class Fault:
    """One fault. `path` is the way to the field from the root of the file, empty at the root."""

    line: int
    path: str
    text: Text

    def told(self, file: str) -> Text:
        field = Text(f", {self.path}", f"，{self.path}") if self.path else Text("", "")
        return Text(
            f"{file}, line {self.line}{field.en}: {self.text.en}",
            f"{file}，第 {self.line} 行{field.zh}：{self.text.zh}",
        )


class ProtocolError(DataError):
    """A protocol file that cannot be used, with all its faults in the order of the file."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.file = file
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        told = [fault.told(file) for fault in self.faults[:_SHOWN_FAULTS]]
        rest = len(self.faults) - len(told)
        if rest:
            told.append(Text(f"… and {rest} more", f"……另有 {rest} 处"))
        super().__init__("\n".join(t.en for t in told), "\n".join(t.zh for t in told))


class Refused(Exception):
    """A field that cannot be read; the section it stands in makes a Fault of it."""

    def __init__(self, line: int, path: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.fault = Fault(line, path, Text(en, zh))


def is_name(text: str) -> bool:
    """Whether a message may use this text to say where a field stands."""
    return _NAME.fullmatch(text) is not None


def shown(word: str) -> Text:
    """The wrong word, if it is one; digits and prose, maybe a person's data, are not repeated."""
    if _LETTERS.fullmatch(word):
        return Text(f"'{word}'", f"“{word}”")
    return Text("this", "此值")


def closest_first(word: str, names: Iterable[str]) -> list[str]:
    def likeness(name: str) -> float:
        return difflib.SequenceMatcher(None, word.lower(), name.lower()).ratio()

    return sorted(names, key=likeness, reverse=True)


def offered(word: str, names: Sequence[str]) -> Text:
    """The names that exist, the closest first."""
    if not names:
        return Text("none exist", "尚无可用名称")
    near = closest_first(word[:80], names)
    rest = len(near) - _OFFERED
    en, zh = ", ".join(near[:_OFFERED]), "、".join(near[:_OFFERED])
    if rest > 0:
        en, zh = f"{en} … ({rest} more)", f"{zh}……（另有 {rest} 个）"
    return Text(en, zh)
