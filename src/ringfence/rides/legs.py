"""Rides as records tell them: who, from which stop to which, in which seat, aboard or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from ringfence.rides.layouts import Layout
from ringfence.rides.runs import Run
from ringfence.rides.spots import Seat, Spot, spot_of

Row = Mapping[str, Any]
_CREW = frozenset({"crew", "driver"})
NOT_ABOARD = frozenset({"no_show", "refunded"})


@dataclass(frozen=True)
class Leg:
    """One ride row. `board`, `alight`: stops, None where not known. `start`, `end`: epoch seconds.
    `aboard`: whether they really travelled, None where only a ticket says so although others were
    seen boarding, or where sources contradict each other. `certainty`: recorded; declared, by
    their own word; assumed, where a ticket is all there is.
    """

    person: str
    board: int | None
    alight: int | None
    start: int | None
    end: int | None
    seat: Seat
    spot: Spot
    crew: bool
    aboard: bool | None
    certainty: str
    batch: str
    row: int

    @property
    def assumed(self) -> bool:
        return self.certainty == "assumed"

    @property
    def timed(self) -> bool:
        return self.start is not None and self.end is not None


def legs_of(run: Run, rows: Iterable[Row], layout: Layout | None) -> list[Leg]:
    """Legs of all who may have been aboard; whoever is known not to have been is left out."""
    told = list(rows)
    seen_boarding = any(row["status"] == "boarded" for row in told)
    of_person: defaultdict[str, set[str | None]] = defaultdict(set)
    for row in told:
        of_person[row["subject"]].add(row["status"])
    found = []
    for row in told:
        statuses = of_person[row["subject"]]
        aboard = _aboard(row["status"], statuses, seen_boarding=seen_boarding)
        if aboard is not False:
            grade = grade_of(row["status"], statuses)
            found.append(leg_told(run, row, layout, aboard=aboard, certainty=grade))
    return found


def _aboard(status: str | None, statuses: set[str | None], *, seen_boarding: bool) -> bool | None:
    """By what all rows of this person on this run say."""
    if "boarded" in statuses:
        return None if statuses & NOT_ABOARD else status not in NOT_ABOARD
    if statuses & NOT_ABOARD:
        return False if status in NOT_ABOARD or statuses == {status} else None
    if status == "ticketed" and seen_boarding and "declared" not in statuses:
        return None
    return True


def grade_of(status: str | None, statuses: Set[str | None]) -> str:
    """The evidence grade of a row of this status, beside all rows of this person on this run."""
    if status == "boarded" or (status == "ticketed" and "boarded" in statuses):
        return "recorded"
    if "declared" in statuses and status in {"ticketed", "declared"}:
        return "declared"
    return "assumed" if status == "ticketed" else "recorded"


def leg_told(
    run: Run, row: Row, layout: Layout | None, *, aboard: bool | None, certainty: str
) -> Leg:
    """The leg of one row, whatever other rows say of it."""
    board = row["board_seq"] if row["board_seq"] is not None else run.seq_of(row["from"])
    alight = row["alight_seq"] if row["alight_seq"] is not None else run.seq_of(row["to"])
    if board is not None and alight is not None and alight <= board:
        board = alight = None  # somebody who leaves before boarding: where they rode is not known
    seat = Seat(row["carriage"], row["row"], row["seat"], row["zone"])
    return timed(
        run,
        Leg(
            person=row["subject"],
            board=board,
            alight=alight,
            start=None,
            end=None,
            seat=seat,
            spot=spot_of(seat, run.kind, layout),
            crew=row["role"] in _CREW,
            aboard=aboard,
            certainty=certainty,
            batch=row["batch"],
            row=row["source_row"],
        ),
    )


def timed(run: Run, leg: Leg) -> Leg:
    """With the times of its stops; a stop that was cancelled is left and reached by nobody."""
    on = run.stop(leg.board) if leg.board is not None else None
    off = run.stop(leg.alight) if leg.alight is not None else None
    start = on.depart if on is not None and not on.cancelled else None
    end = off.arrive if off is not None and not off.cancelled else None
    if start is not None and end is not None and start >= end:
        start = end = None
    return replace(leg, start=start, end=end)
