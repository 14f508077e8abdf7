"""Three trains and everybody aboard, seat by seat and stop by stop, and a case that changes twice.

The trains are invented, or those of a folder with a real timetable. Seats are sold again where
somebody leaves; some ticket holders never come, and some pairs change seats on the way.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

DAY = date(2022, 7, 5)
SUBJECT, CASE = "case", "R1"
CARRIAGES, LAST_ROW, LETTERS = range(1, 9), 17, "ABCDF"
ROWS_NEAR = 3
_ZONE = "+08:00"


@dataclass(frozen=True)
class Call:
    """`arrive`, `depart`: `HH:MM`; empty at an end."""

    station: str
    arrive: str
    depart: str


@dataclass(frozen=True)
class Train:
    """`numbers`: one run under each of them."""

    numbers: tuple[str, ...]
    calls: tuple[Call, ...]

    @property
    def key(self) -> str:
        return f"train-{self.numbers[0]}-{DAY}"


@dataclass(frozen=True)
class Sat:
    """One person in one seat, [board, alight) by stop, from 1."""

    who: str
    carriage: int
    row: int
    letter: str
    board: int
    alight: int
    status: str = "boarded"


@dataclass(frozen=True)
class Journey:
    """`aboard`: of each train everybody, the case first."""

    trains: tuple[Train, ...]
    aboard: tuple[tuple[Sat, ...], ...]


_OWN = (
    (("D901", "D904"), "07:38 枫桥北|08:09 石潭|08:30 白鹭湖|09:20 青岭|09:48 云汀南"),
    (
        ("D907", "D910"),
        "10:15 江口|10:55 松坪北|11:50 青岭|12:20 云汀南|13:21 临江南|13:53 桃渡|14:12 丹溪|"
        "14:33 双塔|14:50 湖东",
    ),
    (("G931", "G934"), "13:02 铜鼓|13:40 银湾|14:13 临江南|15:01 双塔|15:18 湖东"),
)
_STOPPING = 5
_REAL = (("D3025", "D3028"), ("D3041", "D3044"), ("G3119", "G3122"))
_REAL_NAMES = ("D3025", "D3044", "G3119")
_CASE_RODE = ((1, 5), (4, 5), (3, 5))
_CASE_RODE_REALLY = ((1, 5), (4, 5), (12, 14))


def own_trains() -> tuple[Train, ...]:
    return tuple(Train(numbers, tuple(_own_calls(line))) for numbers, line in _OWN)


def _own_calls(line: str) -> Iterator[Call]:
    told = [stop.split(" ") for stop in line.split("|")]
    for at, (clock, station) in enumerate(told):
        hour, minute = map(int, clock.split(":"))
        gone = hour * 60 + minute + _STOPPING
        depart = clock if at == 0 else f"{gone // 60:02}:{gone % 60:02}"
        yield Call(station, clock if at else "", "" if at == len(told) - 1 else depart)


def real_trains(stops: Path) -> tuple[Train, ...]:
    """D3025, D3044 and G3119 as a table of stops (train, seq, station, arrive, depart) has them."""
    with stops.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    found = []
    for name, numbers in zip(_REAL_NAMES, _REAL, strict=True):
        calls = [row for row in rows if row["train"] == name]
        found.append(
            Train(
                numbers,
                tuple(Call(row["station"], row["arrive"], row["depart"]) for row in calls),
            )
        )
    return tuple(found)


def journey(seed: int, stops: Path | None = None) -> Journey:
    """`stops`: a real timetable; None: invented trains."""
    chance = random.Random(seed)  # noqa: S311
    trains = own_trains() if stops is None else real_trains(stops)
    rode = _CASE_RODE if stops is None else _CASE_RODE_REALLY
    aboard = []
    for number, (train, (board, alight)) in enumerate(zip(trains, rode, strict=True)):
        case = Sat(SUBJECT, 5, 9, "F", board, alight)
        aboard.append((case, *_filled(train, case, number, chance)))
    return Journey(trains, tuple(aboard))


def _filled(train: Train, case: Sat, number: int, chance: random.Random) -> list[Sat]:
    """Each seat is sold to one after the other; the case's is its own while it is aboard."""
    last = len(train.calls)
    found: list[Sat] = []
    for carriage in CARRIAGES:
        for row in range(1, LAST_ROW + 1):
            for letter in LETTERS:
                stop = chance.randint(1, max(1, last // 2))
                while stop < last and chance.random() < 0.8:
                    alight = chance.randint(stop + 1, last)
                    status = "no_show" if chance.random() < 0.04 else "boarded"
                    who = f"t{number}-{len(found)}"
                    sat = Sat(who, carriage, row, letter, stop, alight, status)
                    if not _same_seat(sat, case) or not _meet(sat, case):
                        found.append(sat)
                    stop = alight
    return _swapped(found, chance)


def _same_seat(one: Sat, other: Sat) -> bool:
    return (one.carriage, one.row, one.letter) == (other.carriage, other.row, other.letter)


def _meet(one: Sat, other: Sat) -> bool:
    return one.board < other.alight and other.board < one.alight


def _swapped(found: Sequence[Sat], chance: random.Random) -> list[Sat]:
    """Pairs who ride over the same stops change seats half way: both tell so afterwards."""
    of_span: dict[tuple[int, int], list[Sat]] = {}
    for sat in found:
        if sat.status == "boarded" and sat.alight - sat.board >= 2:
            of_span.setdefault((sat.board, sat.alight), []).append(sat)
    moved: dict[Sat, list[Sat]] = {}
    for (board, alight), sats in of_span.items():
        chance.shuffle(sats)
        for one, other in list(zip(sats[::2], sats[1::2], strict=False))[:6]:
            middle = (board + alight) // 2
            for mine, theirs in ((one, other), (other, one)):
                rest = replace(theirs, who=mine.who, board=middle)
                moved[mine] = [replace(mine, alight=middle), rest]
    return [leg for sat in found for leg in moved.get(sat, [sat])]


def truly_near(aboard: Sequence[Sat]) -> dict[str, set[tuple[int, int]]]:
    """Who sat within three rows of the case, and between which stops: by trying everybody."""
    case, *others = aboard
    near: dict[str, set[tuple[int, int]]] = {}
    for sat in others:
        here = sat.carriage == case.carriage and abs(sat.row - case.row) <= ROWS_NEAR
        if sat.status == "boarded" and here and _meet(sat, case):
            span = (max(sat.board, case.board), min(sat.alight, case.alight))
            near.setdefault(sat.who, set()).add(span)
    return near


def tables(told: Journey) -> Mapping[str, str]:
    """Canonical files, by table."""
    service = "service,kind,date,numbers,layout,sealed\n"
    stop = "service,seq,station,arrive,depart\n"
    ride = "subject,service,board_seq,alight_seq,carriage,row,seat,status\n"
    for train, aboard in zip(told.trains, told.aboard, strict=True):
        numbers = ";".join(train.numbers)
        service += f"{train.key},train,{DAY},{numbers},high-speed-second,yes\n"
        for seq, call in enumerate(train.calls, 1):
            stop += f"{train.key},{seq},{call.station},{_at(call.arrive)},{_at(call.depart)}\n"
        for sat in aboard:
            ride += f"{sat.who},{train.key},{sat.board},{sat.alight},"
            ride += f"{sat.carriage},{sat.row},{sat.letter},{sat.status}\n"
    return {
        "service": service,
        "stop": stop,
        "ride": ride,
        "case": (
            "case,subject,disease,classification,symptomatic\n"
            f"{CASE},{SUBJECT},covid-19,confirmed,yes\n"
        ),
        "case_event": f"case,kind,at\n{CASE},onset,{DAY}\n{CASE},report,{DAY}\n",
    }


def _at(clock: str) -> str:
    return f"{DAY}T{clock}{_ZONE}" if clock else ""
