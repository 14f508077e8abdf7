"""What is not known, as questions: each says how many people its answer settles, most first."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ringfence.protocols.model import Fact, Protocol, RideFact
from ringfence.trace import words
from ringfence.trace.merging import Exposure, gravity
from ringfence.trace.result import Contact, ReviewItem, place_label
from ringfence.trace.seeds import instant, seconds

_OF_THE_PLACE = frozenset(
    {
        Fact.SETTING,
        Fact.VENTILATION,
        Fact.ZONE,
        RideFact.SERVICE,
        RideFact.TIMETABLE,
        RideFact.SEALED,
        RideFact.HEPA,
    }
)
_OF_THE_STAY = frozenset({Fact.DWELL, Fact.CASE_STAY})
_OF_THE_CONTACT = frozenset({Fact.CONTACT_STAY, RideFact.CONTACT_SEAT, RideFact.CONTACT_RIDE})


@dataclass
class _Gathered:
    people: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


def questions(
    doubtful: Iterable[Exposure],
    listed: Mapping[str, Contact],
    protocol: Protocol,
    unanchored: Iterable[tuple[str, str]],
    names: Mapping[str, str],
) -> tuple[ReviewItem, ...]:
    """Review items. `unanchored`: case and subject of those without a usable date.

    `names` of places, by key.
    """
    groups: defaultdict[tuple[str, ...], _Gathered] = defaultdict(_Gathered)
    for exposure in doubtful:
        if _settled(exposure, listed, protocol):
            continue
        for fact in exposure.row["open"]:
            group = groups[_group(fact, exposure)]
            group.people.add(exposure.row["other"])
            group.cases.add(exposure.case)
            group.starts.append(exposure.row["start"])
            group.ends.append(exposure.row["end"])
    items = [_item(key, group, names) for key, group in groups.items()]
    items.sort(key=lambda item: (-len(item.people), item.fact, item.place or "", item.id))
    return (*(_anchor_item(case, subject) for case, subject in unanchored), *items)


def _settled(exposure: Exposure, listed: Mapping[str, Contact], protocol: Protocol) -> bool:
    """Whether the answer can change nothing: how near, how gravely, from when until when."""
    contact = listed.get(exposure.row["other"])
    if contact is None or contact.order > exposure.order:
        return False
    if contact.order < exposure.order:
        return True
    if gravity(protocol.rule(exposure.row["rule"]).outcome) < gravity(contact.outcome):
        return False
    first, last = seconds(contact.first_exposure), seconds(contact.last_exposure)
    return bool(first <= exposure.row["start"] and exposure.row["end"] <= last)


def _group(fact: str, exposure: Exposure) -> tuple[str, ...]:
    """What one answer settles: a place (or run), one stay there, one person's, or one case."""
    row = exposure.row
    place = row["place"] or ""
    whose = exposure.via or exposure.case
    if fact in _OF_THE_PLACE:
        return (fact, place)
    if fact in _OF_THE_STAY:
        return (fact, place, whose, str(row["stay_start"]))
    if fact in _OF_THE_CONTACT:
        return (fact, place, row["other"])
    return (fact, place, whose)


def _item(key: tuple[str, ...], group: _Gathered, names: Mapping[str, str]) -> ReviewItem:
    fact, place = key[0], key[1] or None
    cases = tuple(sorted(group.cases))
    return ReviewItem(
        id=_identifier(key),
        fact=str(fact),
        question=words.question(
            fact, place=place and place_label(place, names), case=", ".join(cases)
        ),
        place=place,
        start=instant(min(group.starts)),
        end=instant(max(group.ends)),
        people=tuple(sorted(group.people)),
        cases=cases,
    )


def _anchor_item(case: str, subject: str) -> ReviewItem:
    return ReviewItem(
        id=_identifier(("anchor", case)),
        fact="anchor",
        question=words.question("anchor", place=None, case=case),
        place=None,
        start=None,
        end=None,
        people=(subject,),
        cases=(case,),
    )


def _identifier(key: tuple[str, ...]) -> str:
    """The same question has the same id in every trace."""
    return "q-" + hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:10]
