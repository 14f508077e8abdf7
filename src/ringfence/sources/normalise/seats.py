"""Seats as tickets write them: `08车012F号`, `12车12F`, `无座`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import is_blank, tidy
from ringfence.sources.reasons import RefusedError

_SEAT = re.compile(
    r"(?:(?P<carriage>加?\d{1,3})\s*(?:车厢?|号车厢?|[-/,]))?\s*0*(?P<row>\d{1,3})\s*(?:排)?\s*"
    r"(?P<seat>[A-HJ-Z]|[上中下]铺?)?\s*(?:号|座|席)*(?P<berth>[上中下]铺?)?",
    re.ASCII,
)
_STANDING = re.compile(
    r"(?:(?P<carriage>加?\d{1,3})\s*(?:号?车厢?|[-/,])\s*)?(?:无座|站票)", re.ASCII
)


@dataclass(frozen=True)
class Seat:
    """Carriage, row and seat without leading zeros; None where the ticket names none."""

    carriage: str | None = None
    row: str | None = None
    seat: str | None = None


def split_seat(text: str | None) -> Seat:
    """The parts of a seat; raises RefusedError. Without a letter the number is the seat itself.

    `08车012F号` is row 12, seat F. `03车045号` has seat 45 and no row: old carriages count seats.
    `05车11号下铺` is berth 下 of 11. Standing passengers have a carriage at most.
    """
    bare = "" if text is None else tidy(text).upper()
    if is_blank(bare):
        return Seat()
    standing = _STANDING.fullmatch(bare)
    if standing:
        return Seat(carriage=_bare(standing["carriage"]))
    found = _SEAT.fullmatch(bare)
    if found is None:
        raise RefusedError(wording.SEAT)
    number = _bare(found["row"])
    letter = found["seat"] or found["berth"]
    if letter is None:
        return Seat(_bare(found["carriage"]), None, number)
    return Seat(_bare(found["carriage"]), number, letter.removesuffix("铺"))


def _bare(number: str | None) -> str | None:
    if number is None:
        return None
    extra = "加" if number.startswith("加") else ""
    return extra + (number.lstrip("加0") or "0")
