"""The infectious window of a case: from its anchors, in whole local days of the home's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence.protocols.model import Anchor, EndTerm, Protocol
from ringfence.trace.case_files import CaseFile, Moment, Symptom
from ringfence.trace.local_days import closing, day_end, day_start, last_day, local_day


@dataclass(frozen=True)
class Window:
    """[start, end) in which a case may infect. `open_ended`: it ends only where knowledge does."""

    anchor: str
    start: datetime
    end: datetime
    open_ended: bool


def window_of(file: CaseFile, protocol: Protocol, zone: str, as_of: datetime) -> Window | None:
    """The window by the first anchor that the case can use; None: no usable anchor."""
    for anchor in protocol.anchors:
        moment = file.events.get(anchor.kind)
        if moment is not None and _applies(anchor, file.symptomatic):
            return _window(anchor, moment, file, zone, as_of)
    return None


def _applies(anchor: Anchor, symptomatic: bool | None) -> bool:
    if anchor.case_class == "any" or symptomatic is None:
        return True
    return (anchor.case_class == "symptomatic") == symptomatic


def _window(anchor: Anchor, moment: Moment, file: CaseFile, zone: str, as_of: datetime) -> Window:
    day = local_day(moment.at, zone)
    start = day_start(day + timedelta(days=anchor.start_days), zone)
    ends = [_end(term, moment, file, zone) for term in anchor.ends]
    known = [end for end in ends if end is not None]
    end = min(known, default=as_of)
    return Window(anchor.kind, start, max(start, min(end, as_of)), not known or end > as_of)


def _end(term: EndTerm, anchor: Moment, file: CaseFile, zone: str) -> datetime | None:
    """One end; None: its event, or the end of the symptoms, is not known."""
    moment = anchor if term.event is None else file.events.get(term.event)
    if moment is None:
        return None
    if term.event is not None and term.offset_days is None:
        end = closing(moment.at, moment.precision, zone)
    else:
        last = local_day(moment.at, zone) + timedelta(days=term.offset_days or 0)
        end = day_end(last, zone)
    if term.symptom_free_days is None or not file.symptoms:
        return end
    free = _free_of_symptoms(file.symptoms, term.symptom_free_days, zone)
    return None if free is None else max(end, free)


def _free_of_symptoms(symptoms: tuple[Symptom, ...], days: int, zone: str) -> datetime | None:
    """When so many whole days without symptoms have passed; None: a symptom is not over."""
    ends = [symptom.end for symptom in symptoms]
    if any(end is None for end in ends):
        return None
    last = max(
        last_day(closing(end.at, end.precision, zone), zone) for end in ends if end is not None
    )
    return day_end(last + timedelta(days=days), zone)
