"""Words of a list of passengers, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ringfence.errors import Text
from ringfence.protocols.model import Fact, RideFact
from ringfence.rides.judging import Together
from ringfence.rides.runs import Run

DOUBTS: Mapping[str, Text] = {
    RideFact.SERVICE: Text("which run it was", "是哪个班次"),
    RideFact.CASE_SEAT: Text("the case's carriage and seat", "病例的车厢与座位"),
    RideFact.CONTACT_SEAT: Text("this person's carriage and seat", "此人的车厢与座位"),
    RideFact.CASE_RIDE: Text(
        "whether and between which stops the case rode", "病例是否乘车及乘车区间"
    ),
    RideFact.CONTACT_RIDE: Text(
        "whether and between which stops this person rode", "此人是否乘车及乘车区间"
    ),
    RideFact.TIMETABLE: Text("when the vehicle called where (timetable)", "到发时刻（时刻表）"),
    RideFact.SEALED: Text("whether windows can be opened", "车窗能否开启"),
    RideFact.HEPA: Text("whether the air is filtered", "是否有高效空气过滤"),
    RideFact.TRIP: Text("how long the case's trip was", "病例乘车时长"),
    Fact.SETTING: Text("the kind of vehicle", "交通工具种类"),
    Fact.SYMPTOMATIC: Text("whether the case had symptoms", "病例是否有症状"),
    Fact.CASE_ROLE: Text("the case's role", "病例身份"),
    Fact.CONTACT_ROLE: Text("this person's role", "此人身份"),
}
NO_CLASS = Text("not judged", "未判定")
TO_ASK = Text("to be asked", "待核实")


def doubt(fact: str) -> Text:
    return DOUBTS.get(fact, Text(fact.replace("_", " "), fact))


def day(run: Run) -> str:
    """On which it departed."""
    return "–" if run.date is None else run.date.isoformat()


def stations(run: Run, board: int | None, alight: int | None) -> str:
    return "–".join(station(run, seq) for seq in (board, alight))


def station(run: Run, seq: int | None, named: str | None = None) -> str:
    """`named`: by the record, where no timetable tells."""
    stop = run.stop(seq) if seq is not None else None
    if stop is not None:
        return stop.station
    return named or ("?" if seq is None else str(seq))


def spans(run: Run, meetings: Iterable[Together], zone: str) -> list[str]:
    """`West Lake–Pine Hill 10:15–10:49`, each once."""
    found = (
        f"{stations(run, one.board, one.alight)} {times(one, run.date, zone)}" for one in meetings
    )
    return list(dict.fromkeys(found))


def seats(meetings: Iterable[Together]) -> list[str]:
    """Those of the other, each once."""
    return list(dict.fromkeys(one.other.seat.label for one in meetings))


def times(one: Together, departed: date | None, zone: str) -> str:
    """Without the day where it is that of the run's departure."""
    if one.start is None or one.end is None:
        return "?"
    local = (datetime.fromtimestamp(at, ZoneInfo(zone)) for at in (one.start, one.end))
    return "–".join(f"{at:%H:%M}" if at.date() == departed else f"{at:%m-%d %H:%M}" for at in local)
