"""Where a case, or a contact under an order, was: from the home to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ringfence.audit import append
from ringfence.engines.persons import person_of
from ringfence.engines.question import Engine, EngineMaker
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import NotAllowed, Text, UsageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.movements.fusing import Movements, Person, movements_of
from ringfence.movements.gaps import Span
from ringfence.operations.in_force import protocol_or_none
from ringfence.operations.riding.asking import World
from ringfence.protocols.model import Protocol
from ringfence.records.vocabularies import ISOLATING_MEASURES
from ringfence.rides.catalogue import layouts
from ringfence.trace import words
from ringfence.trace.case_files import CaseFile, read_cases
from ringfence.trace.local_days import closing, day_end, day_start, local_day
from ringfence.trace.purged import purge_warnings, purged_unheld
from ringfence.trace.seeds import instant, seconds
from ringfence.trace.windows import window_of

LOOK_BACK = timedelta(days=14)
"""So long before the first sign of the illness investigators look back."""
_BINDING = ISOLATING_MEASURES | {"monitoring"}
"""Orders of contacts; whole quarters are tested."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_NO_WINDOW = Text("gaps are ranked without an infectious window", "空白时段未按传染期排序")
_SIGNS = ("onset", "rash", "cough", "sample", "report")


@dataclass(frozen=True)
class TrajectoryAsked:
    """Of a case, or of a contact named by subject: one of both. `first`, `last`: local days, both
    included; None: from 14 days before the first sign of the illness to isolation.
    """

    case: str | None = None
    contact: str | None = None
    first: date | None = None
    last: date | None = None
    protocol: str | None = None
    as_of: datetime | int | None = None


@dataclass(frozen=True)
class Trajectory:
    """`file` None: of a contact under an order. `protocol` None: none is in force."""

    known: Snapshot
    movements: Movements
    file: CaseFile | None
    protocol: Protocol | None
    warnings: tuple[Text, ...]

    @property
    def of(self) -> str:
        """The number by which it was asked for."""
        return self.file.case if self.file is not None else self.movements.person.subject

    @property
    def zone(self) -> str:
        return self.known.zone


def _check_days(asked: TrajectoryAsked) -> None:
    for day in (asked.first, asked.last):
        if day is not None and not _FIRST_YEAR <= day.year < _LAST_YEAR:
            raise UsageError(
                f"a day of a timeline is of {_FIRST_YEAR} to {_LAST_YEAR - 1}",
                f"行程轨迹的日期须在 {_FIRST_YEAR} 至 {_LAST_YEAR - 1} 年之间",
            )


def trajectory_asked(
    home: Home,
    asked: TrajectoryAsked,
    *,
    make_engine: EngineMaker,
    now: datetime,
    by: str | None = None,
) -> Trajectory:
    """`by`: who asks, for the audit, which knows before the answer; None: it knows already.

    NotFound: no such case. NotAllowed: neither a case that stands nor a contact under an open
    order. UsageError: the days do not follow each other.
    """
    _check_days(asked)
    known = snapshot(home, now, asked.as_of)
    engine = make_engine(known)
    told: list[Text] = []
    protocol = None
    if asked.case is not None:
        protocol = protocol_or_none(
            home,
            known,
            engine,
            asked.case,
            name=asked.protocol,
            without=_NO_WINDOW,
            told=told,
        )
    if by is not None:
        about = {"of": "a contact under an order"}
        if asked.case is not None:
            (file,) = read_cases(engine, [asked.case])
            about = {"case": file.case}
        append(home, "movements.asked", by=by, at=now, about=about)
    world = World(known, engine, layouts(home.layouts))
    return trajectory_of(world, asked, protocol, told)


def trajectory_of(
    world: World, asked: TrajectoryAsked, protocol: Protocol | None, told: Sequence[Text] = ()
) -> Trajectory:
    """The same by this protocol (None: gaps are ranked without a window), after what was `told`."""
    known, engine, warnings = world.known, world.engine, list(told)
    file: CaseFile | None = None
    if asked.case is not None:
        (file,) = read_cases(engine, [asked.case])
        person = _of_case(file, protocol, asked, known)
        if file.provisional:
            warnings.append(words.warning("provisional", case=file.case))
    else:
        person = _of_contact(engine, asked, known)
    span = instant(person.start), instant(person.end)
    warnings += purge_warnings(known, [] if asked.case is None else [asked.case], *span)
    found = movements_of(engine, person, world.layouts)
    if any(row.table == "occupancy" for one in found.episodes for row in one.told):
        warnings += purged_unheld(known, "sighting", *span)
    if asked.case is not None:
        warnings += purged_unheld(known, "fix", *span)
    return Trajectory(known, found, file, protocol, tuple(warnings))


def _of_case(
    file: CaseFile, protocol: Protocol | None, asked: TrajectoryAsked, known: Snapshot
) -> Person:
    zone = known.zone
    signs = [file.events[kind].at for kind in _SIGNS if kind in file.events]
    first = local_day(min(signs, default=known.as_of), zone) - LOOK_BACK
    isolated = file.events.get("isolated")
    over = known.as_of
    if isolated is not None:
        over = min(over, closing(isolated.at, isolated.precision, zone))
    window = None if protocol is None else window_of(file, protocol, zone, known.as_of)
    infectious = None if window is None else (seconds(window.start), seconds(window.end))
    start, end = _span(asked, (day_start(first, zone), over), known)
    return Person(file.subject, file.case, start, end, infectious)


def _of_contact(engine: Engine, asked: TrajectoryAsked, known: Snapshot) -> Person:
    assert asked.contact is not None
    subject = person_of(known.persons, asked.contact)
    begun = [
        row["start"]
        for row in engine.rows("measure", "subject", [subject]).to_pylist()
        if row["kind"] in _BINDING
        and row["start"] <= known.as_of
        and (
            row["end"] is None
            or closing(row["end"], row["end_precision"], known.zone) > known.as_of
        )
    ]
    if not begun:
        raise NotAllowed(
            "no order on this person is open: movements are shown under a case or an open order",
            "该人员没有执行中的管控措施：仅可在病例或执行中的措施之下查看行程轨迹",
        )
    first = local_day(min(begun), known.zone) - LOOK_BACK
    start, end = _span(asked, (day_start(first, known.zone), known.as_of), known)
    return Person(subject, None, start, end)


def _span(asked: TrajectoryAsked, default: tuple[datetime, datetime], known: Snapshot) -> Span:
    start = default[0] if asked.first is None else day_start(asked.first, known.zone)
    end = default[1] if asked.last is None else day_end(asked.last, known.zone)
    end = min(end, known.as_of)
    if start >= end:
        raise UsageError(
            "the first day has to be before the last one, and before the time as of which is asked",
            "起始日应早于截止日，且早于所询时间",
        )
    return seconds(start), seconds(end)
