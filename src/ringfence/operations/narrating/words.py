"""The words of a narrative's events in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import Text
from ringfence.narratives.clocks import Vague
from ringfence.narratives.model import Doubt, Event, EventKind

HEADS = (
    Text("act", "事件"),
    Text("when", "时间"),
    Text("where", "地点"),
    Text("details", "详情"),
    Text("doubts", "存疑"),
)
KINDS: Mapping[EventKind, Text] = {
    EventKind.RIDE: Text("ride", "乘坐"),
    EventKind.STAY: Text("stay", "停留"),
    EventKind.TEST: Text("test", "检测"),
    EventKind.ONSET: Text("onset", "发病"),
    EventKind.ISOLATION: Text("isolation", "隔离"),
    EventKind.OTHER: Text("other", "其他"),
}
VAGUE: Mapping[Vague, Text] = {
    Vague.ABOUT: Text("about", "约"),
    Vague.EARLY: Text("early morning", "凌晨"),
    Vague.MORNING: Text("morning", "上午"),
    Vague.NOON: Text("noon", "中午"),
    Vague.AFTERNOON: Text("afternoon", "下午"),
    Vague.EVENING: Text("evening", "晚上"),
    Vague.NIGHT: Text("night", "夜间"),
    Vague.ALL_DAY: Text("all day", "全天"),
    Vague.DAY_SHIFT: Text("day shift", "白班"),
    Vague.NIGHT_SHIFT: Text("night shift", "夜班"),
    Vague.AFTER_MEAL: Text("after a meal", "饭后"),
}
MEANS: Mapping[str, Text] = {
    "train": Text("train", "火车"),
    "aircraft": Text("flight", "飞机"),
    "coach": Text("coach", "长途客车"),
    "bus": Text("bus", "公交"),
    "metro": Text("metro", "地铁"),
    "taxi": Text("taxi", "出租车"),
    "car": Text("car", "私家车"),
    "ambulance": Text("ambulance", "救护车"),
    "ship": Text("ship", "轮船"),
    "motorcycle": Text("motorcycle", "摩托车"),
    "e_bike": Text("e-bike", "电动车"),
    "bicycle": Text("bicycle", "自行车"),
    "foot": Text("on foot", "步行"),
}
ACTIVITIES: Mapping[str, Text] = {
    "dining": Text("dining", "就餐"),
    "shopping": Text("shopping", "购物"),
    "clinic": Text("seeing a doctor", "就诊"),
    "work": Text("work", "工作"),
    "study": Text("study", "学习"),
    "exercise": Text("exercise", "锻炼"),
    "entertainment": Text("entertainment", "娱乐"),
    "visit": Text("visit", "探访"),
    "lodging": Text("lodging", "住宿"),
    "worship": Text("worship", "宗教活动"),
    "grooming": Text("hair and beauty", "理发美容"),
    "wedding": Text("wedding", "婚礼"),
    "funeral": Text("funeral", "丧事"),
    "gathering": Text("gathering", "聚会"),
    "diagnosis": Text("diagnosis", "确诊"),
    "vaccination": Text("vaccination", "接种疫苗"),
    "discharge": Text("discharge", "出院"),
}
RELATIONS: Mapping[str, Text] = {
    "spouse": Text("spouse", "配偶"),
    "child": Text("child", "子女"),
    "parent": Text("parent", "父母"),
    "grandparent": Text("grandparent", "祖辈"),
    "sibling": Text("sibling", "兄弟姐妹"),
    "relative": Text("relative", "亲戚"),
    "family": Text("family", "家人"),
    "colleague": Text("colleague", "同事"),
    "friend": Text("friend", "朋友"),
    "classmate": Text("classmate", "同学"),
    "neighbour": Text("neighbour", "邻居"),
    "roommate": Text("room-mate", "室友"),
    "customer": Text("customer", "顾客"),
    "driver": Text("driver", "司机"),
    "companion": Text("companion", "同行者"),
}
RESULTS: Mapping[str, Text] = {
    "positive": Text("positive", "阳性"),
    "negative": Text("negative", "阴性"),
    "inconclusive": Text("inconclusive", "可疑"),
}
MASKS: Mapping[str, Text] = {
    "yes": Text("with a mask", "戴口罩"),
    "no": Text("without a mask", "未戴口罩"),
}
DOUBTS: Mapping[Doubt, Text] = {
    Doubt.NO_SUCH_DAY: Text("no such day", "日期不存在"),
    Doubt.NO_SUCH_TIME: Text("no such time", "时刻不存在"),
    Doubt.ENDS_BEFORE_START: Text("ends before it starts", "结束早于开始"),
    Doubt.ANOTHER_PERSON: Text("perhaps another person", "可能是他人"),
    Doubt.UNSURE_CARRIAGE: Text("carriage unsure", "车厢不确定"),
    Doubt.UNSURE_SEAT: Text("seat not known", "座位不详"),
    Doubt.TIME_ZONE: Text("which time zone?", "时区待核"),
    Doubt.NO_DAY: Text("no day told", "未说明日期"),
    Doubt.YEAR_UNKNOWN: Text("no year told", "未说明年份"),
    Doubt.UNKNOWN_SERVICE: Text("no such service in the timetable", "时刻表中无此班次"),
    Doubt.NOT_ITS_STATION: Text("the service does not call there", "该班次不停靠此站"),
    Doubt.NOT_ITS_TIME: Text("the timetable tells another time", "与时刻表时间不符"),
}


def kind(event: Event, language: str) -> str:
    return KINDS[event.kind].to(language)


def when(event: Event, language: str) -> str:
    """Day, the clocks, or the part of the day."""
    day = event.day.written if event.day else Text("no day", "日期不详").to(language)
    start = event.start.written if event.start else ""
    end = event.end.written if event.end else ""
    if event.last:
        end = f"{event.last.written} {end}".strip()
    clocks = start if not end else f"{start}–{end}"
    vague = VAGUE[event.vague].to(language) if event.vague else ""
    return " ".join(part for part in (day, vague, clocks) if part)


def where(event: Event) -> str:
    to = event.to or (event.place if event.origin else None)
    if event.origin and to:
        return f"{event.origin} → {to}"
    if event.to:
        return f"→ {event.to}"
    return event.place or event.origin or ""


def details(event: Event, language: str) -> str:
    """What else is told, one after another."""
    seat = " ".join(part for part in (_carriage(event, language), _seat(event, language)) if part)
    parts = [
        MEANS[event.means].to(language) if event.means else "",
        event.service or "",
        seat,
        ACTIVITIES[event.activity].to(language) if event.activity else "",
        RESULTS[event.result].to(language) if event.result else "",
        _people(event, language),
        MASKS[event.mask].to(language) if event.mask else "",
    ]
    return Text(", ", "，").to(language).join(part for part in parts if part)


def carried(event: Event, language: str) -> str:
    """By what, with its line or code."""
    means = MEANS[event.means].to(language) if event.means else ""
    return " ".join(part for part in (means, event.service) if part)


def _carriage(event: Event, language: str) -> str:
    told = event.carriage
    return Text(f"carriage {told}", f"{told}车厢").to(language) if told else ""


def _seat(event: Event, language: str) -> str:
    if event.seat == "standing":
        return Text("standing", "无座").to(language)
    if event.seat:
        return Text(f"seat {event.seat}", f"{event.seat}座").to(language)
    return Text(f"row {event.row}", f"{event.row}排").to(language) if event.row else ""


def _people(event: Event, language: str) -> str:
    people = (
        Text(", ", "、").to(language).join(RELATIONS[one].to(language) for one in event.companions)
    )
    return Text(f"with {people}", f"与{people}").to(language) if people else ""


def doubts(event: Event, language: str) -> str:
    return Text("; ", "；").to(language).join(DOUBTS[one].to(language) for one in event.doubts)
