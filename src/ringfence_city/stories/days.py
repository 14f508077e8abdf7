"""Two weeks of one invented person, as they really were: stays, rides, and what went wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2022, 7, 1)
DAYS = 14
CASE = "CASE-1"
SUBJECT = "person"
JOURNEY = (7, 8)
"""Days, from 0, of the journey that the person keeps silent."""


@dataclass(frozen=True)
class Spot:
    """A place of the story; degrees WGS-84."""

    key: str
    kind: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Stay:
    """[start, end) at a place, or aboard."""

    where: str
    start: datetime
    end: datetime

    @property
    def minutes(self) -> float:
        return (self.end - self.start).total_seconds() / 60


SPOTS = {
    spot.key: spot
    for spot in (
        Spot("home", "home", "柳园小区7栋 Willow Court 7", 31.5700, 120.2900),
        Spot("gate", "street", "柳园小区大门 Willow Court gate", 31.5712, 120.2925),
        Spot("metro-home", "station", "柳园地铁站 Willow metro", 31.5680, 120.2980),
        Spot("metro-office", "station", "云杉地铁站 Spruce metro", 31.4912, 120.3570),
        Spot("office", "office", "云杉大厦12层 Spruce Tower 12F", 31.4900, 120.3600),
        Spot("canteen", "restaurant", "云杉食街 Spruce food street", 31.4935, 120.3645),
        Spot("noodles", "restaurant", "老巷面馆 Old Lane Noodles", 31.5630, 120.3050),
        Spot("noodles-2", "restaurant", "老巷面馆（Old Lane Noodles）", 31.5631, 120.3051),
        Spot("gym", "gym", "跃动健身 Leap Gym", 31.5480, 120.3300),
        Spot("market", "market", "南桥菜市场 South Bridge Market", 31.5750, 120.2820),
        Spot("mall", "mall", "星汇广场 Star Plaza", 31.5240, 120.3120),
        Spot("cinema", "cinema", "星汇影院 Star Cinema", 31.5290, 120.3180),
        Spot("far-mall", "mall", "太湖荟 Lakeside Mall", 31.4300, 120.2500),
        Spot("ktv", "ktv", "夜航KTV Night Sail KTV", 31.5400, 120.3010),
        Spot("parcels", "post_office", "柳园驿站 Willow parcel point", 31.5745, 120.2955),
        Spot(
            "clinic",
            "fever_clinic",
            "市三院发热门诊 Third Hospital fever clinic",
            31.5820,
            120.3100,
        ),
        Spot("hospital", "hospital", "市五院 Fifth Hospital", 31.5100, 120.2400),
        Spot("station", "station", "无锡东站 Wuxi East", 31.6050, 120.4600),
        Spot("far-station", "station", "临江南站 Linjiang South", 32.0900, 118.7800),
        Spot("far-hotel", "hotel", "临江云客酒店 Linjiang Cloud Hotel", 32.0500, 118.7900),
        Spot("far-mahjong", "mahjong", "秋水棋牌室 Autumn Water Mahjong", 32.0450, 118.8100),
    )
}


def at(day: int, clock: str, minutes: int = 0) -> datetime:
    hour, minute = clock.split(":")
    there = datetime.combine(FIRST, datetime.min.time(), ZONE)
    return there + timedelta(days=day, hours=int(hour), minutes=int(minute) + minutes)


def lived(chance: random.Random) -> list[Stay]:
    """All stays and rides, in order, from the first midnight until the hospital."""
    found: list[Stay] = []
    back = at(0, "0:00")
    for day in range(DAYS - 1):
        for stay in _plan(day, chance):
            way = timedelta(minutes=chance.randint(25, 40))
            if stay.start - back >= 2 * way and _home_between(found, stay):
                found.append(Stay("home", back, stay.start - way))
            found.append(stay)
            back = stay.end + timedelta(minutes=chance.randint(25, 40))
    return [
        *found,
        Stay("home", back, at(13, "8:00")),
        Stay("hospital", at(13, "9:00"), at(14, "0:00")),
    ]


def _home_between(found: list[Stay], following: Stay) -> bool:
    """Whether both are in the home's own city."""
    away = {"far-mahjong", "far-hotel", "far-station", "G7001"}
    return not (found and found[-1].where in away) or following.where not in {*away, "G7002"}


def _plan(day: int, chance: random.Random) -> list[Stay]:
    """What a day has between home and home."""
    if day == JOURNEY[0]:
        return [
            Stay("station", at(day, "8:20"), at(day, "9:00")),
            Stay("G7001", at(day, "9:00"), at(day, "10:30")),
            Stay("far-mahjong", at(day, "11:30"), at(day, "17:40")),
            Stay("far-hotel", at(day, "18:20"), at(day + 1, "9:00")),
        ]
    if day == JOURNEY[1]:
        return [
            Stay("far-mahjong", at(day, "10:00"), at(day, "14:30")),
            Stay("far-station", at(day, "15:10"), at(day, "16:00")),
            Stay("G7002", at(day, "16:00"), at(day, "18:10")),
        ]
    if day in (1, 2, 9):
        return _day_off(day, chance)
    return _work_day(day, chance)


def _day_off(day: int, chance: random.Random) -> list[Stay]:
    found = [_about("market", at(day, "8:30"), 50, chance)]
    if day == 1:
        found += [
            _about("mall", at(day, "14:00"), 100, chance),
            _about("cinema", at(day, "16:20"), 130, chance),
            _about("noodles", at(day, "19:20"), 55, chance),
        ]
    if day == 2:
        found += [
            _about("gym", at(day, "15:00"), 90, chance),
            Stay("ktv", at(day, "21:30"), at(day, "25:10")),
        ]
    if day == 9:
        found += [_about("gym", at(day, "16:00"), 80, chance)]
    return found


def _work_day(day: int, chance: random.Random) -> list[Stay]:
    morning = Stay("office", at(day, "8:40", chance.randint(0, 8)), at(day, "12:00"))
    lunch = Stay("canteen", at(day, "12:08"), at(day, "12:45"))
    found = [morning, lunch, Stay("office", at(day, "12:55"), at(day, "17:30"))]
    if day == 5:
        return [*found, _about("noodles", at(day, "18:40"), 110, chance)]
    if day in (3, 6, 10):
        return [*found, _about("gym", at(day, "18:30"), 80, chance)]
    if day == 12:
        return [
            Stay("office", at(day, "8:45"), at(day, "11:00")),
            Stay("clinic", at(day, "12:00"), at(day, "15:30")),
        ]
    return [*found, _about("market", at(day, "18:25"), 30, chance)]


def _about(where: str, start: datetime, minutes: int, chance: random.Random) -> Stay:
    begun = start + timedelta(minutes=chance.randint(-5, 5))
    return Stay(where, begun, begun + timedelta(minutes=minutes + chance.randint(-10, 10)))
