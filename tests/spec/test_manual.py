"""Every case of the manual, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from ringfence.engines.question import EngineMaker
from ringfence.engines.reference import ReferenceEngine
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.errors import UserError
from ringfence.operations.areas.asking import VehicleList, VehiclesAsked, vehicles_of
from ringfence.operations.areas.risk import area_rows
from ringfence.operations.moving.asking import Trajectory, TrajectoryAsked, trajectory_of
from ringfence.operations.riding.asking import (
    PassengerList,
    PassengersAsked,
    World,
    passengers_of,
)
from ringfence.protocols.model import Protocol
from ringfence.rides.catalogue import layouts
from ringfence.rides.stating import Stated
from ringfence.sources.normalise import split_seat
from ringfence.trace.choosing import protocol_in_force
from ringfence.trace.result import Trace
from ringfence.trace.tracing import trace_cases

from .answers import Answer
from .chapters import Case, Chapter, Run
from .comparing import differences
from .local_times import in_full, read_instant
from .protocols import protocols_of
from .reading import read_chapter
from .worlds import home_snapshot, lived_home, written_snapshot

MANUAL = Path(__file__).parents[2] / "docs" / "manual"
CHAPTERS = tuple(read_chapter(path) for path in sorted(MANUAL.glob("[0-9][0-9]-*.md")))
ENGINES: dict[str, EngineMaker] = {"reference": ReferenceEngine, "sql": SqlEngine}

CASES = [
    pytest.param(case, engine, id=f"{chapter.path.stem} > {case.title} [{engine}]")
    for chapter in CHAPTERS
    for case in chapter.cases
    for engine in ENGINES
]


@pytest.mark.parametrize(("case", "engine"), CASES)
def test_case(case: Case, engine: str, tmp_path: Path) -> None:
    known_at = _world(case, tmp_path)
    failures = [
        failure
        for run in case.runs
        for failure in _failures(case, run, known_at(_as_of(case, run)), ENGINES[engine])
    ]
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_the_index_names_the_chapter(chapter: Chapter) -> None:
    index = (MANUAL / "README.md").read_text(encoding="utf-8")
    assert f"[{chapter.title}]({chapter.path.name})" in index


def _world(case: Case, folder: Path) -> Callable[[datetime], Snapshot]:
    if case.needs_lake:
        home = lived_home(case, folder)
        return lambda as_of: home_snapshot(home, as_of)
    return lambda as_of: written_snapshot(case, folder, as_of)


def _as_of(case: Case, run: Run) -> datetime:
    as_of = read_instant(run.as_of, case.home.zone)
    assert as_of is not None, f"line {run.line}: '{run.as_of}' is not a time"
    return as_of


def _failures(case: Case, run: Run, snapshot: Snapshot, make: EngineMaker) -> list[str]:
    try:
        answer = _asking(run)(case, run, snapshot, make)
    except UserError as error:
        refusal = run.refusal
        if refusal is None:
            return [f"line {run.line}: exit {error.exit_code}: {error.text.en}"]
        if error.exit_code != refusal.exit_code or refusal.phrase not in error.text.en:
            return [
                f"line {run.line}: exit {refusal.exit_code}, “{refusal.phrase}” was to come, "
                f"not exit {error.exit_code}: {error.text.en}"
            ]
        return []
    if run.refusal is not None:
        return [f"line {run.line}: exit {run.refusal.exit_code} was to come, but it traced"]
    return differences(run, answer)


def _asking(run: Run) -> Callable[[Case, Run, Snapshot, EngineMaker], Answer]:
    if run.moved is not None:
        return _moving
    if run.ridden is not None:
        return _riding
    return _driving if run.area is not None else _trace


def _trace(case: Case, run: Run, snapshot: Snapshot, make: EngineMaker) -> Trace:
    engine = make(snapshot)
    cases = run.cases or tuple(
        dict.fromkeys(
            row["case"] for given in case.given if given.table == "case" for row in given.rows.rows
        )
    )
    known = protocols_of(case)
    protocol = _named(known, run.protocol) if run.protocol else known[0]
    if len(known) > 1 and not run.protocol:
        protocol = protocol_in_force(snapshot, engine, cases, known)
    return trace_cases(snapshot, engine, protocol, cases, run.orders, crowd_limit=run.crowd_limit)


def _riding(case: Case, run: Run, snapshot: Snapshot, make: EngineMaker) -> PassengerList:
    known, ridden = protocols_of(case), run.ridden
    assert ridden is not None
    protocol = _named(known, run.protocol) if run.protocol else known[0]
    day = date.fromisoformat(in_full(ridden.day, case.home.zone))
    seat = split_seat(ridden.seat)
    stated = Stated(seat.carriage, seat.row, seat.seat, ridden.board, ridden.alight)
    asked = PassengersAsked(run.cases[0], ridden.service, day, stated)
    world = World(snapshot, make(snapshot), layouts())
    return passengers_of(world, asked, protocol)


def _moving(case: Case, run: Run, snapshot: Snapshot, make: EngineMaker) -> Trajectory:
    moved = run.moved
    assert moved is not None
    first, last = (
        None if day is None else date.fromisoformat(in_full(day, case.home.zone))
        for day in (moved.first, moved.last)
    )
    asked = TrajectoryAsked(run.cases[0], None, first, last)
    return trajectory_of(World(snapshot, make(snapshot), layouts()), asked, protocols_of(case)[0])


def _driving(case: Case, run: Run, snapshot: Snapshot, make: EngineMaker) -> VehicleList:
    area, engine = run.area, make(snapshot)
    assert area is not None
    since = read_instant(area.since, case.home.zone) if area.since else None
    asked = VehiclesAsked(area.area, area.level, since)
    return vehicles_of(engine, asked, area_rows(engine, area.area))


def _named(known: tuple[Protocol, ...], name: str) -> Protocol:
    return next(protocol for protocol in known if protocol.id == name)
