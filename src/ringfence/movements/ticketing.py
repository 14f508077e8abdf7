"""What rows of one ride contradict each other in: whether it was taken, in which seat, when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ringfence.engines.question import Engine
from ringfence.movements.model import THESE, THOSE, Conflict, ConflictKind, Reason, Told
from ringfence.movements.reading import Ridden
from ringfence.rides.legs import NOT_ABOARD
from ringfence.trace.seeds import seconds

LEAST_DELAY = 10 * 60

Row = Mapping[str, Any]


def ride_conflicts(engine: Engine, rides: Sequence[Ridden]) -> list[Conflict]:
    of_run: defaultdict[str, list[Ridden]] = defaultdict(list)
    for one in rides:
        of_run[one.run.keys[0]].append(one)
    found: list[Conflict] = []
    for some in of_run.values():
        found += _not_taken(some)
        found += _seats([one for one in some if one.status not in NOT_ABOARD])
    return [*found, *_delays(engine, rides)]


def _not_taken(some: Sequence[Ridden]) -> Iterator[Conflict]:
    """One source says that they were not aboard, another one that they were, or had a ticket."""
    left = tuple(one.told for one in some if one.status in NOT_ABOARD)
    boarded = tuple(one.told for one in some if one.status == "boarded")
    tickets = tuple(one.told for one in some if one.status not in {*NOT_ABOARD, "boarded"})
    if left and boarded:
        yield Conflict(ConflictKind.TICKET, boarded, left, None)
    elif left and tickets:
        reasons = (Reason.TICKET_IS_NO_BOARDING,)
        yield Conflict(ConflictKind.TICKET, tickets, left, THOSE, reasons)


def _seats(some: Sequence[Ridden]) -> Iterator[Conflict]:
    """Two seats at one time: who was seen in a seat sat there."""
    seated = [one for one in some if one.told.detail is not None and one.leg.seat.named]
    for at, one in enumerate(seated):
        for other in seated[at + 1 :]:
            if one.told.detail != other.told.detail and _overlap(one, other):
                surer = {one.status == "boarded": one, other.status == "boarded": other}
                if len(surer) == 1:
                    yield Conflict(ConflictKind.SEAT, (one.told,), (other.told,), None)
                else:
                    yield Conflict(
                        ConflictKind.SEAT,
                        (surer[True].told,),
                        (surer[False].told,),
                        THESE,
                        (Reason.BOARDED_SEAT,),
                    )


def _overlap(one: Ridden, other: Ridden) -> bool:
    if not one.timed or not other.timed:
        return True
    return one.told.start < other.told.end and other.told.start < one.told.end


def _delays(engine: Engine, rides: Iterable[Ridden]) -> Iterator[Conflict]:
    """Stops of boarding and leaving at which the vehicle called later, or sooner, than planned."""
    aboard = [one for one in rides if one.status not in NOT_ABOARD]
    keys = sorted({key for one in aboard for key in one.run.keys})
    stops: defaultdict[str, list[Row]] = defaultdict(list)
    if keys:
        for row in engine.rows("stop", "service", keys).to_pylist():
            stops[row["service"]].append(row)
    done: set[tuple[str, int]] = set()
    for one in aboard:
        rows = [row for key in one.run.keys for row in stops[key]]
        for seq, names in (
            (one.leg.board, ("depart", "actual_depart")),
            (one.leg.alight, ("arrive", "actual_arrive")),
        ):
            if seq is None or (one.run.keys[0], seq) in done:
                continue
            found = _delay(one, [row for row in rows if row["seq"] == seq], *names)
            if found is not None:
                done.add((one.run.keys[0], seq))
                yield found


def _delay(one: Ridden, rows: Iterable[Row], plan: str, real: str) -> Conflict | None:
    planned = next((row for row in rows if row[plan] is not None), None)
    called = next((row for row in rows if row[real] is not None), None)
    if planned is None or called is None:
        return None
    late = seconds(called[real]) - seconds(planned[plan])
    if abs(late) < LEAST_DELAY:
        return None
    these = _stop(one, planned, planned[plan], plan)
    those = _stop(one, called, called[real], real)
    reasons = (Reason.REAL_TIMES,)
    return Conflict(ConflictKind.DELAY, (these,), (those,), THOSE, reasons, late / 60)


def _stop(one: Ridden, row: Row, at: datetime, kind: str) -> Told:
    second = seconds(at)
    return Told(
        "stop",
        row["source"],
        one.told.where,
        second,
        second,
        "recorded",
        row["batch"],
        row["source_row"],
        kind,
        row["station"],
    )
