"""How much of what narratives tell is read: precision and recall of events and of their fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.narratives.told import COLUMNS, Told, place_of

from ringfence.narratives.as_json import event_as_json
from ringfence.narratives.telling import read

FIELDS = tuple(name for name in COLUMNS if name not in {"kind", "words", "doubts"})
KINDS = ("ride", "stay", "test", "onset", "isolation", "other")
Found = Mapping[str, Any]
Pair = tuple[Mapping[str, str], Found]


@dataclass
class Count:
    """`told`: by the corpus; `found`: by the grammar; `right`: both the same."""

    right: int = 0
    found: int = 0
    told: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.told if self.told else 1.0


@dataclass
class Measure:
    """`shown`: each error, for who writes the grammar; of the part to develop on only."""

    narratives: int = 0
    kinds: dict[str, Count] = field(default_factory=dict)
    fields: dict[str, Count] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    @property
    def events(self) -> Count:
        every = self.kinds.values()
        return Count(
            sum(one.right for one in every),
            sum(one.found for one in every),
            sum(one.told for one in every),
        )


def measured(every: Iterable[Told]) -> Measure:
    done = Measure(
        kinds={name: Count() for name in KINDS}, fields={name: Count() for name in FIELDS}
    )
    for told in every:
        done.narratives += 1
        reading = read(told.text, told.reference)
        found = [event_as_json(event) for event in reading.events]
        pairs, missed, extra = _matched(told, found)
        for wanted, got in pairs:
            _count(done, told, wanted, got)
        for wanted in missed:
            done.kinds[wanted["kind"]].told += 1
            done.errors[f"{wanted['kind']} not seen"] += 1
            done.shown.append(f"{told.id} MISSED {wanted['kind']} | {_words(told, wanted)}")
        for got in extra:
            done.kinds[str(got["kind"])].found += 1
            done.errors[f"{got['kind']} that is none"] += 1
            words = told.text[slice(*got["span"])]
            done.shown.append(f"{told.id} EXTRA {got['kind']} {got['place'] or ''} | {words!r}")
    return done


def _count(done: Measure, told: Told, wanted: Mapping[str, str], got: Found) -> None:
    kind = done.kinds[wanted["kind"]]
    kind.right, kind.found, kind.told = kind.right + 1, kind.found + 1, kind.told + 1
    for name in FIELDS:
        one = done.fields[name]
        want, have = _plain(wanted.get(name, "")), _plain(_cell(got.get(name)))
        one.told += bool(want)
        one.found += bool(have)
        one.right += bool(want) and want == have
        if want != have:
            how = "missing" if not have else "not told" if not want else "wrong"
            done.errors[f"{name} {how}"] += 1
            done.shown.append(f"{told.id} {name}: {have!r} for {want!r} | {_words(told, wanted)}")


def _matched(
    told: Told, found: Sequence[Found]
) -> tuple[list[Pair], list[Mapping[str, str]], list[Found]]:
    """Pairs of one kind whose words overlap, the most alike first."""
    scores = []
    for number, wanted in enumerate(told.events):
        span = _span(told, number)
        for other, got in enumerate(found):
            first, last = got["span"]
            common = min(span[1], last) - max(span[0], first)
            if got["kind"] == wanted["kind"] and common > 0:
                near = common / (last - first + span[1] - span[0])
                scores.append((_alike(wanted, got) + near, number, other))
    scores.sort(reverse=True)
    used: set[int] = set()
    taken: set[int] = set()
    pairs = []
    for _, number, other in scores:
        if number not in used and other not in taken:
            used.add(number)
            taken.add(other)
            pairs.append((told.events[number], found[other]))
    missed = [one for number, one in enumerate(told.events) if number not in used]
    return pairs, missed, [one for number, one in enumerate(found) if number not in taken]


def _span(told: Told, number: int) -> tuple[int, int]:
    if told.spans:
        return told.spans[number]
    return place_of(told.events[number]["words"], told.text) or (0, 0)


def _alike(wanted: Mapping[str, str], got: Found) -> int:
    return sum(
        _plain(wanted[name]) == _plain(_cell(got.get(name))) for name in FIELDS if name in wanted
    )


def _words(told: Told, wanted: Mapping[str, str]) -> str:
    return (
        wanted["words"]
        if "words" in wanted
        else told.text[slice(*_span(told, told.events.index(wanted)))]
    )


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    """Without an article, in small letters, with one blank between words."""
    shown = re.sub(r"\s+", " ", text.strip().lower())
    return re.sub(r"^(?:the|a|an|his|her|their|my) ", "", shown)
