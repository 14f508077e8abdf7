"""Kinds of tasks and the rules that make them, as their file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ringfence.errors import DataError, Text

NAMED = "named"
"""In place of a class: somebody named a person."""
ASKED = "asked"
"""In place of a class: whether somebody is a contact, only they can say."""
CLASSES = ("close", "second", "general", NAMED, ASKED)
"""The gravest first."""
_FIELDS = {"en", "zh", "hours", "source", "order", "ends"}


@dataclass(frozen=True)
class End:
    """`settled`: the task is done by it; else it is sent out again. `closes`: nobody has to look at
    the report before it is closed.
    """

    text: Text
    settled: bool
    closes: bool = False


@dataclass(frozen=True)
class Kind:
    """`order`: it binds the person. `by_hand`: somebody may add it; else measures alone do.
    `at_desk`: it is done there, and no worker ever has it.
    """

    key: str
    text: Text
    due: timedelta
    source: Text
    order: bool
    ends: Mapping[str, End]
    by_hand: bool = True
    at_desk: bool = False


@dataclass(frozen=True)
class Book:
    kinds: Mapping[str, Kind]
    rules: Mapping[str, tuple[str, ...]]

    @property
    def at_desk(self) -> list[str]:
        return [key for key, kind in self.kinds.items() if kind.at_desk]

    def wanted(self, outcome: str, *, provisional: bool) -> frozenset[str]:
        """What a contact of this class is to be made into. Of a provisional trace, no order."""
        named = self.rules[outcome]
        return frozenset(one for one in named if not (provisional and self.kinds[one].order))


@cache
def book() -> Book:
    text = files("ringfence_server.tasks").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return read_book(text)


def read_book(text: str) -> Book:
    """DataError: kinds or rules that cannot be meant so; which one is told."""
    told = yaml.safe_load(text)
    kinds = {key: _kind(key, fields) for key, fields in told["kinds"].items()}
    rules = {outcome: tuple(named) for outcome, named in told["rules"].items()}
    if set(rules) != set(CLASSES):
        raise _wrong("rules", f"there is one for each of {', '.join(CLASSES)}", "每类各一条")
    for outcome, named in rules.items():
        if unknown := [one for one in named if one not in kinds]:
            raise _wrong(outcome, f"there is no kind {unknown[0]}", f"没有任务类型 {unknown[0]}")
        orders = [one for one in named if kinds[one].order]
        if len(orders) == len(named):
            raise _wrong(outcome, "one kind at least is no order", "至少一项不是管控措施")
        if outcome in (NAMED, ASKED) and orders:
            raise _wrong(outcome, "hearsay makes no order", "他人提及不得下达管控措施")
    return Book(kinds, rules)


def _kind(key: str, fields: dict[str, Any]) -> Kind:
    if fields.keys() - {"by_hand", "at_desk"} != _FIELDS:
        raise _wrong(
            key, f"a kind has {', '.join(sorted(_FIELDS))}", f"应有 {'、'.join(sorted(_FIELDS))}"
        )
    hours = fields["hours"]
    if not isinstance(hours, int) or not 0 < hours <= 24 * 30:
        raise _wrong(key, "hours is a whole number up to 720", "hours 应为不超过 720 的整数")
    ends = {
        word: End(Text(end["en"], end["zh"]), bool(end["settled"]), bool(end.get("closes")))
        for word, end in fields["ends"].items()
    }
    if not any(end.settled for end in ends.values()):
        raise _wrong(key, "no word settles it", "没有可办结的结果")
    return Kind(
        key,
        Text(fields["en"], fields["zh"]),
        timedelta(hours=hours),
        Text(fields["source"]["en"], fields["source"]["zh"]),
        bool(fields["order"]),
        ends,
        bool(fields.get("by_hand", True)),
        bool(fields.get("at_desk", False)),
    )


def _wrong(key: str, en: str, zh: str) -> DataError:
    return DataError(f"kinds of tasks, {key}: {en}", f"任务类型 {key}：{zh}")
