"""A run of a train with its passengers, delivered as canonical files to a small home."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .small_home import SmallHome

CASE = (
    "case,subject,disease,classification,symptomatic\nR1,case,covid-19,confirmed,yes\n",
    "case,kind,at\nR1,onset,2022-07-05\nR1,report,2022-07-08\n",
)
LATER = "2022-07-10T12:00:00+08:00"
DAY = "2022-07-05"
SERVICE = "service,kind,date,numbers,layout,sealed,hepa\n"
STOP = "service,seq,station,arrive,depart\n"
RIDE = "subject,service,board_seq,alight_seq,from,to,carriage,row,seat,zone,role,status\n"
ROWS = """\
format: 1
id: rows
version: 1
title: {en: rows, zh: 排}
disease: covid-19
jurisdiction: CN
valid: [2020-01-01, null]
source: {note: of a test}
anchors:
  - {kind: onset, start: -2d, end: {event: isolated}}
rules:
"""


def at(clock: str, day: str = DAY) -> str:
    return f"{day}T{clock}+08:00" if clock else ""


def given(home: SmallHome, **tables: str) -> None:
    """Each table is taken whole."""
    case, events = CASE
    for table, text in {"case": case, "case_event": events, **tables}.items():
        answer = home.deliver(table, text, clock=LATER)
        assert answer.code == 0, answer.err
        assert answer.json()["quarantined"] == 0, table


def ride(subject: str, seat: str = "", *, stops: str = "1-4", **more: str) -> str:
    """`seat`: `8/12F`, or `8/` for a carriage alone."""
    board, alight = stops.split("-")
    carriage, _, place = seat.partition("/")
    row, letter = (place[:-1], place[-1]) if place else ("", "")
    if place.isdecimal():
        row, letter = "", place
    told = (
        subject,
        more.get("service", "S"),
        board if board.isdecimal() else "",
        alight if alight.isdecimal() else "",
        more.get("start", ""),
        more.get("end", ""),
        carriage,
        more.get("row", row),
        more.get("place", letter),
        more.get("zone", ""),
        more.get("role", ""),
        more.get("status", "boarded"),
    )
    return ",".join(told) + "\n"


def train(layout: str = "high-speed-second", sealed: str = "yes", **more: str) -> dict[str, str]:
    """S: four stops, 10:00, 11:00–11:05, 12:00–12:10, 13:00."""
    kind, numbers = more.get("kind", "train"), more.get("numbers", "D1;D4")
    calls = [("", "10:00"), ("11:00", "11:05"), ("12:00", "12:10"), ("13:00", "")]
    stops = "".join(
        f"S,{seq},station {seq},{at(arrive)},{at(depart)}\n"
        for seq, (arrive, depart) in enumerate(calls, 1)
    )
    hepa = more.get("hepa", "")
    return {
        "service": f"{SERVICE}S,{kind},{DAY},{numbers},{layout},{sealed},{hepa}\n",
        "stop": STOP + stops,
    }


def rides(*lines: str) -> dict[str, str]:
    return {"ride": RIDE + "".join(lines)}


def asked(home: SmallHome, *words: str, number: str = "D1") -> dict[str, Any]:
    answer = home.run("passengers", number, DAY, "--case", "R1", "--json", *words, clock=LATER)
    assert answer.code == 0, answer.err
    told: dict[str, Any] = answer.json()
    return told


def classes(told: dict[str, Any]) -> dict[str, str | None]:
    return {one["person"]: one["class"] for one in told["passengers"]}


def opened(told: dict[str, Any], *people: str) -> list[list[str]]:
    found = {one["person"]: one["open"] for one in told["passengers"]}
    return [found[person] for person in people]


def by_rules(home: SmallHome, rules: Iterable[str]) -> str:
    """A protocol of these rules, as a file of the home's owner."""
    path = home.folder.parent / "rules.yaml"
    path.write_text(ROWS + "".join(f"  - {rule}\n" for rule in rules), encoding="utf-8")
    return str(path)
