"""What to ask the case about an event: one plain question for what is missing or doubtful."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import Text
from ringfence.narratives.model import Doubt, Event, EventKind
from ringfence.operations.narrating.proposing import Proposal

_OF_DOUBTS: Mapping[Doubt, Text] = {
    Doubt.ANOTHER_PERSON: Text(
        "Was this you, or somebody else?", "这是您本人的行程，还是他人的行程？"
    ),
    Doubt.NO_SUCH_DAY: Text(
        "Which day was it? This day does not exist.", "是哪一天？所写日期不存在。"
    ),
    Doubt.NO_SUCH_TIME: Text(
        "What time was it? This time does not exist.", "是几点？所写时刻不存在。"
    ),
    Doubt.ENDS_BEFORE_START: Text(
        "From when to when? It ends before it starts.", "起止时间是？所写结束早于开始。"
    ),
    Doubt.NO_DAY: Text("On which day was this?", "这是哪一天？"),
    Doubt.YEAR_UNKNOWN: Text("In which year was this?", "这是哪一年？"),
    Doubt.UNSURE_CARRIAGE: Text(
        "Which carriage was it? Is there a ticket or an order?", "是几号车厢？有车票或订单吗？"
    ),
    Doubt.UNSURE_SEAT: Text(
        "Which seat was it? Is there a ticket or an order?", "是哪个座位？有车票或订单吗？"
    ),
    Doubt.TIME_ZONE: Text("In which time zone are these times?", "这些时间是哪个时区的？"),
    Doubt.UNKNOWN_SERVICE: Text(
        "Which train or flight was it? The timetable has none of this number on that day.",
        "乘坐的是哪一班？时刻表中当日没有此班次。",
    ),
    Doubt.NOT_ITS_STATION: Text(
        "Where did you board and leave? This service does not call there.",
        "在哪里上下车？该班次不停靠所说站点。",
    ),
    Doubt.NOT_ITS_TIME: Text(
        "When did it leave and arrive? The timetable tells another time.",
        "何时出发、到达？与时刻表不符。",
    ),
}
_WHICH_PLACE = Text(
    "Which place is this exactly, at which address?", "具体是哪个场所，地址在哪里？"
)
_WHEN = Text("From when to when was this?", "起止时间是？")
_UNTIL = Text("Until when were you there?", "几点离开？")
_RUN = Text("Which service was it, or which vehicle?", "乘坐的是哪一班次，或哪辆车？")
_SEAT = Text("In which carriage and seat?", "在几号车厢、哪个座位？")
_MORE = Text("Can you tell more about this?", "能再说说具体情况吗？")


def question(one: Proposal) -> Text:
    for doubt, text in _OF_DOUBTS.items():
        if doubt in one.event.doubts:
            return text
    if one.event.kind is EventKind.RIDE:
        return _of_a_ride(one)
    if one.alike:
        return _WHICH_PLACE
    if one.event.kind in {EventKind.STAY, EventKind.ISOLATION}:
        return _of_a_stay(one.event, one)
    return _MORE


def _of_a_ride(one: Proposal) -> Text:
    if one.service is None:
        return _RUN
    return _MORE if one.event.seat or one.event.row else _SEAT


def _of_a_stay(event: Event, one: Proposal) -> Text:
    if event.place is None:
        return _WHICH_PLACE
    if one.when.start is None:
        return _WHEN
    return _UNTIL if one.when.end is None or not one.when.told else _MORE
