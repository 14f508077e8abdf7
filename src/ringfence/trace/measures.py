"""What a contact is ordered to do and when it ends: days counted from the last exposure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ringfence.protocols.model import Outcome, Protocol
from ringfence.trace.local_days import last_day
from ringfence.trace.result import OrderedMeasure


def ordered(
    protocol: Protocol, outcome: Outcome, last_exposure: datetime, zone: str
) -> tuple[OrderedMeasure, ...]:
    """The measures one after another. The day of the last exposure is day 0 of the first."""
    measures = []
    start = last_day(last_exposure, zone)
    for measure in protocol.measures.get(outcome, ()):
        until = start + timedelta(days=measure.days)
        tests = tuple(start + timedelta(days=day) for day in measure.tests)
        measures.append(OrderedMeasure(measure, start, until, tests))
        start = until
    return tuple(measures)


def release_date(measures: tuple[OrderedMeasure, ...], protocol: Protocol) -> date | None:
    """The day on which the last measure ends; None where one has no source, or there is none."""
    if not measures or not all(m.measure.source or protocol.source.issuer for m in measures):
        return None
    return measures[-1].until
