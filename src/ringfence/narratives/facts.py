"""What one piece of a text says: of a vehicle and a seat, of places, acts and people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ringfence.narratives.marks import Mark
from ringfence.narratives.model import Doubt
from ringfence.narratives.pieces import Piece
from ringfence.narratives.places import Name

OWN_STRENGTH = frozenset({"foot", "bicycle", "e_bike", "motorcycle"})
"""Who moves so shares no vehicle."""


@dataclass(frozen=True)
class Aboard:
    """What carries somebody, and where they sit."""

    means: str | None = None
    service: str | None = None
    carriage: str | None = None
    row: str | None = None
    seat: str | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def carried(self) -> bool:
        return self.service is not None or (
            self.means is not None and self.means not in OWN_STRENGTH
        )

    @property
    def seated(self) -> bool:
        return any((self.carriage, self.row, self.seat, self.doubts))


_BY_THEMSELVES = frozenset({"companion"})
"""Words that say company without another word: 同行人员."""


@dataclass(frozen=True)
class Where:
    """`origin`, `to`: of a movement; `at`: where somebody is."""

    origin: Name | None = None
    to: Name | None = None
    at: tuple[Name, ...] = ()


def aboard(piece: Piece) -> Aboard:
    services = piece.marks("service")
    means = piece.marks("means")
    told = next((str(mark.means["means"]) for mark in (*services, *means)), None)
    doubts: list[Doubt] = []
    carriages = piece.marks("carriage")
    if any("unsure" in mark.parts for mark in carriages):
        doubts.append(Doubt.UNSURE_CARRIAGE)
    if piece.has("unknown_seat"):
        doubts.append(Doubt.UNSURE_SEAT)
    rows: list[str] = []
    seats: list[str] = []
    for mark in piece.marks("seat", "row", "standing"):
        _seat(mark, rows, seats)
    return Aboard(
        told,
        _service(services[0]) if services else None,
        _joined([parts for mark in carriages for parts in _numbers(mark)]),
        _joined(rows),
        _joined(seats),
        tuple(doubts),
    )


def _service(mark: Mark) -> str | None:
    line = mark.parts.get("line")
    if line is not None:
        return line
    codes = [mark.parts[name] for name in ("service", "second") if name in mark.parts]
    return "/".join(re.sub(r"\s", "", code).upper() for code in codes)


def _numbers(mark: Mark) -> list[str]:
    return [mark.parts[name] for name in ("carriage", "second") if name in mark.parts]


def _seat(mark: Mark, rows: list[str], seats: list[str]) -> None:
    parts = mark.parts
    if mark.name == "standing":
        seats.append("standing")
        return
    number = parts.get("number") or parts.get("number2")
    if number:
        seats.append(number)
        return
    row = parts.get("row") or parts.get("row3") or parts.get("row2")
    berth = parts.get("berth") or parts.get("berth2")
    letter = parts.get("seat") or parts.get("seat3")
    if row:
        rows.append(row)
    if berth:
        seats.append(f"{row}{berth}")
    elif letter:
        seats.append(f"{row}{letter.upper()}")
    if "seat2" in parts:
        second = parts.get("row2") or row
        seats.append(f"{second}{parts['seat2'].upper()}")
        if second and second != row:
            rows.append(second)


def _joined(told: list[str]) -> str | None:
    return ",".join(dict.fromkeys(told)) or None


def where(piece: Piece) -> Where:
    names = piece.names
    leaves, arrives = piece.marks("leaves"), piece.marks("arrives")
    origin = next((name for name in names if name.way == "from"), None)
    to = [name for name in names if name.way == "to"]
    stops = {"in", ""} if piece.has("service", "means") else {"in", "", "via"}
    at = [name for name in names if name.way in stops]
    changes = piece.marks("changes")
    if origin is None and at and changes and at[0].end <= changes[0].start:
        origin = at.pop(0)
    if origin is None and to and at and _boards_at(piece, at[0], to[0]):
        origin = at.pop(0)
    if origin is None and at and (leaves or (to and at[0].end < to[0].start and not at[0].way)):
        first = at[0]
        if not leaves or first.start < leaves[0].start or len(at) > 1:
            origin = at.pop(0)
    if not to and at and arrives and at[-1].start < arrives[-1].start:
        to.append(at.pop())
    return Where(origin, to[0] if to else None, (*to[1:], *at))


def _boards_at(piece: Piece, name: Name, to: Name) -> bool:
    """在甲站乘车至乙站: the vehicle stands between the two places."""
    return any(name.end <= mark.start < to.start for mark in piece.marks("service", "means"))


def companions(piece: Piece) -> tuple[str, ...]:
    told = relations(piece)
    if not piece.has("with", "together") and not set(told) & _BY_THEMSELVES:
        return ()
    return told


def relations(piece: Piece) -> tuple[str, ...]:
    """Who is named, with the case or not."""
    marks = piece.marks("relation") + piece.marks("together")
    return company(str(mark.means["relation"]) for mark in marks if mark.means)


def company(told: Iterable[str]) -> tuple[str, ...]:
    """Each once; 一起 says nothing more of whom a relation names."""
    each = dict.fromkeys(told)
    if len(each) > 1:
        each.pop("companion", None)
    return tuple(each)


def activity(piece: Piece) -> str | None:
    told = [str(mark.means["activity"]) for mark in piece.marks("activity")]
    strong = [one for one in told if one in {"wedding", "funeral"}]
    return next(iter((*strong, *told)), None)


def said(piece: Piece, name: str) -> str | None:
    """What a mark such as `masked` or `result` means."""
    key = {"masked": "mask"}.get(name, name)
    return next((str(mark.means[key]) for mark in piece.marks(name)), None)
