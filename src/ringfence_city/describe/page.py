"""A self-contained page about a city, in both languages: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ringfence.errors import Text
from ringfence.records.vocabularies import PLACE_KINDS, SETTING_TERMS, Setting
from ringfence_city.describe.charts import Series, both, columns, curve, highest, legend, pyramid
from ringfence_city.describe.description import AGE_STEP, Channel, Description, PlaceKind
from ringfence_city.describe.style import STYLE

_TONES = ("t0", "t1", "t2", "t3", "t4", "t5")
_OTHER = "t6"
_WORKING_DAY = Text("a working day", "工作日")
_DAY_OFF = Text("a day of the weekend", "周末")


def page(told: Description, language: str) -> str:
    """`language`: zh or en, which is shown first."""
    title = Text("A synthetic city", "虚构城市")
    chosen = {name: " checked" if name == language else "" for name in ("en", "zh")}
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title.to(language))}</title><style>{STYLE}</style></head><body>"
        f'<input class="choice" type="radio" name="tongue" id="in-en"{chosen["en"]}>'
        f'<input class="choice" type="radio" name="tongue" id="in-zh"{chosen["zh"]}>'
        f'<header><h1>{both(title)}</h1><div class="tongues"><label for="in-zh">中文</label>'
        '<label for="in-en">English</label></div></header>'
        f"<main>{_head(told)}{_figures(told)}"
        f'<div class="charts">{_ages(told)}{_households(told)}{_epidemic(told)}'
        f"{_hours(told)}{_places(told)}{_channels(told)}</div></main></body></html>\n"
    )


def _head(told: Description) -> str:
    full = Text("Every true fact is delivered.", "全部事实均已交付。")
    noise = Text("Agencies see part of it, with faults.", "各机构只见其中一部分，且有差错。")
    known = full if told.full else noise
    text = Text(
        f"Nobody here is real. {told.days} days from {told.first_day}, seed {told.seed}. "
        f"{known.en}",
        f"所有人物均为虚构。自 {told.first_day} 起 {told.days} 天，种子 {told.seed}。{known.zh}",
    )
    return f'<p class="banner">{both(text)}</p>'


def _figures(told: Description) -> str:
    figures = (
        (Text("people", "居民"), f"{told.people:,}", ""),
        (Text("households", "户"), f"{sum(told.households):,}", ""),
        (Text("people in each", "每户人数"), f"{told.household_size:.2f}", ""),
        (Text("places", "场所"), f"{told.places:,}", ""),
        (Text("true stays", "真实停留"), f"{told.stays:,}", ""),
        (Text("infected", "感染"), f"{told.infections:,}", "alarm"),
        (Text("reported cases", "报告病例"), f"{told.cases:,}", "alarm"),
    )
    told_all = (
        f'<div><dt>{both(name)}</dt><dd class="{tone}">{value}</dd></div>'
        for name, value, tone in figures
    )
    return f'<dl class="figures">{"".join(told_all)}</dl>'


def _section(title: Text, text: Text, *content: str, wide: str = "") -> str:
    head = f'<div class="head"><h2>{both(title)}</h2><p>{both(text)}</p></div>'
    return f'<section class="{wide}">{head}{"".join(content)}</section>'


def _ages(told: Description) -> str:
    title = Text("Ages", "年龄结构")
    groups = [f"{AGE_STEP * n}" for n in range(len(told.male))]
    groups[-1] += "+"
    left = Series(Text("male", "男"), told.male, "t0")
    right = Series(Text("female", "女"), told.female, "t3")
    text = Text(
        f"People by groups of {AGE_STEP} years. {told.share_older_than(60):.1%} are 60 or older.",
        f"每 {AGE_STEP} 岁一组的人数。60 岁及以上占 {told.share_older_than(60):.1%}。",
    )
    chart = pyramid(groups, left, right, title)
    return _section(title, text, legend((left, right)), chart)


def _households(told: Description) -> str:
    title = Text("Households", "家庭规模")
    sizes = [str(size) for size in range(1, len(told.households) + 1)]
    sizes[-1] += "+"
    bars = Series(Text("households", "户数"), told.households, "t2")
    text = Text("Number of households by how many live in it.", "按同住人数统计的户数。")
    return _section(title, text, columns(sizes, (bars,), title, height=260))


def _epidemic(told: Description) -> str:
    title = Text("The epidemic", "疫情曲线")
    labels = [f"{day.day.month}-{day.day.day}" for day in told.curve]
    infected = Series(Text("infected", "感染"), [day.infected for day in told.curve], "t6")
    onset = Series(Text("onset of a case", "病例发病"), [day.onset for day in told.curve], "t1")
    reported = Series(Text("reported", "报告"), [day.reported for day in told.curve], "alarm")
    shown = sum(day.infected for day in told.curve)
    text = Text(
        f"By day. {told.infections} were infected in truth, {told.from_outside} of them outside "
        f"the city and {told.infections - shown} before the first day; {told.cases} were reported.",
        f"按日统计。实际感染 {told.infections} 人，其中 {told.from_outside} 人在城外感染、"
        f"{told.infections - shown} 人在第一天之前感染；报告 {told.cases} 例。",
    )
    keys = legend((infected, onset, reported))
    return _section(
        title, text, keys, curve(labels, infected, (onset, reported), title), wide="wide"
    )


def _hours(told: Description) -> str:
    title = Text("Visits by hour", "各时访问")
    text = Text(
        f"Visits begun in each hour, mean of {told.hours_days[0]} working days and "
        f"{told.hours_days[1]} days of the weekend; staying at home is not a visit.",
        f"每小时开始的访问，{told.hours_days[0]} 个工作日与 {told.hours_days[1]} 个周末日的平均；"
        "在家不计。",
    )
    if not told.hours:
        none = Text("The true stays were not written.", "未写出真实停留。")
        return _section(title, none, wide="wide")
    hours = [str(hour) for hour in range(24)]
    working, off = _by_setting(told, 0), _by_setting(told, 1)
    most = max(highest(working), highest(off))  # one scale for both
    parts = [f'<div class="head">{legend(working)}</div>']
    for name, series, days in (
        (_WORKING_DAY, working, told.hours_days[0]),
        (_DAY_OFF, off, told.hours_days[1]),
    ):
        if days:
            chart = columns(hours, series, title, most=most)
            parts.append(f"<div><h3>{both(name)}</h3>{chart}</div>")
    return _section(title, text, *parts, wide="wide two")


def _by_setting(told: Description, which: int) -> tuple[Series, ...]:
    """The settings with most visits, and all others as one."""
    names = list(told.hours)
    named, rest = names[: len(_TONES)], names[len(_TONES) :]
    series = [
        Series(SETTING_TERMS[Setting(name)], told.hours[name][which], tone)
        for name, tone in zip(named, _TONES, strict=False)
    ]
    if rest:
        summed = [sum(told.hours[name][which][hour] for name in rest) for hour in range(24)]
        series.append(Series(Text("other", "其他"), summed, _OTHER))
    return tuple(series)


def _places(told: Description) -> str:
    title = Text("Places", "场所")
    text = Text(
        "How many there are of each kind, visits a day in all of them (homes: every return), and "
        "the most visits that one of them had on one day.",
        "各类场所的数量、每日访问总数（住宅含每次回家），以及单个场所单日最多访问数。",
    )
    away = [k.visits for k in told.kinds if PLACE_KINDS[k.kind][0] is not Setting.HOUSEHOLD]
    most = max([*away, 1])
    rows = (_place_row(kind, most) for kind in told.kinds)
    head = _row(
        "th",
        (Text("kind", "类型"), ""),
        (Text("places", "数量"), "n"),
        (Text("visits a day", "每日访问"), "n"),
        (Text("", ""), "size"),
        (Text("busiest, one day", "单日最多"), "n"),
    )
    return _section(title, text, _table(head, rows), wide="wide")


def _place_row(kind: PlaceKind, most: float) -> str:
    setting, name = PLACE_KINDS[kind.kind]
    length = 0 if setting is Setting.HOUSEHOLD else 100 * kind.visits / most
    bar = (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="t0" width="{length:.1f}" height="8"/></svg>'
    )
    return (
        f"<tr><td>{both(name)} <small class='phone-off'>{both(SETTING_TERMS[setting])}</small></td>"
        f'<td class="n">{kind.places:,}</td><td class="n">{kind.visits:,.0f}</td>'
        f'<td class="size">{bar}</td><td class="n">{kind.busiest:,}</td></tr>'
    )


def _channels(told: Description) -> str:
    title = Text("What agencies deliver", "各机构交付的数据")
    text = Text(
        "Each channel with its files and rows, the share of the people that it names, and (where "
        "one was given) the coverage that was asked for.",
        "各渠道的文件与行数、涉及人员的比例，以及生成时指定的覆盖率（如有）。",
    )
    any_asked = any(channel.asked is not None for channel in told.channels)
    head = _row(
        "th",
        (Text("channel", "渠道"), ""),
        (Text("tables", "表"), "phone-off"),
        (Text("files", "文件"), "n phone-off"),
        (Text("rows", "行"), "n"),
        (Text("of the people", "涉及人员"), "n"),
        *([(Text("asked", "指定"), "n phone-off")] if any_asked else []),
        (Text("received", "收到"), "n phone-off"),
    )
    rows = (_channel_row(channel, told.people, any_asked) for channel in told.channels)
    return _section(title, text, _table(head, rows), wide="wide")


def _channel_row(channel: Channel, people: int, any_asked: bool) -> str:
    share = "–" if channel.people is None else f"{min(channel.people / max(people, 1), 1):.1%}"
    share_asked = "" if channel.asked is None else f"{channel.asked:.0%}"
    asked = f'<td class="n phone-off">{share_asked}</td>' if any_asked else ""
    days = f"{channel.first:%m-%d} – {channel.last:%m-%d}"
    if channel.first == channel.last:
        days = f"{channel.first:%m-%d}"
    return (
        f"<tr><td>{escape(channel.channel)}</td>"
        f'<td class="phone-off">{escape(", ".join(channel.tables))}</td>'
        f'<td class="n phone-off">{channel.files:,}</td><td class="n">{channel.rows:,}</td>'
        f'<td class="n">{share}</td>{asked}'
        f'<td class="n phone-off">{days}</td></tr>'
    )


def _row(cell: str, *cells: tuple[Text, str]) -> str:
    return "<tr>" + "".join(f'<{cell} class="{c}">{both(t)}</{cell}>' for t, c in cells) + "</tr>"


def _table(head: str, rows: Iterable[str]) -> str:
    body: Sequence[str] = list(rows)
    return (
        f'<div class="scroll"><table><thead>{head}</thead><tbody>{"".join(body)}</tbody></table>'
        "</div>"
    )
