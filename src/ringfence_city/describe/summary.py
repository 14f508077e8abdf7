"""A city in a few lines, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.errors import Text
from ringfence.records.vocabularies import PLACE_KINDS
from ringfence_city.describe.description import Description

_MOST_VISITED = 5
_LEVELS = " ▁▂▃▄▅▆▇█"


def summary(told: Description) -> Iterator[Text]:
    yield Text(
        f"{told.people:,} people in {sum(told.households):,} households "
        f"({told.household_size:.2f} each), {told.places:,} places; "
        f"{told.days} days from {told.first_day}; {told.stays:,} true stays",
        f"{told.people:,} 人，{sum(told.households):,} 户（每户 {told.household_size:.2f} 人），"
        f"场所 {told.places:,} 处；自 {told.first_day} 起 {told.days} 天；"
        f"真实停留 {told.stays:,} 次",
    )
    yield Text(
        f"aged 60 or over: {told.share_older_than(60):.1%}; "
        f"under 15: {1 - told.share_older_than(15):.1%}",
        f"60 岁及以上 {told.share_older_than(60):.1%}；15 岁以下 "
        f"{1 - told.share_older_than(15):.1%}",
    )
    most = [kind for kind in told.kinds if kind.kind not in {"home", "dormitory"}][:_MOST_VISITED]
    yield Text(
        "most visited: " + ", ".join(f"{_name(k.kind).en} {k.visits:,.0f} a day" for k in most),
        "访问最多：" + "、".join(f"{_name(k.kind).zh} 每日 {k.visits:,.0f} 次" for k in most),
    )
    begun = [sum(hours[0][hour] for hours in told.hours.values()) for hour in range(24)]
    yield Text(
        f"visits begun on a working day, 0 to 24 h: {sparks(begun)}",
        f"工作日各时开始的访问（0–24 时）：{sparks(begun)}",
    )
    yield Text(
        f"infected: {told.infections:,} ({told.from_outside} from outside), "
        f"reported: {told.cases:,}; infected by day: "
        f"{sparks([day.infected for day in told.curve])}",
        f"感染 {told.infections:,} 人（其中外来 {told.from_outside}），报告 {told.cases:,} 例；"
        f"每日感染：{sparks([day.infected for day in told.curve])}",
    )
    for channel in told.channels:
        people = None if channel.people is None else channel.people / max(told.people, 1)
        yield Text(
            f"  {channel.channel}: {channel.rows:,} rows in "
            f"{_counted(channel.files, 'file')}"
            + ("" if people is None else f", names {min(people, 1):.1%} of the people"),
            f"  {channel.channel}：{channel.files:,} 个文件，{channel.rows:,} 行"
            + ("" if people is None else f"，涉及 {min(people, 1):.1%} 的人"),
        )


def sparks(values: list[float] | list[int]) -> str:
    """One character a value; a value above none is never shown as none."""
    most = max([*values, 1])
    top = len(_LEVELS) - 1
    return "".join(_LEVELS[max(round(top * v / most), 1 if v else 0)] for v in values)


def _name(kind: str) -> Text:
    return PLACE_KINDS[kind][1]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
