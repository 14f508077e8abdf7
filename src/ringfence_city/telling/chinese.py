"""Days told in Chinese: as a notice, as an interviewer's notes, in somebody's own words."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime

from ringfence_city.telling.lived import Act, Person, Ride, Sign, Stay
from ringfence_city.telling.parts import Style, Text

_HEADS = (
    "某地病例活动轨迹：",
    "病例行程如下：",
    "经流调，该病例近日活动情况为：",
    "流调记录：",
    "",
    "",
)
_WEEKDAYS = "一二三四五六日"
_EATS = ("就餐", "用餐", "吃饭", "堂食")
_DOES = {
    "restaurant": (_EATS, "dining"),
    "market": (("买菜", "采购"), "shopping"),
    "shop": (("购物", "买东西"), "shopping"),
    "clinic": (("就诊", "看病"), "clinic"),
    "hospital": (("就诊", "看病"), "clinic"),
    "hotel": (("入住", "住宿"), "lodging"),
}
_RESULTS = {"positive": "阳性", "negative": "阴性", "inconclusive": "可疑"}
_NOTHING_SAID = frozenset({"salon", "test_site", "post_office"})
_PLAYS = {"ktv": "唱歌", "mahjong": "打牌", "gym": "健身锻炼"}
_BUS = ("乘坐{}公交车", "坐{}公交", "乘{}公交车")
_TRAIN = ("乘坐{}次列车", "坐{}次高铁", "搭乘{}次动车", "乘{}次列车")
_COACH = ("乘坐{}次长途客车", "坐{}次长途大巴")
_AIR = ("乘坐{}航班", "搭乘{}次航班", "乘{}航班")


def told(person: Person, seed: int) -> Text:
    """One narrative of all days of the person; the same for the same seed."""
    chance = random.Random(f"zh/{seed}/{person.subject}")  # noqa: S311 - reproducible, no secret
    style = Style(
        chance,
        chance.choice(("月日", "月日", "月日周", "年月日", "月号")),
        chance.choice((":", ":分", "时分", "点")),
        chance.choice(("-", "—", "至", "到")),
        chance.choice(("；", "，", "。", " ", "，随后", "，之后")),
        chance.choice((0, 1, 2)),
        chance.choice(("", "", "患者", "本人")),
    )
    text = Text()
    text.say(chance.choice(_HEADS))
    if text.words:
        text.say("\n")
    before: date | None = None
    days = person.days()
    if style.day == "月日" and style.often(2):
        days = days[::-1]
    for day in days:
        acts = [act for act in person.acts if act.start.date() == day]
        kept = [act for act in acts if _worth(act, style)]
        if not kept:
            continue
        text.say(_day(style, day, before))
        text.say(style.pick(("，", "：", " ", "")) if style.day != "年月日" else "：")
        for number, act in enumerate(kept):
            if number:
                text.say(style.ends)
            _tell(text, style, act, day)
        text.say("。\n")
        before = day
    return text


def _worth(act: Act, style: Style) -> bool:
    return not isinstance(act, Stay) or act.kind != "home" or style.often(4)


def _day(style: Style, day: date, before: date | None) -> str:
    if before is not None and (day - before).days == 1 and style.often(2):
        return style.pick(("次日", "第二天"))
    short = f"{day.month}月{day.day}日"
    match style.day:
        case "年月日":
            return f"{day.year}年{short}"
        case "月日周":
            return f"{short}（周{_WEEKDAYS[day.weekday()]}）"
        case "月号":
            same = before is not None and before.month == day.month and style.often(5)
            return f"{day.day}号" if same else f"{day.month}月{day.day}号"
        case _:
            return short


def _clock(style: Style, at: datetime) -> str:
    match style.clock:
        case "时分":
            return f"{at.hour}时{at.minute:02}分" if at.minute else f"{at.hour}时"
        case ":分":
            return f"{at.hour}:{at.minute:02}分"
        case "点":
            half = _part(at)
            hour = at.hour if at.hour <= 12 else at.hour - 12
            if at.minute == 30:
                return f"{half}{hour}点半"
            return f"{half}{hour}点{at.minute:02}分" if at.minute else f"{half}{hour}点"
        case _:
            return f"{at.hour}:{at.minute:02}"


def _part(at: datetime) -> str:
    if at.hour < 6:
        return "凌晨"
    if at.hour < 12:
        return "上午"
    return "下午" if at.hour < 18 else "晚上"


_VAGUE = {"凌晨": "early_morning", "上午": "morning", "下午": "afternoon", "晚上": "evening"}


def _tell(text: Text, style: Style, act: Act, day: date) -> None:
    who = style.person if style.often(2) else ""
    if isinstance(act, Ride):
        _ride(text, style, act, who, day)
    elif isinstance(act, Sign):
        _sign(text, style, act, day)
    elif act.kind == "home":
        _home(text, style, act, who, day)
    else:
        _stay(text, style, act, who, day)


def _sign(text: Text, style: Style, act: Sign, day: date) -> None:
    if not act.result:
        words = style.pick(("出现发热、咳嗽等症状", "出现咽痛", "自觉发热、乏力", "开始咳嗽"))
        return text.tell(words, _cells("onset", day, {}))
    cells = {"result": act.result, "start": f"{act.start:%H:%M}"}
    told = _RESULTS[act.result]
    words = style.pick(("做核酸检测，结果{}", "核酸采样，结果为{}", "核酸检测{}")).format(told)
    return text.tell(f"{_clock(style, act.start)}{words}", _cells("test", day, cells))


def _home(text: Text, style: Style, act: Stay, who: str, day: date) -> None:
    clock = _clock(style, act.start)
    name = style.pick(("家中", "家"))
    verb = style.pick(("回到", "返回") if name == "家中" else ("回到", "回"))
    if act.start.hour == 0 and act.start.minute == 0:  # since the night before
        part = style.pick(("上午", "下午"))
        cells = {"vague": _VAGUE[part], "place": "家", "place_kind": "home"}
        return text.tell(f"{who}{part}在家", _cells("stay", day, cells))
    cells = {"start": f"{act.start:%H:%M}", "place": name, "place_kind": "home"}
    return text.tell(f"{who}{clock}{verb}{name}", _cells("stay", day, cells))


def _stay(text: Text, style: Style, act: Stay, who: str, day: date) -> None:
    does, activity = _does(style, act)
    cells: dict[str, str | None] = {
        "place": act.name,
        "place_kind": act.kind,
        "activity": activity,
    }
    start, end = _clock(style, act.start), _clock(style, act.end)
    ends = act.end.date() == day
    if style.often(style.parts):
        part = _part(act.start)
        cells["vague"] = _VAGUE[part]
        words = f"{part}{who}{style.pick(('在', '到', '去'))}{act.name}{does}"
    elif ends and style.often(6):
        cells |= {"start": f"{act.start:%H:%M}", "end": f"{act.end:%H:%M}"}
        comma = style.pick(("", "，"))
        words = style.pick(
            (
                f"{start}{style.between}{end}{comma}{who}在{act.name}{does}",
                f"{who}{start}到{act.name}{does}，{end}离开",
            )
        )
    else:
        about = style.pick(("", "", "许", "左右"))
        cells |= {"start": f"{act.start:%H:%M}", "vague": "about" if about else None}
        words = f"{who}{start}{about}{style.pick(('到', '前往', '到达', '来到'))}{act.name}{does}"
    if style.often(1):
        cells["mask"] = "yes" if act.mask else "no"
        words += "，全程佩戴口罩" if act.mask else "，未戴口罩"
    text.tell(words, _cells("stay", day, cells))


def _does(style: Style, act: Stay) -> tuple[str, str | None]:
    """What somebody does there, and how narratives call it."""
    if act.role in {"staff", "teacher", "health_worker"} or act.kind == "work":
        return style.pick(("上班", "工作")), "work"
    if act.role == "student":
        return "上课", "study"
    if act.own in _PLAYS:
        return _PLAYS[act.own], "exercise" if act.own == "gym" else "entertainment"
    if act.own in _NOTHING_SAID or act.kind not in _DOES:
        return "", None
    words, activity = _DOES[act.kind]
    return style.pick(words), activity


def _ride(text: Text, style: Style, act: Ride, who: str, day: date) -> None:
    forms = {"bus": _BUS, "train": _TRAIN, "coach": _COACH, "aircraft": _AIR}[act.means]
    code = act.service.lower() if style.often(1) and act.means != "bus" else act.service
    cells: dict[str, str | None] = {
        "means": act.means,
        "service": act.service,
        "start": f"{act.start:%H:%M}",
        "from": act.origin,
        "to": act.to,
    }
    words = f"{who}{_clock(style, act.start)}{style.pick(forms).format(code)}"
    seat, told = _seat(style, act)
    words += seat
    cells |= told
    if act.origin and act.to:
        words += style.pick((f"从{act.origin}到{act.to}", f"由{act.origin}前往{act.to}"))
        if act.end.date() == day and style.often(6):
            words += f"，{_clock(style, act.end)}到达"
            cells["end"] = f"{act.end:%H:%M}"
    text.tell(words, _cells("ride", day, cells))


def _seat(style: Style, act: Ride) -> tuple[str, dict[str, str | None]]:
    if act.seat is None or act.row is None or not act.seat.isalpha() or not style.often(8):
        return "", {}
    seat = f"{act.row}{act.seat}"
    cells: dict[str, str | None] = {"row": act.row, "seat": seat, "carriage": act.carriage}
    if act.carriage is None:
        return style.pick((f"（{seat}座）", f"（座位号{seat}）")), cells
    number = style.pick((act.carriage, act.carriage.zfill(2)))
    return style.pick(
        (f"（{number}车厢{seat}）", f"（{number}车{seat}座）", f"（{number}号车厢{seat}号）")
    ), cells


def _cells(kind: str, day: date, cells: Mapping[str, str | None]) -> dict[str, str | None]:
    return {"kind": kind, "date": day.isoformat(), **cells}
