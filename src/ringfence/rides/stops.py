"""When a run is where: real times, planned ones moved by what is known of its delay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
_DAY = timedelta(days=1)
_GOES = {"aircraft": timedelta(days=3), "ship": timedelta(days=120)}
_GOES_ELSE = timedelta(days=14)
"""How long after its day of departure a run can still be under way: a world cruise, the longest
train with a change of cars on the way."""


@dataclass(frozen=True)
class Stop:
    """Epoch seconds; None: not known, or none at an end."""

    seq: int
    station: str
    arrive: int | None
    depart: int | None
    cancelled: bool = False


@dataclass(frozen=True)
class _Time:
    """One arrival or departure as it is told."""

    seq: int
    planned: int | None
    real: int | None


def stops_of(
    rows: Iterable[Row], kind: str | None, day: date | None, zone: str
) -> tuple[tuple[Stop, ...], int | None]:
    """The stops in their order, and the first at which the times cannot be: none of them is used
    then. What several sources tell of one stop is told together, the first that says anything.

    A planned time that lies before a real one of an earlier stop is at the earliest that one; after
    a real one of a later stop, at the latest. `zone`: of the day of departure.
    """
    of_seq: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda row: str(row["source"])):
        of_seq.setdefault(row["seq"], []).append(row)
    times = [
        _Time(seq, _first(told, name), _first(told, f"actual_{name}"))
        for seq, told in sorted(of_seq.items())
        for name in ("arrive", "depart")
    ]
    wrong = _impossible(times, kind, day, zone)
    likely = [None] * len(times) if wrong is not None else _likely(times)
    stops = tuple(
        Stop(
            seq,
            told[0]["station"],
            likely[2 * number],
            likely[2 * number + 1],
            any(row["cancelled"] for row in told),
        )
        for number, (seq, told) in enumerate(sorted(of_seq.items()))
    )
    return stops, wrong


def _first(rows: Sequence[Row], column: str) -> int | None:
    for row in rows:
        if row[column] is not None:
            at: datetime = row[column]
            return int(at.timestamp())
    return None


def _impossible(
    times: Sequence[_Time], kind: str | None, day: date | None, zone: str
) -> int | None:
    """The first stop that is reached before it can be, left before it is reached, or called at on a
    day on which the run does not go.
    """
    first, last = _days_of(kind, day, zone)
    found = []
    for told in ([one.planned for one in times], [one.real for one in times]):
        before: int | None = None
        for one, at in zip(times, told, strict=True):
            if at is None:
                continue
            if not first <= at < last or (before is not None and at < before):
                found.append(one.seq)
                break
            before = at
    return min(found, default=None)


def _days_of(kind: str | None, day: date | None, zone: str) -> tuple[float, float]:
    if day is None:
        return float("-inf"), float("inf")
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    most = _GOES.get(kind or "", _GOES_ELSE)
    return (midnight - _DAY).timestamp(), (midnight + most).timestamp()


def _likely(times: Sequence[_Time]) -> list[int | None]:
    found: list[int | None] = []
    late: int | None = None
    for one in times:
        at = one.planned if one.real is None else one.real
        if at is not None and one.real is None and late is not None:
            at = max(at, late)
        late = one.real if one.real is not None else late
        found.append(at)
    early: int | None = None
    for number in range(len(times) - 1, -1, -1):
        real, at = times[number].real, found[number]
        if at is not None and real is None and early is not None:
            found[number] = min(at, early)
        early = real if real is not None else early
    return found
