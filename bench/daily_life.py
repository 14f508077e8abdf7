"""Where the people of the city are on one day, as SQL: stays of one person never overlap."""

from __future__ import annotations

from dataclasses import dataclass

from bench.city import LETTERS, City, is_weekend, midnight

_LEANING = 2.0  # a place's popularity falls with the square root of its rank
_AWAY = 0.15  # share of errands that lead into another district
_NEVER_LEAVES = 0.003  # share of people who live in a nursing home and never leave it


def people(city: City) -> str:
    """Table `person`: where each one lives and works."""
    district, work = city.district, city.places("work")
    return f"""
    CREATE TABLE person AS
    SELECT i, subject_key(i) AS subject, i // {district} AS district,
        place_key('h', i // {district}, (i % {district}) * 3 // 8) AS home,
        chance(i, 'endless') < {_NEVER_LEAVES} AS endless,
        CASE WHEN chance(i, 'works') < 0.7 THEN
            place_key('w',
                CASE WHEN chance(i, 'commutes') < 0.5 THEN i // {district}
                    ELSE floor(chance(i, 'work-district') * {city.districts})::BIGINT END,
                floor({work} * pow(chance(i, 'work'), 1.4))::BIGINT) END AS work
    FROM range({city.subjects}) AS people(i)
    """


@dataclass(frozen=True)
class Habit:
    """Something that a share of those `who` do on a day; minutes count from local midnight.

    `where`: home, work, or a group of venues to choose from. Either a length or an end is given.
    """

    name: str
    where: str
    start: tuple[int, int]
    length: tuple[int, int] | None = None
    end: tuple[int, int] | None = None
    who: str = "true"
    share: float = 1.0


_WORKS, _FREE = "work IS NOT NULL", "work IS NULL"
_NIGHT = Habit("night", "home", (1290, 1380), end=(1830, 1920))
_WORKING_DAY = (
    Habit("morning", "work", (510, 540), end=(710, 730), who=_WORKS),
    Habit("lunch", "eatery", (735, 755), (25, 45), who=_WORKS, share=0.6),
    Habit("afternoon", "work", (805, 815), end=(1035, 1065), who=_WORKS),
)
_FREE_DAY = (
    Habit("outing", "eatery", (600, 700), (40, 110), share=0.5),
    Habit("browsing", "shop", (840, 920), (5, 20), share=0.42),
    Habit("crowd", "hub", (945, 960), (15, 60), share=0.04),
)
_EVENING = (
    Habit("shopping", "shop", (1070, 1105), (5, 20), share=0.51),
    Habit("dinner", "eatery", (1130, 1180), (45, 90), who="evening < 0.22"),
    Habit("leisure", "leisure", (1130, 1180), (45, 105), who="evening BETWEEN 0.22 AND 0.28"),
    Habit("station", "hub", (1130, 1160), (15, 55), who="evening BETWEEN 0.28 AND 0.295"),
)


def stays(city: City, day: int) -> str:
    """Rows of `presence` that start on one day, in the order of their start."""
    habits = [(habit, "true") for habit in (_NIGHT, *_EVENING)]
    if is_weekend(day):
        habits += [(habit, "true") for habit in _FREE_DAY]
    else:
        habits += [(habit, _FREE) for habit in _FREE_DAY]
        habits += [(habit, "true") for habit in _WORKING_DAY]
    parts = [_stay(city, day, habit, only) for habit, only in habits]
    if day == 0:
        parts.append(_ENDLESS)
    every = " UNION ALL ".join(parts)
    return (
        f"WITH today AS (SELECT *, chance(i, 'evening-{day}') AS evening FROM person)"
        ' SELECT subject, place, instant(begins) AS "start", instant(ends) AS "end"'
        f" FROM ({every}) ORDER BY begins, subject"
    )


_ENDLESS = (
    f"SELECT subject, place_key('n', district, 0) AS place, {midnight(0)} AS begins,"
    " NULL AS ends FROM today WHERE endless"
)
"""Stays from the first day on that nobody has seen the end of."""


def _stay(city: City, day: int, habit: Habit, only: str) -> str:
    venue = habit.where in LETTERS and habit.where != "work"
    place = _venue(city, day, habit) if venue else habit.where
    begins = f"{midnight(day)} + {_seconds(habit.start, f'{habit.name}-start-{day}')}"
    minutes = habit.length or habit.end or (0, 0)
    since = "begins" if habit.length else str(midnight(day))
    ends = f"{since} + {_seconds(minutes, f'{habit.name}-end-{day}')}"
    goes = f"chance(i, '{habit.name}-goes-{day}') < {habit.share}"
    return (
        f"SELECT subject, {place} AS place, {begins} AS begins, {ends} AS ends FROM today"
        f" WHERE NOT endless AND {habit.who} AND {only} AND {goes}"
    )


def _seconds(minutes: tuple[int, int], what: str) -> str:
    low, high = minutes
    return f"floor({low * 60} + {(high - low) * 60} * chance(i, '{what}'))::BIGINT"


def _venue(city: City, day: int, habit: Habit) -> str:
    """A place that this person chooses: the popular ones more often, mostly nearby."""
    group, name = habit.where, habit.name
    district = (
        f"CASE WHEN chance(i, '{name}-away-{day}') < {_AWAY}"
        f" THEN floor(chance(i, '{name}-where-{day}') * {city.districts})::BIGINT ELSE district END"
    )
    rank = f"floor({city.places(group)} * pow(chance(i, '{name}-{day}'), {_LEANING}))::BIGINT"
    return f"place_key('{LETTERS[group]}', {district}, {rank})"
