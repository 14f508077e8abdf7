"""Days told in English, with places that have English names of their own."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from datetime import date, datetime

from ringfence_city.telling.lived import Act, Person, Ride, Sign, Stay
from ringfence_city.telling.parts import Style, Text

_FIRST = ("Maple", "Harbour", "Northgate", "Lakeside", "Old Mill", "Granite", "Willow", "Beacon")
_LAST = {
    "restaurant": ("Noodle House", "Kitchen", "Restaurant", "Grill"),
    "cafe": ("Café", "Coffee House"),
    "food_court": ("Food Court",),
    "ktv": ("Karaoke",),
    "mahjong": ("Mahjong Parlour",),
    "gym": ("Gym",),
    "bank": ("Bank",),
    "park": ("Park",),
    "school": ("School",),
    "kindergarten": ("Kindergarten",),
    "training_centre": ("Training Centre",),
    "shop": ("Store", "Shop"),
    "supermarket": ("Supermarket",),
    "pharmacy": ("Pharmacy",),
    "salon": ("Hair Salon",),
    "post_office": ("Post Office",),
    "clinic": ("Clinic",),
    "test_site": ("Test Centre",),
    "hospital": ("Hospital",),
    "hotel": ("Hotel", "Inn"),
    "market": ("Market",),
}
_WORKS = ("Offices", "Factory", "Warehouse", "Works")
_TOWNS = {"临江": "Linjiang", "临江港": "Linjiang Port", "远山": "Yuanshan", "雪岭": "Xueling"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PARTS = {"morning": "in the morning", "afternoon": "in the afternoon", "evening": "in the evening"}


def told(person: Person, seed: int) -> Text:
    """One narrative of all days of the person; the same for the same seed."""
    chance = random.Random(f"en/{seed}/{person.subject}")  # noqa: S311 - reproducible, no secret
    style = Style(
        chance,
        chance.choice(("day month", "month day", "iso", "short")),
        chance.choice(("24", "24", "am", "am.")),
        chance.choice((" to ", "-", "–")),
        chance.choice((". ", "; ", ", then ", ". After that ")),
        chance.choice((0, 1, 2)),
        chance.choice(("he", "she", "the case")),
    )
    text = Text()
    text.say(chance.choice(("Movements of the case:\n", "Interview notes.\n", "", "")))
    before: date | None = None
    for day in person.days():
        acts = [act for act in person.acts if act.start.date() == day]
        kept = [act for act in acts if _worth(act, style)]
        if not kept:
            continue
        text.say(_day(style, day, before))
        for number, act in enumerate(kept):
            if number:
                text.say(style.ends)
            _tell(text, style, act, day, opens=number > 0 and style.ends == ". ")
        text.say(".\n")
        before = day
    return text


def _worth(act: Act, style: Style) -> bool:
    return not isinstance(act, Stay) or act.kind != "home" or style.often(4)


def _day(style: Style, day: date, before: date | None) -> str:
    if before is not None and (day - before).days == 1 and style.often(2):
        return "The next day "
    month = _MONTHS[day.month - 1]
    match style.day:
        case "day month":
            return f"On {day.day} {day:%B} "
        case "month day":
            return f"On {day:%B} {day.day} "
        case "iso":
            return f"{day.isoformat()}: "
        case _:
            return f"{month} {day.day}: "


def _clock(style: Style, at: datetime) -> str:
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    match style.clock:
        case "am":
            return f"{hour}:{at.minute:02} {half}"
        case "am.":
            return f"{hour}.{at.minute:02}{half}"
        case _:
            return f"{at:%H:%M}"


def _part(at: datetime) -> str:
    return "morning" if at.hour < 12 else "afternoon" if at.hour < 18 else "evening"


def _name(act: Stay) -> str:
    """One name for each place, whoever tells of it."""
    drawn = int.from_bytes(hashlib.sha256(act.name.encode()).digest()[:4])
    last = _LAST.get(act.own, _WORKS)
    return f"{_FIRST[drawn % len(_FIRST)]} {last[drawn // 8 % len(last)]}"


def _tell(text: Text, style: Style, act: Act, day: date, *, opens: bool) -> None:
    who = style.person.capitalize() if opens else style.person
    if isinstance(act, Ride):
        _ride(text, style, act, who, day)
    elif isinstance(act, Sign):
        _sign(text, style, act, who, day)
    elif act.kind == "home":
        _home(text, style, act, who, day)
    else:
        _stay(text, style, act, who, day)


def _sign(text: Text, style: Style, act: Sign, who: str, day: date) -> None:
    if not act.result:
        words = style.pick(("developed a fever", "began to cough", "had a sore throat"))
        return text.tell(f"{who} {words}", _cells("onset", day, {}))
    cells = {"result": act.result, "start": f"{act.start:%H:%M}"}
    words = style.pick(("a PCR test was {}", "{who} had a PCR test, result {}", "{who} tested {}"))
    said = words.format(act.result, who=who)
    return text.tell(f"at {_clock(style, act.start)} {said}", _cells("test", day, cells))


def _home(text: Text, style: Style, act: Stay, who: str, day: date) -> None:
    if act.start.hour == 0 and act.start.minute == 0:
        part = style.pick(("morning", "afternoon"))
        cells: Mapping[str, str | None] = {"vague": part, "place": "home", "place_kind": "home"}
        return text.tell(f"{who} stayed at home {_PARTS[part]}", _cells("stay", day, cells))
    cells = {"start": f"{act.start:%H:%M}", "place": "home", "place_kind": "home"}
    words = style.pick(("returned home at", "was back home at", "got home at"))
    return text.tell(f"{who} {words} {_clock(style, act.start)}", _cells("stay", day, cells))


def _stay(text: Text, style: Style, act: Stay, who: str, day: date) -> None:
    name = _name(act)
    does, activity = _does(act)
    cells: dict[str, str | None] = {"place": name, "place_kind": act.kind, "activity": activity}
    start, end = _clock(style, act.start), _clock(style, act.end)
    if style.often(style.parts):
        part = _part(act.start)
        cells["vague"] = part
        words = f"{who} {does} {name} {_PARTS[part]}"
    elif act.end.date() == day and style.often(6):
        cells |= {"start": f"{act.start:%H:%M}", "end": f"{act.end:%H:%M}"}
        words = style.pick(
            (
                f"{who} {does} {name} from {start} to {end}",
                f"from {start}{style.between}{end} {who} {does} {name}"
                if style.between == " to "
                else f"{start}{style.between}{end} {who} {does} {name}",
            )
        )
    else:
        cells["start"] = f"{act.start:%H:%M}"
        words = f"at {start} {who} {style.pick(('went to', 'visited', 'arrived at'))} {name}"
        cells["activity"] = None
    if style.often(1):
        cells["mask"] = "yes" if act.mask else "no"
        words += " wearing a mask" if act.mask else " without a mask"
    text.tell(words, _cells("stay", day, cells))


def _does(act: Stay) -> tuple[str, str | None]:
    if act.role in {"staff", "teacher", "health_worker"} or act.kind == "work":
        return "worked at", "work"
    if act.kind == "restaurant":
        return "ate at", "dining"
    if act.kind in {"market", "shop"} and act.own != "salon":
        return "went shopping at", "shopping"
    if act.kind == "hotel":
        return "stayed overnight at", "lodging"
    return "was at", None


def _ride(text: Text, style: Style, act: Ride, who: str, day: date) -> None:
    line = f"{act.service.removesuffix('路')}"
    cells: dict[str, str | None] = {
        "means": act.means,
        "service": line,
        "start": f"{act.start:%H:%M}",
    }
    start = _clock(style, act.start)
    if act.means == "bus":
        words = style.pick(
            (f"at {start} {who} took bus {line}", f"{who} took bus {line} at {start}")
        )
        return text.tell(words, _cells("ride", day, cells))
    noun = {"train": "train", "coach": "coach", "aircraft": "flight"}[act.means]
    words = f"at {start} {who} took {noun} {act.service}"
    if act.seat is not None and act.row is not None and act.seat.isalpha():
        seat = f"{act.row}{act.seat}"
        told = [f"carriage {act.carriage}"] if act.carriage else []
        words += f" ({', '.join([*told, f'seat {seat}'])})"
        cells |= {"carriage": act.carriage, "row": act.row, "seat": seat}
    if act.origin and act.to:
        cells["from"], cells["to"] = (_TOWNS.get(one, "Huanwei") for one in (act.origin, act.to))
        words += f" from {cells['from']} to {cells['to']}"
        if act.end.date() == day and style.often(6):
            words += f", arriving at {_clock(style, act.end)}"
            cells["end"] = f"{act.end:%H:%M}"
    return text.tell(words, _cells("ride", day, cells))


def _cells(kind: str, day: date, cells: Mapping[str, str | None]) -> dict[str, str | None]:
    return {"kind": kind, "date": day.isoformat(), **cells}
