"""The study of small stories: who sat near a case on its trains, and where a case was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.homes import empty_home
from bench.truth.plan import Plan
from ringfence.engines.sql import SqlEngine
from ringfence.lake import Home, snapshot
from ringfence.operations.moving.as_json import document
from ringfence.operations.moving.asking import TrajectoryAsked, trajectory_of
from ringfence.operations.riding.asking import (
    PassengerList,
    PassengersAsked,
    World,
    passengers_of,
)
from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Outcome
from ringfence.rides.catalogue import layouts
from ringfence.sources import import_file
from ringfence_city.stories import one_case, one_train
from ringfence_city.stories.days import CASE
from ringfence_city.stories.judging import judged

_NOW = datetime(2022, 9, 19, tzinfo=UTC)
_ROWS = "covid-jiangsu-rows"


def stories(_plan: Plan, _work: str, seed: int) -> dict[str, Any]:
    """`seats`: of people and the stops over which they sat near; `movements`: see `Score`."""
    with TemporaryDirectory(prefix="story-") as folder:
        return {
            "seed": seed,
            "seats": _seats(Path(folder, "train"), seed),
            "movements": _movements(Path(folder, "case"), seed),
        }


def _seats(folder: Path, seed: int) -> dict[str, int]:
    story = one_train.journey(seed)
    home = empty_home(folder)
    files = []
    for table, text in one_train.tables(story).items():
        file = folder / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        files.append((file, table, table))
    asked = PassengersAsked(one_train.CASE, story.trains[0].numbers[0], one_train.DAY)
    told: PassengerList | None = passengers_of(_taken(home, files), asked, named(_ROWS).protocol)
    listed: set[tuple[str, int, int]] = set()
    while told is not None:
        for one in told.people:
            if one.outcome is Outcome.CLOSE:
                spans = ((met.board, met.alight) for met in one.meetings)
                listed |= {(one.person, *span) for span in spans if None not in span}  # type: ignore[misc]
        told = told.onward
    true = {
        (who, *span)
        for aboard in story.aboard
        for who, spans in one_train.truly_near(aboard).items()
        for span in spans
    }
    aboard = {sat.who for sats in story.aboard for sat in sats}
    return {
        "aboard": len(aboard),
        "listed": len(listed),
        "true": len(true),
        "right": len(listed & true),
    }


def _movements(folder: Path, seed: int) -> dict[str, Any]:
    story = one_case.story(seed)
    home = empty_home(folder)
    files = folder / "files"
    files.mkdir()
    world = _taken(home, one_case.write(story, files))
    told = trajectory_of(world, TrajectoryAsked(CASE), named("covid-cn-9").protocol)
    return {"records": story.count, **asdict(judged(story, document(told)))}


def _taken(home: Home, files: Iterable[tuple[Path, str, str]]) -> World:
    for file, table, source in files:
        receipt = import_file(home, file, table=table, source=source, now=_NOW)
        if receipt.quarantined:
            raise ValueError(f"{receipt.quarantined} rows of {file.name} were refused")
    known = snapshot(home, _NOW)
    return World(known, SqlEngine(known), layouts())
