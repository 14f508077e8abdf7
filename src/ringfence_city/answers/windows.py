"""From when until when a case can expose others, as its protocol's anchors say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.protocols.model import Anchor, EndTerm, Protocol
from ringfence_city.answers.days import day_of, end_of, start_of
from ringfence_city.answers.facts import Case, Facts, Moment, Spell

_TELLS_OF_SYMPTOMS = ("onset", "rash", "cough")


@dataclass(frozen=True)
class Window:
    """Half-open, in seconds of UTC; empty where it would end before it starts.

    Nobody is exposed in it after the instant that is asked about.
    """

    anchor: str
    start: int
    end: int


def window_of(case: Case, protocol: Protocol, facts: Facts) -> Window | None:
    """None where the case has no event that the protocol can hang a window on."""
    symptoms = facts.symptoms.get(case.person, ())
    symptomatic = symptomatic_of(case, symptoms)
    for anchor in protocol.anchors:
        if not _fits(anchor, symptomatic):
            continue
        day = _anchor_day(anchor.kind, case, facts, symptomatic=symptomatic)
        if day is not None:
            ends = [_end(term, day, case, symptoms) for term in anchor.ends]
            end = min([facts.as_of, *(known for known in ends if known is not None)])
            start = start_of(day + anchor.start_days)
            return Window(anchor.kind, start, max(start, end))
    return None


def symptomatic_of(case: Case, symptoms: tuple[Spell, ...]) -> bool | None:
    """What was said of symptoms; where nothing was, a recorded onset or symptom tells of them."""
    if case.symptomatic is not None:
        return case.symptomatic
    told = symptoms or any(kind in case.events for kind in _TELLS_OF_SYMPTOMS)
    return True if told else None


def _fits(anchor: Anchor, symptomatic: bool | None) -> bool:
    if anchor.case_class == "any" or symptomatic is None:
        return True
    return symptomatic is (anchor.case_class == "symptomatic")


def _anchor_day(kind: str, case: Case, facts: Facts, *, symptomatic: bool | None) -> int | None:
    if kind == "sample":
        sampled = facts.positive.get(case.person)
        return None if sampled is None else day_of(sampled)
    if kind in case.events:
        return day_of(case.events[kind].second)
    symptoms = facts.symptoms.get(case.person, ())
    if kind == "onset" and symptomatic and symptoms:
        return min(day_of(spell.start.second) for spell in symptoms)
    return None


def _end(term: EndTerm, anchor_day: int, case: Case, symptoms: tuple[Spell, ...]) -> int | None:
    """The first instant after the window, or None where it is not known yet."""
    if term.event is None:
        last_day = anchor_day
    else:
        event = case.events.get(term.event)
        if event is None:
            return None
        if term.offset_days is None:
            return end_of(event.second, whole_day=event.is_day)
        last_day = day_of(event.second)
    last_day += term.offset_days or 0
    if term.symptom_free_days is not None and symptoms:
        ended = [spell.end for spell in symptoms]
        if any(end is None for end in ended):
            return None
        last_ill = max(_last_day(end) for end in ended if end is not None)
        last_day = max(last_day, last_ill + term.symptom_free_days)
    return start_of(last_day + 1)


def _last_day(end: Moment) -> int:
    """An instant is exclusive: what ends at midnight ended on the day before."""
    return day_of(end.second) if end.is_day else day_of(end.second - 1)


@dataclass(frozen=True)
class Isolations:
    """Who was set apart, and when: by being isolated as a case, or by an order."""

    spells: Mapping[int, tuple[tuple[int, int | None], ...]]

    @staticmethod
    def of(facts: Facts) -> Isolations:
        found: dict[int, tuple[tuple[int, int | None], ...]] = defaultdict(tuple)
        for person, orders in facts.isolating.items():
            found[person] += tuple((_ends(spell.start), _known(spell.end)) for spell in orders)
        for case in facts.cases:
            if "isolated" in case.events:
                begun, over = _ends(case.events["isolated"]), _known(case.events.get("released"))
                # A release before the isolation belongs to something else: this one goes on.
                found[case.person] += ((begun, None if over is None or over <= begun else over),)
        return Isolations(dict(found))

    def first_after(self, person: int, exposed: int) -> int | None:
        """When someone who was exposed at that second was set apart; what was over is past.

        A day of isolation begins with the end of that day: its contacts still count.
        """
        spells = self.spells.get(person, ())
        return min((at for at, over in spells if over is None or over > exposed), default=None)


def _ends(moment: Moment) -> int:
    return end_of(moment.second, whole_day=moment.is_day)


def _known(moment: Moment | None) -> int | None:
    return None if moment is None else _ends(moment)
