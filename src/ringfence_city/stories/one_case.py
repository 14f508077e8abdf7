"""446 records of one case from eleven channels, with what is wrong in them: the truth beside."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path

from ringfence_city.stories import network
from ringfence_city.stories.days import (
    CASE,
    DAYS,
    FIRST,
    JOURNEY,
    SPOTS,
    SUBJECT,
    Stay,
    at,
    lived,
)

RECORDS = 446
LETTER = "Letter 17 of 2022"
"""By which the network was asked about the case."""
Row = dict[str, str]
GYM_AHEAD = timedelta(minutes=37)
PARCELS_AHEAD = timedelta(hours=-8)
TRAINS = {"G7001": ("station", "far-station"), "G7002": ("far-station", "station")}
COLUMNS: Mapping[str, Sequence[str]] = {
    "presence": ("subject", "place", "start", "end", "certainty"),
    "event": ("subject", "place", "at", "kind"),
    "ride": ("subject", "service", "board_seq", "alight_seq", "carriage", "row", "seat", "status"),
    "occupancy": ("vehicle", "subject", "start", "end"),
    "sighting": ("vehicle", "place", "at"),
    "fix": ("case", "basis", "at", "lat", "lon", "accuracy_m"),
}


@dataclass(frozen=True)
class Wrong:
    """Something wrong in the records: the kind of conflict that it should be found as, and where
    and when."""

    kind: str
    where: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Story:
    """`records`: (channel, table) → rows."""

    lived: tuple[Stay, ...]
    wrong: tuple[Wrong, ...]
    records: Mapping[tuple[str, str], Sequence[Row]]

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.records.values())


def story(seed: int) -> Story:
    chance = random.Random(seed)  # noqa: S311
    days = lived(chance)
    told = _Channels()
    for stay in days:
        _observed(stay, told, chance)
    for before, after in pairwise(days):
        _commuted(before, after, told)
    _interview(days, told, chance)
    wrong = [*_gone_wrong(days, told, chance), _positions(days, told, chance)]
    _filled(days, told, chance)
    return Story(tuple(days), tuple(wrong), told.rows)


class _Channels:
    """Rows as they are written, each row once a channel."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[Row]] = {}
        self.count = 0

    def add(self, channel: str, table: str, **row: str) -> None:
        rows = self.rows.setdefault((channel, table), [])
        if row not in rows:
            rows.append(row)
            self.count += 1

    def event(self, channel: str, kind: str, place: str, moment: datetime) -> None:
        self.add(channel, "event", subject=SUBJECT, place=place, at=_iso(moment), kind=kind)

    def stay(self, channel: str, stay: Stay, certainty: str = "recorded") -> None:
        self.add(
            channel,
            "presence",
            subject=SUBJECT,
            place=stay.where,
            start=_iso(stay.start),
            end=_iso(stay.end),
            certainty=certainty,
        )


def _iso(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _within(stay: Stay, chance: random.Random) -> datetime:
    share = chance.uniform(0.1, 0.9)
    return stay.start + (stay.end - stay.start) * share


def _observed(stay: Stay, told: _Channels, chance: random.Random) -> None:
    """What channels see of a stay, each with its share of misses."""
    near = timedelta(minutes=chance.uniform(0, 3))
    if stay.where in TRAINS:
        told.add(
            "railway", "ride", subject=SUBJECT, service=_service(stay), board_seq="1",
            alight_seq="2", carriage="4", row="9", seat="D", status="boarded",
        )  # fmt: skip
        return
    kind = SPOTS[stay.where].kind
    if stay.where == "home":
        told.event("venue_scans", "scan", "gate", stay.end + timedelta(minutes=4))
        if stay.start > at(0, "1:00"):
            told.event("venue_scans", "scan", "gate", stay.start - timedelta(minutes=4))
        return
    if kind == "office":
        told.stay("work_attendance", Stay(stay.where, stay.start - near, stay.end + near))
    if kind == "gym":
        ahead = GYM_AHEAD
        told.event("gym_turnstile", "gate", stay.where, stay.start + near + ahead)
        told.event("gym_turnstile", "gate", stay.where, stay.end - near + ahead)
        told.event("venue_scans", "scan", stay.where, stay.start + near)
    if kind in {"hotel", "fever_clinic", "hospital"}:
        channel = "hotel_register" if kind == "hotel" else "hospital_records"
        told.stay(channel, Stay(stay.where, stay.start + near, stay.end - near))
    if kind == "station":
        told.event("railway", "gate", stay.where, stay.start + timedelta(minutes=6))
    if kind in {"mall", "cinema", "market", "ktv", "restaurant", "fever_clinic", "hotel"}:
        if chance.random() < 0.9:
            told.event("venue_scans", "scan", stay.where, stay.start + near)
        if chance.random() < 0.85:
            told.event("payments", "payment", stay.where, _within(stay, chance))
    if kind in {"restaurant", "ktv", "mahjong"} and chance.random() < 0.7:
        seen = Stay(stay.where, stay.start + near, stay.end - near)
        told.stay("footage", seen, "measured")
    if kind == "mahjong":
        told.event("payments", "payment", stay.where, stay.end - near)


def _commuted(before: Stay, after: Stay, told: _Channels) -> None:
    ends = {("home", "office"): 1, ("office", "market"): -1, ("office", "gym"): -1}
    way = ends.get((before.where, after.where))
    if way is not None:
        first, last = ("metro-home", "metro-office")[::way]
        told.event("venue_scans", "scan", first, before.end + timedelta(minutes=9))
        told.event("venue_scans", "scan", last, after.start - timedelta(minutes=6))


def _service(stay: Stay) -> str:
    return f"train-{stay.where}-{stay.start.date()}"


def _interview(days: Iterable[Stay], told: _Channels, chance: random.Random) -> None:
    """Recalled to the quarter of an hour, some forgotten; of the journey nothing, but a home."""
    for stay in days:
        away = (stay.start - at(0, "0:00")).days in JOURNEY and stay.where != "home"
        if away or stay.where in {"station", "hospital"} or chance.random() < 0.12:
            continue
        told.stay(
            "interview", Stay(stay.where, _quarter(stay.start), _quarter(stay.end)), "declared"
        )
    for day in JOURNEY:
        told.stay("interview", Stay("home", at(day, "9:00"), at(day, "17:00")), "declared")


def _quarter(moment: datetime) -> datetime:
    minutes = round((moment.hour * 60 + moment.minute) / 15) * 15
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)


def _gone_wrong(days: Sequence[Stay], told: _Channels, chance: random.Random) -> list[Wrong]:
    """What channels tell that was not so; some of it stands in the records already."""
    dinner = next(
        s for s in days if s.where == "noodles" and s.start.date() == at(5, "0:00").date()
    )
    film = next(stay for stay in days if stay.where == "cinema")
    sung = next(stay for stay in days if stay.where == "ktv")
    for minutes in (10, 45, 80):
        told.event("venue_scans", "scan", "far-mall", dinner.start + timedelta(minutes=minutes))
    told.stay("footage", Stay("noodles", dinner.start, dinner.end), "measured")
    told.event("payments", "payment", "noodles", dinner.end - timedelta(minutes=6))
    for seconds in (60, 85):
        told.event("venue_scans", "scan", "cinema", film.start + timedelta(seconds=seconds))
    unused = at(11, "13:00")
    told.add(
        "railway", "ride", subject=SUBJECT, service=f"train-G7001-{unused.date()}", board_seq="1",
        alight_seq="2", carriage="2", row="3", seat="A", status="ticketed",
    )  # fmt: skip
    told.add(
        "footage", "ride", subject=SUBJECT, service=f"train-G7002-{at(JOURNEY[1], '0:00').date()}",
        board_seq="1", alight_seq="2", carriage="4", row="11", seat="F", status="boarded",
    )  # fmt: skip
    told.stay(
        "interview", Stay("noodles-2", _quarter(dinner.start), _quarter(dinner.end)), "declared"
    )
    posted = at(2, "15:40")
    told.event("payments", "payment", "noodles", posted)
    for day in range(0, DAYS - 1, 2):
        if day not in JOURNEY:
            picked = at(day, "20:10", chance.randint(0, 50))
            told.event("parcel_lockers", "gate", "parcels", picked + PARCELS_AHEAD)
            told.event("venue_scans", "scan", "parcels", picked + timedelta(minutes=2))
    first, last = at(JOURNEY[0], "9:00"), at(JOURNEY[1], "18:10")
    return [
        Wrong("borrowed", "far-mall", dinner.start, dinner.end),
        Wrong("companion_scan", "cinema", film.start, film.end),
        Wrong("ticket_without_boarding", "G7001", unused, at(11, "14:30")),
        Wrong("seat_swap", "G7002", at(JOURNEY[1], "16:00"), last),
        Wrong("delay", "G7002", at(JOURNEY[1], "16:00"), last),
        Wrong("place_alias", "noodles", dinner.start, dinner.end),
        Wrong("posting_time", "noodles", posted, posted),
        Wrong("clock_skew", "gym", at(0, "0:00"), at(DAYS, "0:00")),
        Wrong("time_zone", "parcels", at(0, "0:00"), at(DAYS, "0:00")),
        Wrong("declared_against_recorded", "home", first, last),
        Wrong("onset_revised", "", at(11, "0:00"), at(12, "0:00")),
        *_midnight(sung, told),
    ]


def _midnight(sung: Stay, told: _Channels) -> list[Wrong]:
    """The last hour of a night, told under the date on which it began."""
    seen = Stay("ktv", at(2, "24:20"), at(2, "25:05"))
    told.stay("footage", seen, "measured")
    wrong = Stay("ktv", at(1, "24:20"), at(1, "25:05"))
    told.stay("interview", wrong, "declared")
    told.stay("interview", Stay("home", at(1, "23:00"), at(1, "31:00")), "declared")
    told.event("venue_scans", "scan", "gate", at(1, "22:50"))
    return [Wrong("midnight", "ktv", wrong.start, sung.start)]


def _positions(days: Sequence[Stay], told: _Channels, chance: random.Random) -> Wrong:
    drifted, stay = network.adrift(days, chance)
    for cell in [*network.cells(days, chance), *drifted]:
        told.add(
            "telephone_network", "fix", case=CASE, basis=LETTER, at=_iso(cell.moment),
            lat=str(cell.lat), lon=str(cell.lon), accuracy_m=str(cell.radius),
        )  # fmt: skip
    return Wrong("cell_drift", "", stay.start, stay.end)


def _filled(days: Sequence[Stay], told: _Channels, chance: random.Random) -> None:
    """More of what a card, a telephone and a gate tell, up to the number."""
    long = [stay for stay in days if stay.where in SPOTS and stay.minutes >= 30]
    while told.count < RECORDS:
        stay = chance.choice(long)
        kind = SPOTS[stay.where].kind
        if kind == "office":
            told.event("work_attendance", "gate", "office", _within(stay, chance))
        elif kind not in {"home", "hospital", "gym", "station"}:
            told.event("payments", "payment", stay.where, _within(stay, chance))


def registers() -> dict[str, list[Row]]:
    """Places, the case, and the timetable: what the records refer to."""
    back = at(JOURNEY[1], "16:00")
    out = [at(JOURNEY[0], "9:00"), at(11, "13:00")]
    services: list[Row] = []
    stops: list[Row] = []
    for train, departs in (("G7001", out[0]), ("G7001", out[1]), ("G7002", back)):
        key = f"train-{train}-{departs.date()}"
        services.append(
            {
                "service": key,
                "kind": "train",
                "date": str(departs.date()),
                "numbers": train,
                "layout": "high-speed-second",
                "sealed": "yes",
            }
        )
        names = [SPOTS[one].name for one in TRAINS[train]]
        arrives = departs + timedelta(minutes=90)
        late = timedelta(minutes=40 if train == "G7002" else 0)
        stops.append(_stop(key, "1", names[0], ("", _iso(departs), "", _iso(departs))))
        stops.append(_stop(key, "2", names[1], (_iso(arrives), "", _iso(arrives + late), "")))
    return {
        "place": [
            {name: str(value) for name, value in (("place", s.key), *list(asdict(s).items())[1:])}
            for s in SPOTS.values()
        ],
        "service": services,
        "stop": stops,
        "case": [
            {
                "case": CASE,
                "subject": SUBJECT,
                "disease": "covid-19",
                "classification": "confirmed",
                "symptomatic": "yes",
            }
        ],
        "case_event": [
            {"case": CASE, "kind": "onset", "at": str(FIRST + timedelta(days=11))},
            {"case": CASE, "kind": "report", "at": str(FIRST + timedelta(days=13))},
            {"case": CASE, "kind": "isolated", "at": str(FIRST + timedelta(days=13))},
        ],
        "symptom": [
            {
                "subject": SUBJECT,
                "kind": "cough",
                "start": str(FIRST + timedelta(days=10)),
                "end": "",
            }
        ],
    }


def _stop(key: str, seq: str, station: str, times: tuple[str, str, str, str]) -> Row:
    names = ("arrive", "depart", "actual_arrive", "actual_depart")
    return {"service": key, "seq": seq, "station": station, **dict(zip(names, times, strict=True))}


def as_csv(rows: Sequence[Row]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(told: Story, folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Each file with its table and its source; the truth lies beside them, for those who judge."""
    files: dict[tuple[str, str], Sequence[Row]] = {
        ("registers", table): rows for table, rows in registers().items()
    }
    for (channel, table), rows in {**files, **dict(sorted(told.records.items()))}.items():
        file = folder / f"{channel}.{table}.csv"
        file.write_text(as_csv(rows), encoding="utf-8")
        yield file, table, channel
    truth = {
        "lived": [asdict(stay) for stay in told.lived],
        "wrong": [asdict(one) for one in told.wrong],
    }
    text = json.dumps(truth, default=_iso, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text, encoding="utf-8")
