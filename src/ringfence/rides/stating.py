"""Where the case sat and rode as somebody says now, instead of what records tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringfence.errors import UsageError
from ringfence.rides.layouts import Layout
from ringfence.rides.legs import Leg, timed
from ringfence.rides.runs import Run
from ringfence.rides.spots import Seat, spot_of

_BY_WORD = "stated"
"""In place of a batch: no record says so."""


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


def stated_leg(
    person: str, run: Run, layout: Layout | None, stated: Stated, told: Sequence[Leg]
) -> Leg:
    """What is not stated is as the first record tells. UsageError: it names no stop of the run."""
    first = told[0] if told else None
    seat = _seat(stated, first)
    board, alight = (first.board, first.alight) if first is not None else (None, None)
    if stated.board is not None:
        board = _seq(run, stated.board, "--from")
    if stated.alight is not None:
        alight = _seq(run, stated.alight, "--to")
    if board is not None and alight is not None and alight <= board:
        raise UsageError("--to lies before --from on this run", "--to 在此班次上位于 --from 之前")
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
        assumed=False,
        batch=_BY_WORD if first is None else first.batch,
        row=0 if first is None else first.row,
    )
    return timed(run, leg)


def _seat(stated: Stated, first: Leg | None) -> Seat:
    before = Seat() if first is None else first.seat
    if stated.seat is None:
        return replace(before, carriage=stated.carriage or before.carriage)
    return Seat(stated.carriage or before.carriage, stated.row, stated.seat, before.zone)


def _seq(run: Run, station: str, option: str) -> int:
    found = run.seq_of(station)
    if found is None and station.isascii() and station.isdecimal() and run.stop(int(station)):
        found = int(station)
    if found is None:
        names = ", ".join(f"{one.seq} {one.station}" for one in run.stops) or "–"
        raise UsageError(
            f"{option} names no stop of this run, or one where it calls twice; write the number of"
            f" one of: {names}",
            f"{option} 不是此班次的停站，或该站停靠不止一次；请填写站序：{names}",
        )
    return found
