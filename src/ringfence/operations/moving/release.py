"""What the public may know of a case's movements: places, never routes, and nobody behind them.

After the practice of Korea (no sex, age, nationality, sub-district or employer; a place is hidden
once all its contacts are known; deleted 14 days after the last contact) and Taiwan (only public
places whose contacts cannot be traced).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from ringfence.errors import NotAllowed, Text
from ringfence.movements.model import Episode, Sphere
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.moving.withholding import private, withheld
from ringfence.operations.sheet import sheet
from ringfence.trace.local_days import day_end, local_day
from ringfence.trace.seeds import instant

KEPT = timedelta(days=14)
"""A release is deleted so long after the last day that it names, and older days are not named."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class PublicPlace:
    """One place on one local day; whole hours [start, end)."""

    name: str
    kind: Text
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Release:
    """`places` by name, so that no route can be read. `withheld`: name and why; for the office."""

    disease: str
    places: tuple[PublicPlace, ...]
    withheld: tuple[tuple[str, Text], ...]
    published: datetime
    deleted: date


def released(told: Trajectory, settled: Collection[str] = ()) -> Release:
    """`settled`: keys or names of places all of whose contacts are known. `told`: of all days that
    a case is asked about, by which it shows where the case is regularly.

    NotAllowed: not of a confirmed case, no infectious window, one by a draft outside of exercises,
    or nothing is left that may be told. UsageError: `settled` names another place.
    """
    file, window = told.file, told.movements.person.window
    if file is None or file.provisional:
        raise NotAllowed(
            "only of a confirmed case something is released", "仅可发布确诊病例涉及的场所"
        )
    if window is None:
        raise NotAllowed(
            "without a protocol no infectious window is known, and so no place that the public"
            " should know: name one with --protocol",
            "没有适用方案即无传染期，无法判断应公布的场所：请用 --protocol 指定",
        )
    if told.protocol is not None and told.protocol.draft and not told.known.synthetic:
        raise NotAllowed(
            "a draft protocol releases nothing: its window has no primary source",
            "不得依据草案发布：其传染期没有正式依据",
        )
    since, until = max(instant(window[0]), told.known.as_of - KEPT), instant(window[1])
    if "isolated" in file.events:
        until = min(until, file.events["isolated"].at)
    kept_out: dict[str, Text] = {}
    told_of: defaultdict[str, list[PublicPlace]] = defaultdict(list)
    known = private(told, settled)
    for one in told.movements.episodes:
        if instant(one.end) >= since and instant(one.start) < until:
            name, kind = _named(told, one)
            why = withheld(told, one, known)
            if why is None:
                times = max(instant(one.start), since), min(instant(one.end), until)
                told_of[one.where.key] += _hours(name, kind, times, told.zone)
            else:
                kept_out.setdefault(name, why)
    rows = [row for some in told_of.values() for row in _joined(some)]
    rows.sort(key=lambda row: (row.name, row.start))
    if not rows:
        raise NotAllowed(
            "nothing can be released: every place would identify the person, or all its contacts"
            " are known",
            "没有可发布的内容：各场所均会暴露个人，或其接触者已全部查明",
        )
    last = max(local_day(row.end - timedelta(seconds=1), told.zone) for row in rows)
    return Release(
        file.disease, tuple(rows), tuple(sorted(kept_out.items())), told.known.as_of, last + KEPT
    )


def _named(told: Trajectory, one: Episode) -> tuple[str, Text]:
    said = words.Said(told.movements, told.zone)
    name = "–" if one.where.sphere is Sphere.VEHICLE else words.place(said, one.where)
    return name, words.kind_of(said, one.where)


def _hours(
    name: str, kind: Text, times: tuple[datetime, datetime], zone: str
) -> Iterator[PublicPlace]:
    """The stay in whole hours of local clocks, cut at midnights."""
    start, end = (at.astimezone(ZoneInfo(zone)) for at in times)
    low = start.replace(minute=0, second=0, microsecond=0)
    high = end.replace(minute=0, second=0, microsecond=0)
    high = high + _HOUR if high < end or high == low else high
    while low < high:
        midnight = day_end(low.date(), zone)
        yield PublicPlace(name, kind, low, min(high, midnight))
        low = midnight


def _joined(rows: Iterable[PublicPlace]) -> list[PublicPlace]:
    """Hours of one place that overlap, or follow each other on one day, as one line."""
    found: list[PublicPlace] = []
    for row in sorted(rows, key=lambda row: row.start):
        last = found[-1] if found else None
        if last is not None and row.start <= last.end and row.start.date() == last.start.date():
            found[-1] = replace(last, end=max(last.end, row.end))
        else:
            found.append(row)
    return found


def page(release: Release, told: Trajectory, language: str = "en") -> str:
    """One file that needs no network."""
    title = Text(
        f"Places where people may have been exposed: {release.disease}",
        f"{release.disease} 病例涉及的公共场所",
    ).to(language)
    return sheet(title, title, "", _body(release, told, language), language=language)


def withheld_lines(release: Release) -> Iterator[Text]:
    """For the office: what is not in the release, and why."""
    for name, why in release.withheld:
        yield Text(f"withheld: {name}: {why.en}", f"未发布：{name}：{why.zh}")


def _body(release: Release, told: Trajectory, language: str) -> Iterator[str]:
    published = local_day(release.published, told.zone)
    advice = Text(
        "If you were there at that time, tell your community or the health authority, and watch"
        " for symptoms.",
        "如您在下列时间到过这些场所，请向所在社区或疾控机构报告，并留意自身症状。",
    )
    heads = (
        Text("place", "场所"),
        Text("kind", "类型"),
        Text("day", "日期"),
        Text("hours", "时段"),
    )
    yield f"<p>{escape(advice.to(language))}</p><table><thead><tr>"
    yield "".join(f'<th scope="col">{escape(head.to(language))}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for row in release.places:
        day, hours = _when(row, told.zone)
        cells = (row.name, row.kind.to(language), day, hours)
        told_cells = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f"<tr>{told_cells}</tr>"
    kept = Text(
        f"Published {published}; to be taken down after {release.deleted}. Listed by name.",
        f"发布日期 {published}；{release.deleted} 后撤下。场所按名称排列。",
    )
    yield f'</tbody></table><p class="soft">{escape(kept.to(language))}</p>'


def _when(row: PublicPlace, zone: str) -> tuple[str, str]:
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (row.start, row.end))
    last = "24:00" if end.date() != start.date() else f"{end:%H:%M}"
    return f"{start:%Y-%m-%d}", f"{start:%H:%M}–{last}"
