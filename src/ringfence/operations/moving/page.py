"""A trajectory as a page: maps, days, the list with its evidence, conflicts, gaps, questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from ringfence.errors import Text
from ringfence.movements.model import Confidence, Conflict, Episode, Gap, Told
from ringfence.operations.moving import days, words
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.moving.map import maps
from ringfence.operations.moving.view import View, table
from ringfence.operations.sheet import scrolling, sheet
from ringfence.records.vocabularies import CERTAINTIES
from ringfence.trace.local_days import local_day
from ringfence.trace.seeds import instant
from ringfence.trace.views.figures import clock

_MOST_SHOWN = 4


def page(told: Trajectory, language: str = "en") -> str:
    """One file that needs no network and runs no script."""
    style = (resources.files(__package__) / "page.css").read_text("utf-8")
    title, head = f"{told.of} · Ringfence", heading(told).to(language)
    return sheet(title, head, style, body(View(told, language)), language=language)


def heading(told: Trajectory) -> Text:
    if told.movements.person.case is None:
        return Text(f"Where contact {told.of} was", f"接触者 {told.of} 的行程轨迹")
    return Text(f"Where case {told.of} was", f"病例 {told.of} 的行程轨迹")


def body(view: View) -> Iterator[str]:
    told, found = view.told, view.told.movements
    first, last = (clock(instant(at), told.zone) for at in (found.person.start, found.person.end))
    sources = view.listed(found.sources)
    yield f'<p class="soft">{first} – {last} ({escape(told.zone)})</p>'
    counted = Text(
        f"{found.rows} records from {len(found.sources)} sources: {sources}",
        f"{len(found.sources)} 个来源的 {found.rows} 条记录：{sources}",
    )
    yield f"<p>{view.t(counted)}</p>"
    for warning in told.warnings:
        yield f'<p class="warning">{view.t(warning)}</p>'
    yield f'<ul class="key">{_keys(view)}</ul>'
    yield '<div class="maps">'
    yield from maps(view.said, found.episodes, view.pins, view.language)
    yield "</div>"
    yield from _legend(view)
    name = Text("Day by day", "逐日时间线").to(view.language)
    yield f"<h2>{name}</h2>{scrolling('days', name)}{days.drawn(view)}</div>"
    yield from _questions(view)
    yield from _conflicts(view)
    yield from _gaps(view)
    yield f"<h2>{view.t(Text('Stays and rides, with their evidence', '停留与乘坐及其证据'))}</h2>"
    yield from _listed(view, found.episodes)
    if found.set_aside:
        title = Text("Set aside: conflicts speak against it", "存疑未采用（与其他记录矛盾）")
        yield f"<h2>{view.t(title)}</h2>"
        yield from _listed(view, found.set_aside)


def _legend(view: View) -> Iterator[str]:
    """Which place each number of the maps is."""
    yield '<ol class="places">'
    for pin in sorted(view.pins.values(), key=lambda pin: pin.number):
        kind = view.t(words.kind_of(view.said, pin.where))
        name = escape(words.place(view.said, pin.where))
        yield f'<li>{name} <span class="soft">{kind}</span></li>'
    yield "</ol>"


def _keys(view: View) -> str:
    keys = "".join(
        f'<li><span class="badge {one.value}">{view.t(words.CONFIDENCE_TERMS[one])}</span></li>'
        for one in Confidence
    )
    said = Text(
        "shaded: infectious · dotted: nothing is known", "底色：传染期 · 虚线框：无任何记录"
    )
    return f'{keys}<li class="soft">{view.t(said)}</li>'


def _questions(view: View) -> Iterator[str]:
    if view.told.movements.questions:
        yield f'<h2>{view.t(Text("To ask next", "下一步核实"))}</h2><ol class="asked">'
        for one in view.told.movements.questions:
            yield f"<li>{view.t(words.question(view.said, one))}</li>"
        yield "</ol>"


def _conflicts(view: View) -> Iterator[str]:
    if not view.told.movements.conflicts:
        return
    name = Text("Conflicts", "矛盾")
    heads = (
        Text("kind", "类型"),
        Text("what contradicts", "矛盾内容"),
        Text("one side", "一方"),
        Text("the other", "另一方"),
        Text("likelier, and why", "较可能的一方与理由"),
    )
    yield f"<h2>{view.t(name)}</h2>"
    yield from table(view, name, heads, (_conflict(view, c) for c in view.told.movements.conflicts))


def _conflict(view: View, one: Conflict) -> Sequence[str]:
    return (
        view.t(words.KIND_TERMS[one.kind]),
        view.t(words.conflict(view.said, one)),
        _side(view, one.these),
        _side(view, one.those),
        view.t(words.likelier(one)),
    )


def _side(view: View, rows: Sequence[Told]) -> str:
    lines = [_row(view, row) for row in rows[:_MOST_SHOWN]]
    if len(rows) > _MOST_SHOWN:
        left = len(rows) - _MOST_SHOWN
        lines.append(view.t(Text(f"… {left} more", f"…… 另 {left} 条")))
    return "<br>".join(lines)


def _row(view: View, row: Told) -> str:
    detail = f" {row.detail}" if row.detail and row.table in {"ride", "stop"} else ""
    where = escape(f"{words.place(view.said, row.where)}{detail}")
    return f"{escape(row.source)} {view.span(row.start, row.end)} {where} [{view.line_of(row)}]"


def _gaps(view: View) -> Iterator[str]:
    gaps = [one for one in view.told.movements.gaps if not one.settled]
    if not gaps:
        return
    name = Text("Gaps, those first that could hide most", "空白时段（按可能隐藏的程度）")
    heads = (
        Text("when", "时间"),
        Text("between", "前后"),
        Text("minutes awake", "清醒分钟"),
        Text("of them infectious", "传染期内"),
        Text("apart", "两地相距"),
        Text("may have been as far as", "可达距离"),
    )
    yield f"<h2>{view.t(name)}</h2>"
    yield from table(view, name, heads, (_gap(view, one) for one in gaps))


def _gap(view: View, one: Gap) -> Sequence[str]:
    return (
        view.span(one.start, one.end),
        view.t(words.gap(view.said, one)),
        str(one.waking),
        str(one.infectious),
        "–" if one.apart_m is None else f"{one.apart_m / 1000:.1f} km",
        words.reach(one),
    )


def _listed(view: View, episodes: Iterable[Episode]) -> Iterator[str]:
    heads = (
        Text("map", "图号"),
        Text("when", "时间"),
        Text("where", "地点"),
        Text("confidence", "可信度"),
        Text("evidence", "证据"),
    )
    name = Text("Stays and rides", "停留与乘坐")
    yield from table(view, name, heads, _rows(view, episodes))


def _rows(view: View, episodes: Iterable[Episode]) -> Iterator[Sequence[str]]:
    day = None
    for one in episodes:
        today = local_day(instant(one.start), view.told.zone)
        if today != day:
            yield (str(today),)
            day = today
        pin = view.pins.get(one.where.key)
        kind = view.t(words.kind_of(view.said, one.where))
        where = escape(words.place(view.said, one.where))
        sure = view.t(words.CONFIDENCE_TERMS[one.confidence])
        yield (
            "" if pin is None else str(pin.number),
            view.span(one.start, one.end),
            f'{where} <span class="soft">{kind}</span>',
            f'<span class="badge {one.confidence.value}">{sure}</span>',
            _evidence(view, one),
        )


def _evidence(view: View, one: Episode) -> str:
    sources = view.listed(one.sources)
    count = len(one.told)
    records = "record" if count == 1 else "records"
    summary = Text(f"{count} {records}: {sources}", f"{count} 条记录：{sources}")
    lines = []
    for row in one.told:
        cells = (
            escape(row.source),
            view.span(row.start, row.end),
            view.t(words.TABLE_TERMS[row.table]),
            view.t(CERTAINTIES[row.certainty]),
            escape(row.detail or row.kind or ""),
            view.line_of(row),
        )
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return (
        f"<details><summary>{view.t(summary)}</summary><table><tbody>"
        f"{''.join(lines)}</tbody></table></details>"
    )
