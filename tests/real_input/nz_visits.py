"""Published places and times of exposure in New Zealand, 2021-22, as canonical files.

Each usable visit becomes the presence of one subject; its coordinates are the place's key, so that
identical coordinates are one place.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = "Pacific/Auckland"
REQUIRED = ("id", "LAT", "LNG", "Start", "End")
_SPOKEN = re.compile(r"(\d+)/(\d+)/(\d{4}), (\d+):(\d{2}) ([ap])m")


@dataclass(frozen=True)
class Visit:
    """One published visit, [start, end)."""

    subject: str
    place: str
    lat: str
    lon: str
    start: datetime
    end: datetime


def read_time(text: str) -> datetime:
    """The three formats of the file: `13/08/2021, 10:00 pm`, `… 09:00:00 NZDT`, ISO 8601 in UTC."""
    if spoken := _SPOKEN.fullmatch(text):
        day, month, year, hour, minute = (int(part) for part in spoken.groups()[:5])
        hour = hour % 12 + (12 if spoken[6] == "p" else 0)
        return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(ZONE))
    if text.endswith(" NZDT"):
        return datetime.fromisoformat(text.removesuffix(" NZDT") + "+13:00")
    return datetime.fromisoformat(text)


def read_visits(path: Path) -> list[Visit]:
    """Every row that has an id, a position and both times, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Visit(
                subject=f"visit-{row['id']}",
                place=f"at {row['LAT']} {row['LNG']}",
                lat=row["LAT"],
                lon=row["LNG"],
                start=read_time(row["Start"]),
                end=read_time(row["End"]),
            )
            for row in csv.DictReader(file)
            if all(row[name] for name in REQUIRED)
        ]


def write_presence(visits: list[Visit], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["subject", "place", "start", "end"])
        writer.writerows(
            [visit.subject, visit.place, visit.start.isoformat(), visit.end.isoformat()]
            for visit in visits
        )


def overlapping(visits: list[Visit]) -> Iterator[tuple[Visit, Visit]]:
    """Unordered pairs at one position whose half-open times overlap: counted plainly."""
    by_place: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.start < visit.end:
            by_place[visit.place].append(visit)
    for there in by_place.values():
        for number, one in enumerate(there):
            for other in there[number + 1 :]:
                if max(one.start, other.start) < min(one.end, other.end):
                    yield one, other
