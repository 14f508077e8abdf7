"""A train over the nine stations from Wuhan to Wuxi, its passengers known by seat and stop.

Its timetable is that of a real D3044; which train the published screening was about is not told.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from .riding import DAY, asked, at, by_rules, given, ride, rides
from .small_home import SmallHome

STOPS = Path(__file__).parents[2] / ".." / "shared" / "data" / "cn_rail_sample" / "train_stops.csv"
ROWS = "{id: rows, class: close, priority: 3, setting: train, seat: {rows: 3}}"
CARRIAGES, LAST_ROW, LETTERS = range(1, 9), 17, "ABCDF"
WUHAN, NANJING_SOUTH, WUXI = 1, 5, 9


@dataclass(frozen=True)
class Sat:
    """The truth of one person in one seat, [board, alight) by stop."""

    who: str
    carriage: int
    row: int
    letter: str
    board: int
    alight: int
    status: str = "boarded"

    @property
    def line(self) -> str:
        seat = f"{self.carriage}/{self.row}{self.letter}"
        stops = f"{self.board}-{self.alight}"
        return ride(self.who, seat, stops=stops, status=self.status, service="train-D3044-" + DAY)


def timetable(*trains: str) -> dict[str, str]:
    if not STOPS.exists():
        pytest.skip("the sample of timetables (shared/data/cn_rail_sample) is not there")
    service = "service,kind,date,numbers,layout,sealed\n"
    stop = "service,seq,station,arrive,depart\n"
    numbers = {"D3044": "D3041;D3044", "D3025": "D3025;D3028", "G3119": "G3119;G3122"}
    with STOPS.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["train"] in trains]
    for train in trains:
        service += f"train-{train}-{DAY},train,{DAY},{numbers[train]},high-speed-second,yes\n"
    for row in rows:
        stop += f"train-{row['train']}-{DAY},{row['seq']},{row['station']},"
        stop += f"{at(row['arrive'])},{at(row['depart'])}\n"
    return {"service": service, "stop": stop}


def filled(chance: random.Random) -> list[Sat]:
    """Each seat is sold to one after the other; some move, some never come."""
    found: list[Sat] = []
    for carriage in CARRIAGES:
        for row in range(1, LAST_ROW + 1):
            for letter in LETTERS:
                stop = chance.randint(WUHAN, 4)
                while stop < WUXI and chance.random() < 0.8:
                    alight = chance.randint(stop + 1, WUXI)
                    status = "no_show" if chance.random() < 0.04 else "boarded"
                    who = f"t{len(found)}"
                    found.append(Sat(who, carriage, row, letter, stop, alight, status))
                    stop = alight
    case = Sat("case", 5, 9, "F", WUHAN, NANJING_SOUTH)
    free = [sat for sat in found if (sat.carriage, sat.row, sat.letter) != (5, 9, "F")]
    return [case, *_swapped(free, chance)]


def _swapped(found: list[Sat], chance: random.Random) -> list[Sat]:
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


def truly_near(sats: list[Sat], case: Sat) -> dict[str, set[tuple[int, int]]]:
    """Who sat within three rows of the case, and between which stops: by trying everybody."""
    near: dict[str, set[tuple[int, int]]] = {}
    for sat in sats:
        here = sat.carriage == case.carriage and abs(sat.row - case.row) <= 3
        board, alight = max(sat.board, case.board), min(sat.alight, case.alight)
        if sat.who != case.who and sat.status == "boarded" and here and board < alight:
            near.setdefault(sat.who, set()).add((board, alight))
    return near


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_exactly_those_within_three_rows_by_stop_and_leg(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    home = SmallHome(tmp_path, capsys)
    sats = filled(random.Random(seed))
    case, *others = sats
    given(home, **timetable("D3044"), **rides(*(sat.line for sat in sats)))
    told = asked(home, "--protocol", by_rules(home, [ROWS]), number="D3041")
    found = {
        one["person"]: {(met["board_seq"], met["alight_seq"]) for met in one["together"]}
        for one in told["passengers"]
    }
    assert found == truly_near(others, case)
    assert len(found) > 30
    assert all(one["class"] == "close" and one["open"] == [] for one in told["passengers"])
    assert (told["case_legs"][0]["from"], told["case_legs"][0]["to"]) == ("武汉", "南京南")


def test_the_case_came_from_one_train_and_changed_to_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """D3025 from Hankou to Hefei South, D3044 from there to Nanjing South, G3119 to Wuxi."""
    home = SmallHome(tmp_path, capsys)
    people = [
        ride("case", "2/3A", stops="1-5", service=f"train-D3025-{DAY}"),
        ride("one", "2/5C", stops="1-12", service=f"train-D3025-{DAY}"),
        ride("case", "5/9F", stops="4-5", service=f"train-D3044-{DAY}"),
        ride("two", "5/12A", stops="2-9", service=f"train-D3041-{DAY}"),
        ride("gone", "5/9D", stops="1-4", service=f"train-D3044-{DAY}"),
        ride("case", "1/1A", stops="12-14", service=f"train-G3119-{DAY}"),
        ride("three", "1/2F", stops="1-13", service=f"train-G3122-{DAY}"),
    ]
    given(home, **timetable("D3025", "D3044", "G3119"), **rides(*people))
    told = asked(home, "--protocol", by_rules(home, [ROWS]), number="D3025")
    way = []
    while told:
        way.append((told["numbers"][0], [one["person"] for one in told["passengers"]]))
        told = told["onward"]
    assert way == [("D3025", ["one"]), ("D3041", ["two"]), ("G3119", ["three"])]
