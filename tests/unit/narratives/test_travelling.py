"""From where to where a ride went, and from when to when, however the sentence turns."""

from __future__ import annotations

from datetime import date

import pytest

from ringfence.narratives.model import Event
from ringfence.narratives.telling import read

WRITTEN = date(2022, 7, 12)


def told(event: Event) -> str:
    start, end = (one.written if one else "" for one in (event.start, event.end))
    return f"{event.origin or ''} {start} > {event.to or ''} {end}".strip()


def only(text: str) -> Event:
    (event,) = read(text, WRITTEN).events
    return event


@pytest.mark.parametrize(
    ("text", "ride"),
    [
        ("from Yunting at 14:30 and arrived in Shitan at 16:10", "Yunting 14:30 > Shitan 16:10"),
        ("from Yunting to Shitan at 11:10 and landed at 12:55", "Yunting 11:10 > Shitan 12:55"),
        (
            "departing Yunting at 2:30 p.m., reaching Shitan at 4 pm",
            "Yunting 14:30 > Shitan 16:00",
        ),
        ("from Yunting to Shitan, left at 14:30, arrived 16:10", "Yunting 14:30 > Shitan 16:10"),
        ("from Yunting to Shitan, dep 1430 arr 1610, mask on", "Yunting 14:30 > Shitan 16:10"),
        ("from Yunting to Shitan, seat 4C, 14:30-16:10", "Yunting 14:30 > Shitan 16:10"),
    ],
)
def test_rides_in_english(text: str, ride: str) -> None:
    assert told(only(f"On 8 July she took train K48 {text}.")) == ride


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("5 July, 18:10-20:00: dinner at Salt Grill", "18:10", "20:00"),
        ("5 July, 0830-1200: worked at Brightwater Nursery School", "08:30", "12:00"),
        ("On 5 July he arrived at the Larch Motel at 7 in the evening", "19:00", ""),
        ("Lotus Market, 05/07/2022, 10.30am to 11.45am", "10:30", "11:45"),
        ("7月5日19时—20时 在安达物流园上班", "19:00", "20:00"),
    ],
)
def test_hours_of_stays(text: str, start: str, end: str) -> None:
    event = only(text)
    assert [one.written if one else "" for one in (event.start, event.end)] == [start, end]


def test_a_sentence_ends_behind_its_clock() -> None:
    text = "On 5 July she dined at The Copper Pot, 6:30 to 8 p.m. Her room-mate went to Club Nine."
    dinner, club = read(text, WRITTEN).events
    assert (dinner.end, club.end) != (None, dinner.end)
    assert dinner.end is not None
    assert dinner.end.written == "20:00"


def test_a_house_with_a_name_is_no_home() -> None:
    event = read("On 5 July she visited Rowan House.", WRITTEN).events[0]
    assert event.place == "Rowan House"
