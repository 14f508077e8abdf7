"""Words of a trajectory, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ringfence.errors import Text
from ringfence.movements.fusing import Movements
from ringfence.movements.model import (
    THESE,
    Confidence,
    Conflict,
    ConflictKind,
    Gap,
    Reason,
    Sphere,
    Told,
    Where,
)
from ringfence.movements.questions import Question, QuestionKind
from ringfence.records.vocabularies import PLACE_KINDS
from ringfence.trace.seeds import instant
from ringfence.trace.views.figures import clock, when

CONFIDENCE_TERMS: Mapping[Confidence, Text] = {
    Confidence.CERTAIN: Text("certain", "确认"),
    Confidence.LIKELY: Text("likely", "较可信"),
    Confidence.WEAK: Text("to verify", "待核实"),
    Confidence.DOUBTFUL: Text("set aside", "存疑"),
}
KIND_TERMS: Mapping[ConflictKind, Text] = {
    ConflictKind.SPEED: Text("impossible speed", "行进速度不可能"),
    ConflictKind.TWO_PLACES: Text("two places at once", "同时身处两地"),
    ConflictKind.TICKET: Text("ticket without boarding", "有票未乘"),
    ConflictKind.SEAT: Text("seat changed", "换座"),
    ConflictKind.POSTING: Text("posting time", "记账时间"),
    ConflictKind.CLOCK: Text("clock wrong", "时钟偏差"),
    ConflictKind.ZONE: Text("time zone", "时区错误"),
    ConflictKind.MIDNIGHT: Text("date around midnight", "跨夜日期"),
    ConflictKind.BORROWED: Text("telephone or card lent", "手机或卡片出借"),
    ConflictKind.COMPANION: Text("scan by a companion", "他人代扫码"),
    ConflictKind.DRIFT: Text("position adrift", "基站漂移"),
    ConflictKind.ALIAS: Text("two names of one place", "一地多名"),
    ConflictKind.DELAY: Text("delay", "晚点"),
    ConflictKind.ONSET: Text("onset revised", "发病日更正"),
    ConflictKind.DECLARED: Text("declared against recorded", "自述与记录不符"),
    ConflictKind.CONCEALED: Text("not mentioned", "未申报行程"),
}
REASON_TERMS: Mapping[Reason, Text] = {
    Reason.MORE_SOURCES: Text("more sources agree", "更多来源一致"),
    Reason.STRONGER: Text("the stronger evidence", "证据等级更高"),
    Reason.PERSON_OVER_TOKEN: Text(
        "a person was seen, not a telephone or card", "见到的是本人，而非手机或卡片"
    ),
    Reason.FITS_NEIGHBOURS: Text("fits what comes before and after", "与前后行程相符"),
    Reason.COARSE_POSITION: Text(
        "a telephone's position is as coarse as its cell", "手机定位精度受基站限制"
    ),
    Reason.TICKET_IS_NO_BOARDING: Text("a ticket shows no boarding", "购票不等于乘车"),
    Reason.STAY_BEFORE_POSTING: Text(
        "the stay that was paid for came before", "所付款的停留发生在此前"
    ),
    Reason.CLOCK_AGREES_SHIFTED: Text(
        "its records agree with others once shifted", "校正后与其他来源一致"
    ),
    Reason.DAY_AGREES_SHIFTED: Text(
        "another source tells the same a day apart", "另一来源相差一日记录同一事"
    ),
    Reason.SAME_NAME: Text("the names are the same but for writing", "名称仅写法不同"),
    Reason.SAME_POSITION: Text("kind and position are the same", "类型与位置相同"),
    Reason.REAL_TIMES: Text("real times stand before planned ones", "实际时刻优先于计划时刻"),
    Reason.BOARDED_SEAT: Text("seen in that seat", "实际就座"),
    Reason.EARLIER_BY_CAUTION: Text("the earlier day counts, by caution", "从严以较早者为准"),
}
SPHERE_TERMS: Mapping[Sphere, Text] = {
    Sphere.PLACE: Text("place", "场所"),
    Sphere.RUN: Text("journey", "班次"),
    Sphere.VEHICLE: Text("vehicle", "车辆"),
    Sphere.POSITION: Text("position of the telephone", "手机定位"),
}
TABLE_TERMS: Mapping[str, Text] = {
    "presence": Text("stay", "停留"),
    "event": Text("record", "瞬时记录"),
    "ride": Text("ride", "乘坐"),
    "occupancy": Text("in a vehicle", "乘车"),
    "sighting": Text("vehicle seen", "车辆识别"),
    "fix": Text("position", "定位"),
    "test": Text("sample", "采样"),
    "stop": Text("timetable", "时刻表"),
    "case_event": Text("case event", "病例事件"),
    "symptom": Text("symptom", "症状"),
}


_DAY_MIN = 24 * 60


class Said(NamedTuple):
    """Whose names and times sentences are made of."""

    movements: Movements
    zone: str


def place(said: Said, where: Where | None) -> str:
    """The name, or the key of what has none; of a position, both."""
    if where is None:
        return ""
    if where.sphere is Sphere.RUN:
        run = said.movements.runs.get(where.key)
        return run.name if run is not None else where.key
    if where.sphere is Sphere.VEHICLE:
        return where.key
    there = said.movements.sites.get(where.key)
    if where.sphere is Sphere.POSITION:
        return f"{where.key} ≈ {there.name}" if there is not None and there.name else where.key
    return there.name or there.key if there is not None else where.key


def kind_of(said: Said, where: Where) -> Text:
    """Of the place, or of what somebody was aboard."""
    if where.sphere is Sphere.PLACE:
        there = said.movements.sites.get(where.key)
        if there is None or there.kind is None:
            return Text("kind not known", "类型不详")
        return PLACE_KINDS[there.kind][1]
    return SPHERE_TERMS[where.sphere]


def span(said: Said, start: int, end: int) -> str:
    if start == end:
        return clock(instant(start), said.zone)[5:]
    return when(instant(start), instant(end), said.zone)


def hours(said: Said, start: int, end: int) -> str:
    """Of something that began on a day that stands above; `+1`: it ended on the next."""
    first, last = (instant(at).astimezone(ZoneInfo(said.zone)) for at in (start, end))
    days = (last.date() - first.date()).days
    if start == end:
        return f"{first:%H:%M}"
    return f"{first:%H:%M}–{last:%H:%M}{f' +{days}' if days else ''}"


def conflict(said: Said, one: Conflict) -> Text:
    """One sentence: what contradicts what."""
    here, there = (_names(said, side) for side in (one.these, one.those))
    figure = abs(one.figure or 0)
    source = one.these[0].source if one.these else ""
    run, amount = here.split(", ")[0], f"{figure:.0f}"
    sentences: dict[ConflictKind, tuple[str, str]] = {
        ConflictKind.SPEED: (
            f"from {here} to {there} it would have taken {amount} km/h",
            f"从 {here} 到 {there} 需时速 {amount} 公里",
        ),
        ConflictKind.TWO_PLACES: (
            f"at {here} and at {there} at one time",
            f"同一时间在 {here} 与 {there}",
        ),
        ConflictKind.TICKET: (
            f"a ticket for {run}, and records that say otherwise",
            f"有 {run} 车票，但其他记录与之矛盾",
        ),
        ConflictKind.SEAT: (
            f"two seats on {run}: {_details(one)}",
            f"{run} 上有两个座位：{_details(one)}",
        ),
        ConflictKind.POSTING: (
            f"a payment at {here} was probably booked after the stay there",
            f"{here} 的付款可能在停留之后才入账",
        ),
        ConflictKind.CLOCK: (
            f"the clock of {source} is {amount} min {_pace(one).en}; its times are shifted",
            f"来源 {source} 的时钟{_pace(one).zh} {amount} 分钟；已校正",
        ),
        ConflictKind.ZONE: (
            f"{source} is {figure / 60:g} h {_pace(one).en}, as in another time zone; its times are"
            " shifted",
            f"来源 {source} {_pace(one).zh} {figure / 60:g} 小时，疑为时区错误；已校正",
        ),
        ConflictKind.MIDNIGHT: (
            f"told a day off: {here}, around midnight",
            f"日期差一天（跨夜）：{here}",
        ),
        ConflictKind.BORROWED: (
            f"telephone or card was at {here} while the person was at {there}: probably lent",
            f"手机或卡片在 {here}，而本人在 {there}：疑为出借",
        ),
        ConflictKind.COMPANION: _companion(one, here, there),
        ConflictKind.DRIFT: (
            f"the telephone was told to be {amount} km off, at {here}: probably another cell",
            f"手机定位在 {here}，偏离 {amount} 公里：疑为基站漂移",
        ),
        ConflictKind.ALIAS: (
            f"{here} has two keys, of one place as it seems",
            f"{here} 有两个编号，似为同一场所",
        ),
        ConflictKind.DELAY: _delay(one, run, amount),
        ConflictKind.ONSET: (
            f"onset is told for two days, {amount} d apart",
            f"发病日有两说，相差 {amount} 天",
        ),
        ConflictKind.DECLARED: (
            f"{_said(said, one, declared=True)} was said; records tell of"
            f" {_said(said, one, declared=False)}",
            f"自述 {_said(said, one, declared=True)}；记录显示 {_said(said, one, declared=False)}",
        ),
        ConflictKind.CONCEALED: (
            f"records tell of {here}; nothing was said of it",
            f"记录显示 {here}，本人未申报",
        ),
    }
    return Text(*sentences[one.kind])


def likelier(one: Conflict) -> Text:
    """Which sources are believed, and for which reasons."""
    if one.likelier is None:
        return Text("not decided by records", "记录无法判定")
    rows = one.these if one.likelier == THESE else one.those
    sources = list(dict.fromkeys(row.source for row in rows))
    reasons = [REASON_TERMS[reason] for reason in one.reasons]
    return Text(
        f"{', '.join(sources)}: {', '.join(reason.en for reason in reasons)}",
        f"{'、'.join(sources)}：{'、'.join(reason.zh for reason in reasons)}",
    )


def _companion(one: Conflict, here: str, there: str) -> tuple[str, str]:
    if one.likelier is None:
        times = len(one.these) + 1
        return (
            f"one code was scanned {times} times at {here}: somebody came along",
            f"同一健康码在 {here} 连扫 {times} 次：有同行者",
        )
    return (
        f"a scan at {here} while the person was at {there}: perhaps by a companion",
        f"在 {here} 有扫码，而本人在 {there}：或为他人代扫",
    )


def _delay(one: Conflict, run: str, amount: str) -> tuple[str, str]:
    station = one.these[0].detail or ""
    late = (one.figure or 0) > 0
    return (
        f"{run} called at {station} {amount} min {'late' if late else 'early'}",
        f"{run} 在 {station} {'晚点' if late else '早点'} {amount} 分钟",
    )


def _pace(one: Conflict) -> Text:
    return Text("fast", "快") if (one.figure or 0) > 0 else Text("slow", "慢")


def _details(one: Conflict) -> str:
    return " / ".join(dict.fromkeys(row.detail or "?" for row in (*one.these, *one.those)))


def _said(said: Said, one: Conflict, *, declared: bool) -> str:
    rows = [
        row
        for row in (*one.these, *one.those)
        if (row.certainty in {"declared", "denied"}) == declared
    ]
    names = _names(said, rows)
    denied = declared and any(row.denied for row in rows)
    return f"{names} (–)" if denied else names


_MOST_NAMED = 3


def _names(said: Said, rows: Sequence[Told]) -> str:
    names = list(dict.fromkeys(place(said, row.where) for row in rows if row.where is not None))
    more = ["…"] if len(names) > _MOST_NAMED else []
    return ", ".join([*names[:_MOST_NAMED], *more])


def gap(said: Said, one: Gap) -> Text:
    before, after = (place(said, where) for where in (one.before, one.after))
    if one.before is None or one.after is None:
        known = before or after
        if not known:
            return Text("nothing is known at all", "无任何记录")
        return Text(
            f"nothing is known {'after' if before else 'before'} {known}",
            f"{known} {'之后' if before else '之前'}无任何记录",
        )
    if one.before == one.after:
        return Text(f"between two times at {before}", f"前后均在 {before}")
    return Text(f"between {before} and {after}", f"{before} 与 {after} 之间")


def reach(one: Gap) -> str:
    """Of more than a day it says nothing."""
    return "–" if one.minutes > _DAY_MIN else f"{one.reach_m / 1000:.0f} km"


_OF_CONFLICT: Mapping[ConflictKind, Text] = {
    ConflictKind.SPEED: Text("Which of the two is true?", "两者何者属实？"),
    ConflictKind.TWO_PLACES: Text("At which of the two places?", "当时究竟在何处？"),
    ConflictKind.TICKET: Text("Was the ticket used?", "是否实际乘坐？"),
    ConflictKind.SEAT: Text("In which seat, and from which stop on?", "实际坐哪个座位？何站起？"),
    ConflictKind.CLOCK: Text(
        "Is its clock wrong? Ask its keeper.", "其时钟是否有误？请与提供方核对"
    ),
    ConflictKind.ZONE: Text("Which time zone does it use?", "该来源采用何时区？"),
    ConflictKind.MIDNIGHT: Text("On which of the two nights?", "是哪一晚？"),
    ConflictKind.BORROWED: Text("Who had the telephone or card then?", "当时手机或卡片由谁持有？"),
    ConflictKind.COMPANION: Text("Who was it, or who came along?", "扫码者或同行者是谁？"),
    ConflictKind.ALIAS: Text("Are these one place?", "是否为同一场所？"),
    ConflictKind.ONSET: Text("Which day did the first symptom begin?", "首个症状始于哪天？"),
    ConflictKind.DECLARED: Text("Why do records tell otherwise?", "为何与记录不符？"),
    ConflictKind.CONCEALED: Text("What was the journey, and with whom?", "此行目的？与谁同行？"),
}


def question(said: Said, one: Question) -> Text:
    name = place(said, one.where)
    if one.kind is QuestionKind.CONFLICT and one.number is not None:
        about = said.movements.conflicts[one.number - 1]
        asked = _OF_CONFLICT[about.kind]
        told = conflict(said, about)
        return Text(f"{asked.en} ({told.en})", f"{asked.zh}（{told.zh}）")
    if one.kind is QuestionKind.GAP and one.number is not None:
        about_gap = said.movements.gaps[one.number - 1]
        times, where = span(said, about_gap.start, about_gap.end), gap(said, about_gap)
        return Text(
            f"Where was the person {times}? ({where.en})", f"{times} 身在何处？（{where.zh}）"
        )
    rest = {
        QuestionKind.BOARDED: Text(f"Was {name} really boarded?", f"是否实际乘坐 {name}？"),
        QuestionKind.SEAT: Text(
            f"In which carriage and seat of {name}?", f"乘坐 {name} 的车厢与座位？"
        ),
        QuestionKind.TIMES: Text(
            f"Between which stops of {name}, and when did it call there?",
            f"乘坐 {name} 的区间？到发时刻？",
        ),
        QuestionKind.PLACE: Text(f"What kind of place is {name}?", f"{name} 是什么类型的场所？"),
    }
    return rest[one.kind]
