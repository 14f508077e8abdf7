"""What a kind of task is, and a book of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ringfence.errors import Text
from ringfence_server.tasks.words import DESK_ENDS

NAMED = "named"
"""In place of a class: somebody named a person."""
ASKED = "asked"
"""In place of a class: whether somebody is a contact, only they can say."""
CLASSES = ("close", "second", "general", NAMED, ASKED)
"""The gravest first."""
_GONE = Text("no file tells of this kind any more", "任务类型文件中已无此类型")


@dataclass(frozen=True)
class End:
    """`settled`: the task is done by it; else it is sent out again. `closes`: nobody has to look at
    the report before it is closed. `ill`: it tells of symptoms.
    """

    text: Text
    settled: bool
    closes: bool = False
    ill: bool = False


@dataclass(frozen=True)
class Kind:
    """`order`: it binds the person. `by_hand`: somebody may add it; else measures alone do, or
    nobody any more. `at_desk`: it is done there, and no worker ever has it. `group`: who of an
    authority does it, where that is said.
    """

    key: str
    text: Text
    due: timedelta
    source: Text
    order: bool
    ends: Mapping[str, End]
    by_hand: bool = True
    at_desk: bool = False
    group: Text | None = None

    def said(self, outcome: str) -> Text:
        """What a report ended with; of a word that the kind has no more, the word."""
        end = self.ends.get(outcome)
        if end is not None:
            return end.text
        return DESK_ENDS.get(outcome, Text(outcome, outcome))

    @property
    def with_group(self) -> Text:
        if self.group is None:
            return self.text
        return Text(*(f"{one} · {by}" for one, by in zip(self.text, self.group, strict=True)))


@dataclass(frozen=True)
class Book:
    """`own`: keys of the kinds that are the authority's."""

    kinds: Mapping[str, Kind]
    rules: Mapping[str, tuple[str, ...]]
    own: frozenset[str] = frozenset()

    @property
    def at_desk(self) -> list[str]:
        return [key for key, kind in self.kinds.items() if kind.at_desk]

    def wanted(self, outcome: str, *, binds: bool) -> frozenset[str]:
        """What a contact of this class is to be made into; no order, unless something binds."""
        named = self.rules[outcome]
        return frozenset(one for one in named if binds or not self.kinds[one].order)

    def kind(self, key: str) -> Kind:
        """Of a task; where it is of a kind that is gone, by its key: what was done stays told."""
        known = self.kinds.get(key)
        if known is not None:
            return known
        return Kind(key, Text(key, key), timedelta(hours=24), _GONE, False, {}, by_hand=False)
