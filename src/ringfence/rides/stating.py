"""Where the case sat and rode as somebody says now, instead of what records tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringfence.errors import Text, UsageError
from ringfence.rides.layouts import Layout
from ringfence.rides.legs import Leg, timed
from ringfence.rides.runs import Run
from ringfence.rides.spots import Seat, spot_of
from ringfence.sources.normalise import split_seat
from ringfence.sources.reasons import RefusedError

_BY_WORD = "stated"
"""In place of a batch: no record says so."""
_BOARDING = Text("the stop of boarding (from)", "上车站（from）")
_LEAVING = Text("the stop of leaving (to)", "下车站（to）")


@dataclass(frozen=True)
class Stated:
    """It is kept nowhere. `board`, `alight`: stations, or numbers of stops."""

    carriage: str | None = None
    row: str | None = None
    seat: str | None = None
    board: str | None = None
    alight: str | None = None

    @property
    def nothing(self) -> bool:
        return self == Stated()


def read_stated(
    *, carriage: str | None, seat: str | None, board: str | None, alight: str | None
) -> Stated:
    """As somebody typed it. UsageError: this is no seat."""
    try:
        read = split_seat(seat or None)
    except RefusedError as refused:
        raise UsageError(
            f"where the case sat (seat): {refused.reason.en}",
            f"病例座位（seat）：{refused.reason.zh}",
        ) from None
    return Stated(carriage or read.carriage, read.row, read.seat, board or None, alight or None)


def stated_leg(
    person: str, run: Run, layout: Layout | None, stated: Stated, told: Sequence[Leg]
) -> Leg:
    """What is not stated is as the first record tells. UsageError: it names no stop of the run."""
    first = told[0] if told else None
    seat = _seat(stated, first)
    board, alight = (first.board, first.alight) if first is not None else (None, None)
    if stated.board is not None:
        board = _seq(run, stated.board, _BOARDING)
    if stated.alight is not None:
        alight = _seq(run, stated.alight, _LEAVING)
    if board is not None and alight is not None and alight <= board:
        raise UsageError(
            f"{_LEAVING.en} lies before {_BOARDING.en} on this run",
            f"{_LEAVING.zh}在此班次上位于{_BOARDING.zh}之前",
        )
    leg = Leg(
        person=person,
        board=board,
        alight=alight,
        start=None,
        end=None,
        seat=seat,
        spot=spot_of(seat, run.kind, layout),
        crew=first is not None and first.crew,
        aboard=True,
        certainty="recorded",
        batch=_BY_WORD if first is None else first.batch,
        row=0 if first is None else first.row,
    )
    return timed(run, leg)


def _seat(stated: Stated, first: Leg | None) -> Seat:
    before = Seat() if first is None else first.seat
    if stated.seat is None:
        return replace(before, carriage=stated.carriage or before.carriage)
    return Seat(stated.carriage or before.carriage, stated.row, stated.seat, before.zone)


def _seq(run: Run, station: str, which: Text) -> int:
    found = run.seq_of(station)
    if found is None and station.isascii() and station.isdecimal() and run.stop(int(station)):
        found = int(station)
    if found is None:
        names = ", ".join(f"{one.seq} {one.station}" for one in run.stops) or "–"
        raise UsageError(
            f"{which.en} names no stop of this run, or one where it calls twice; write the number"
            f" of one of: {names}",
            f"{which.zh}不是此班次的停站，或该站停靠不止一次；请填写站序：{names}",
        )
    return found
