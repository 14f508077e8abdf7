"""Who rode with a case, from the home to the answer, and on to the runs that it changed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ringfence.audit import append
from ringfence.engines.question import Engine, EngineMaker, Focus
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import NotFound, Text
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.operations.in_force import protocol_or_none
from ringfence.protocols.model import Protocol, Rule
from ringfence.rides.aboard import legs_aboard
from ringfence.rides.catalogue import layouts
from ringfence.rides.companions import Companion, companions
from ringfence.rides.doses import doses_of
from ringfence.rides.judging import Asked, fitting, outside
from ringfence.rides.layouts import Layout
from ringfence.rides.legs import Leg, legs_of
from ringfence.rides.runs import Run, run_of, runs_named, span_of
from ringfence.rides.stating import Stated, stated_leg
from ringfence.trace import words
from ringfence.trace.case_files import CaseFile, read_cases
from ringfence.trace.purged import purged_unheld
from ringfence.trace.seeds import instant
from ringfence.trace.windows import window_of

CHANGE_WITHIN = timedelta(hours=24)
"""A run that the case boarded so long after leaving another is a change."""
_NO_CLASS = Text("nobody is given a class", "未判定任何类别")
_EVER = (-(1 << 62), 1 << 62)


@dataclass(frozen=True)
class PassengersAsked:
    """`service`: a public number or a key, on the local day on which it departs. `stated`: of the
    case on that run.
    """

    case: str
    service: str
    day: date
    stated: Stated = field(default_factory=Stated)
    protocol: str | None = None
    as_of: datetime | int | None = None


@dataclass(frozen=True)
class PassengerList:
    """Of one run. `protocol` None: none is in force and none was named, so nobody has a class.
    `onward`: the next run that the case changed to, with its own list.
    """

    case: str
    subject: str
    run: Run
    layout: Layout | None
    protocol: Protocol | None
    as_of: datetime
    zone: str
    warnings: tuple[Text, ...]
    mine: tuple[Leg, ...]
    people: tuple[Companion, ...]
    aboard: int
    onward: PassengerList | None = None


@dataclass(frozen=True)
class World:
    """What is known, and how vehicles look inside."""

    known: Snapshot
    engine: Engine
    layouts: Mapping[str, Layout]


@dataclass(frozen=True)
class _Question:
    """What holds for every run of the way."""

    world: World
    file: CaseFile
    protocol: Protocol | None
    rules: tuple[Rule, ...]
    focus: Focus
    warnings: tuple[Text, ...]


def passengers_asked(
    home: Home,
    asked: PassengersAsked,
    *,
    make_engine: EngineMaker,
    now: datetime,
    by: str | None = None,
) -> PassengerList:
    """`by`: who asks, for the audit, which knows before the answer; None: it knows already.

    NotFound: no such case or service, or no record of the case aboard and nothing stated.
    NotAllowed: the case was discarded or withdrawn. UsageError: what is stated names no stop.
    """
    known = snapshot(home, now, asked.as_of)
    engine = make_engine(known)
    told: list[Text] = []
    protocol = protocol_or_none(
        home,
        known,
        engine,
        asked.case,
        name=asked.protocol,
        without=_NO_CLASS,
        told=told,
    )
    if by is not None:
        (file,) = read_cases(engine, [asked.case])
        about = {"case": file.case, "service": asked.service, "day": asked.day.isoformat()}
        append(home, "passengers.asked", by=by, at=now, about=about)
    world = World(known, engine, layouts(home.layouts))
    return passengers_of(world, asked, protocol, told)


def passengers_of(
    world: World, asked: PassengersAsked, protocol: Protocol | None, told: Sequence[Text] = ()
) -> PassengerList:
    """The same by this protocol (None: nobody is given a class), after what was `told` of it."""
    question = _question(world, asked, protocol, list(told))
    run = run_of(world.engine, asked.service, asked.day)
    return _list(question, run, asked.stated, frozenset())


def _question(
    world: World, asked: PassengersAsked, protocol: Protocol | None, told: list[Text]
) -> _Question:
    known = world.known
    (file,) = read_cases(world.engine, [asked.case])
    rules: tuple[Rule, ...] = ()
    start, end = _EVER
    if protocol is not None:
        window = window_of(file, protocol, known.zone, known.as_of)
        if window is None:
            told.append(words.warning("no_anchor", case=file.case))
        else:
            start, end = int(window.start.timestamp()), int(window.end.timestamp())
            rules = tuple(r for r in protocol.of_order(1) if "ride" in r.evidence)
            if not rules:
                told.append(_no_rules(protocol))
        if protocol.draft:
            told.append(words.warning("draft", protocol=protocol.id))
    if file.provisional:
        told.append(words.warning("provisional", case=file.case))
    focus = Focus(0, file.subject, start, min(end, int(known.as_of.timestamp())), file.symptomatic)
    return _Question(world, file, protocol, rules, focus, tuple(told))


def _no_rules(protocol: Protocol) -> Text:
    return Text(
        f"nobody is given a class: {protocol.id} has no rules for seats and vehicles",
        f"未判定任何类别：{protocol.id} 没有关于座位与交通工具的规则",
    )


def _list(question: _Question, run: Run, stated: Stated, before: frozenset[str]) -> PassengerList:
    told = list(question.warnings)
    layout = _layout(question, run, told)
    (legs,) = legs_aboard(question.world.engine, [run], question.world.layouts)
    mine = [leg for leg in legs if leg.person == question.file.subject]
    if not stated.nothing:
        mine = [stated_leg(question.file.subject, run, layout, stated, mine)]
    if not mine:
        raise NotFound(
            "no record tells that this case was aboard: state where it boarded (from), left (to)"
            " and sat (carriage, seat)",
            "没有记录表明该病例乘坐过此班次：请说明上车站（from）、下车站（to）、车厢（carriage）"
            "与座位（seat）",
        )
    told += _cautions(run, mine)
    told += _unfollowed(question, run, mine)
    span = span_of(run, question.world.known.zone)
    if span is not None:
        told += purged_unheld(question.world.known, "ride", *(instant(at) for at in span))
    if question.protocol is not None and all(outside(leg, question.focus) for leg in mine):
        told.append(
            Text(
                "by this protocol the case was not infectious when it rode",
                "按该方案，病例乘车时不在传染期内",
            )
        )
    doses = doses_of(question.world.engine, {leg.person for leg in legs}, question.rules)
    fit = fitting(run, question.rules)
    asked = Asked(run, question.focus, question.file.disease, doses, fit)
    return PassengerList(
        case=question.file.case,
        subject=question.file.subject,
        run=run,
        layout=layout,
        protocol=question.protocol,
        as_of=question.world.known.as_of,
        zone=question.world.known.zone,
        warnings=tuple(told),
        mine=tuple(mine),
        people=companions(mine, legs, asked, question.rules),
        aboard=len({leg.person for leg in legs}),
        onward=_onward(question, mine, before | set(run.keys)),
    )


def _layout(question: _Question, run: Run, told: list[Text]) -> Layout | None:
    known = question.world.layouts
    if run.layout is not None and run.layout not in known:
        told.append(
            Text(
                f"there is no seat layout {run.layout}: rows of lettered seats are compared, and no"
                " more",
                f"没有座位布局 {run.layout}：仅能比较带字母座位的排号",
            )
        )
    return known.get(run.layout) if run.layout is not None else None


def _cautions(run: Run, mine: Sequence[Leg]) -> list[Text]:
    told = []
    if run.unsound is not None:
        told.append(
            Text(
                f"the times of the timetable cannot be at stop {run.unsound}: they contradict each "
                "other or the day of the run, and are not used",
                f"时刻表第 {run.unsound} 站的时刻不成立（前后矛盾或与运行日期不符）：未采用",
            )
        )
    elif not run.stops:
        told.append(
            Text(
                "no timetable is known: whether two were aboard at one time has to be asked",
                "没有时刻表：是否同时在车上须核实",
            )
        )
    if any(leg.spot.wrong for leg in mine):
        told.append(
            Text(
                "the vehicle has no such seat as the case's: it is taken as not known",
                "该车没有病例所述座位：按座位不详处理",
            )
        )
    return told


def _rides(question: _Question) -> list[dict[str, Any]]:
    rows = question.world.engine.rows("ride", "subject", [question.file.subject])
    told: list[dict[str, Any]] = rows.to_pylist()
    return told


def _unfollowed(question: _Question, run: Run, mine: Sequence[Leg]) -> list[Text]:
    """Other runs of that day or the next, where it is not known when the case left this one."""
    if run.date is None or any(leg.end is not None for leg in mine):
        return []
    keys = {row["service"] for row in _rides(question)} - set(run.keys)
    near = sorted(
        other.name
        for other in runs_named(question.world.engine, keys)
        if other.date is not None and timedelta() <= other.date - run.date <= CHANGE_WITHIN
    )
    if not near:
        return []
    return [
        Text(
            "it is not known when the case left this service, so that a change is not followed: "
            f"ask for {', '.join(near)} too",
            f"病例离开此班次的时间不详，未能追踪换乘：请另行查询 {'、'.join(near)}",
        )
    ]


def _onward(
    question: _Question, mine: Sequence[Leg], before: frozenset[str]
) -> PassengerList | None:
    """The first run that the case boarded after leaving this one, within a day."""
    ends = [leg.end for leg in mine if leg.end is not None]
    if not ends:
        return None
    left = max(ends)
    rows = _rides(question)
    found: list[tuple[int, Run]] = []
    for other in runs_named(question.world.engine, {row["service"] for row in rows} - before):
        own = [row for row in rows if row["service"] in other.keys]
        starts = [leg.start for leg in legs_of(other, own, None) if leg.start is not None]
        if starts and left <= min(starts) < left + CHANGE_WITHIN.total_seconds():
            found.append((min(starts), other))
    if not found:
        return None
    _, following = min(found, key=lambda one: one[0])
    return _list(question, following, Stated(), before)
