"""Who was truly aboard which run, from stop to stop, in which seat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.records.vocabularies import SERVICE_KINDS
from ringfence.records.vocabularies import Setting as Settings
from ringfence_city.answers.arrays import Bool, Int, Runs, Small
from ringfence_city.answers.reading import MISSING, Columns, Keys, read_parts
from ringfence_city.truth.seats import VEHICLES

_SETTING_WORDS = tuple(str(setting) for setting in Settings)
_KINDS = tuple(SERVICE_KINDS)
_SETTING_OF: Small = np.array(
    [*(_SETTING_WORDS.index(setting) for setting, _ in SERVICE_KINDS.values()), -1], dtype=np.int8
)
_CREW = ("crew", "driver")
_STOPS_OF_A_RUN = 1024
_WITHOUT_CARRIAGES = ("aircraft", "coach", "bus", "taxi", "car")


@dataclass(frozen=True)
class Rides:
    """One row a ride; `carriage`, `row`, `seat`: codes, -1 where there is none. Seconds of UTC.

    `row` is counted also where seats are numbered through; `across` from one side of the row.
    `setting`, `sealed`, `hepa`, `divided` (into carriages): of the run that was ridden.
    """

    person: Int
    run: Int
    board: Int
    alight: Int
    start: Int
    end: Int
    carriage: Int
    row: Int
    across: Int
    seat: Int
    crew: Bool
    setting: Small
    sealed: Small
    hepa: Small
    divided: Bool
    of_person: Runs
    of_run: Runs


def no_rides() -> Rides:
    none, few = np.zeros(0, np.int64), np.zeros(0, np.int8)
    no = np.zeros(0, np.bool_)
    runs = Runs(none, none)
    return Rides(*(none,) * 10, no, few, few, few, no, runs, runs)


def rides_with(folder: Path, persons: Keys, chosen: Bool | None) -> Rides:
    """All rides on the runs that any of the `chosen` persons rode; None: on every run."""
    names = _runs_of(folder, persons, chosen)
    parts = [
        Columns(part.table.filter(pc.is_in(part.column("service"), value_set=names)))
        for part in read_parts(folder, "ride")
    ]
    if not parts:
        return no_rides()
    table = _sure(pa.concat_tables([part.table for part in parts], promote_options="permissive"))
    run = _places_in(table.column("service"), names)
    board, alight = table.reals("board_seq"), table.reals("alight_seq")
    times = _Times.of(folder, names)
    facts = _Described.of(folder, names)
    person = persons.codes(table.column("subject"))
    whole = board.astype(np.int64), alight.astype(np.int64)
    row, across = _within(table, facts.layout[run])
    found = Rides(
        person=person,
        run=run,
        board=whole[0],
        alight=whole[1],
        start=times.departs(run, whole[0]),
        end=times.arrives(run, whole[1]),
        carriage=_numbers(table, "carriage"),
        row=row,
        across=across,
        seat=Keys.of([table.column("seat")]).codes(table.column("seat")),
        crew=table.words("role", _CREW) >= 0,
        setting=_SETTING_OF[facts.kind[run]],
        sealed=facts.sealed[run],
        hepa=facts.hepa[run],
        divided=~np.isin(facts.kind[run], [_KINDS.index(kind) for kind in _WITHOUT_CARRIAGES]),
        of_person=Runs.by(person),
        of_run=Runs.by(run),
    )
    return _timed(found)


def _sure(told: pa.Table) -> Columns:
    """Of those only who surely were aboard, between stops that are told."""
    rows = Columns(told)
    good = rows.words("status", ("ticketed", "no_show", "refunded")) < 0
    good &= ~np.isnan(rows.reals("board_seq")) & ~np.isnan(rows.reals("alight_seq"))
    return Columns(told.filter(pa.array(good)))


def _timed(found: Rides) -> Rides:
    """Of those only whose times are known: nothing is sure about the others."""
    known = (found.start != MISSING) & (found.end != MISSING) & (found.start < found.end)
    columns = {
        name: column[known] for name, column in vars(found).items() if not isinstance(column, Runs)
    }
    kept = replace(found, **columns)
    return replace(kept, of_person=Runs.by(kept.person), of_run=Runs.by(kept.run))


def _runs_of(folder: Path, persons: Keys, chosen: Bool | None) -> pa.Array:
    found = []
    for part in read_parts(folder, "ride", ["subject", "service"]):
        services = pc.cast(part.column("service"), pa.string())
        if chosen is not None:
            theirs = chosen[persons.codes(part.column("subject"))]
            services = services.filter(pa.array(theirs))
        found.append(pc.unique(services))
    return pc.unique(pa.concat_arrays([*found, pa.array([], pa.string())]))


def _places_in(column: pa.ChunkedArray, names: pa.Array) -> Int:
    at = pc.fill_null(pc.index_in(pc.cast(column, pa.string()), value_set=names), -1)
    return np.asarray(at.to_numpy()).astype(np.int64)


def _numbers(table: Columns, name: str) -> Int:
    told = table.reals(name)
    return np.where(np.isnan(told), -1, told).astype(np.int64)


def _within(table: Columns, layout: Small) -> tuple[Int, Int]:
    """Row, and place in it counted from one side: of the layouts that a city's vehicles have."""
    row = _numbers(table, "row")
    across = np.full(len(row), -1, dtype=np.int64)
    for number, vehicle in enumerate(VEHICLES):
        if vehicle.letters:
            across = np.where(layout == number, table.words("seat", vehicle.letters), across)
        else:
            seat = table.words("seat", [str(1 + place) for place in range(vehicle.seats)])
            numbered = (layout == number) & (row < 0) & (seat >= 0)
            row = np.where(numbered, 1 + seat // vehicle.abreast, row)
    return row, across


@dataclass(frozen=True)
class _Times:
    """Real times before planned ones, by run and stop; MISSING where there is none."""

    arrive: Int
    depart: Int

    def departs(self, run: Int, seq: Int) -> Int:
        at: Int = self.depart[run * _STOPS_OF_A_RUN + seq]
        return at

    def arrives(self, run: Int, seq: Int) -> Int:
        at: Int = self.arrive[run * _STOPS_OF_A_RUN + seq]
        return at

    @staticmethod
    def of(folder: Path, names: pa.Array) -> _Times:
        arrive = np.full(len(names) * _STOPS_OF_A_RUN, MISSING, dtype=np.int64)
        depart = arrive.copy()
        for part in read_parts(folder, "stop"):
            run = _places_in(part.column("service"), names)
            here = run >= 0
            at = run[here] * _STOPS_OF_A_RUN + part.reals("seq").astype(np.int64)[here]
            arrive[at] = _first(part, "actual_arrive", "arrive")[here]
            depart[at] = _first(part, "actual_depart", "depart")[here]
        return _Times(arrive, depart)


def _first(part: Columns, real: str, planned: str) -> Int:
    told = part.instants(real)
    return np.where(told == MISSING, part.instants(planned), told)


@dataclass(frozen=True)
class _Described:
    """By run; -1: nobody knows."""

    kind: Small
    sealed: Small
    hepa: Small
    layout: Small

    @staticmethod
    def of(folder: Path, names: pa.Array) -> _Described:
        unknown = np.full(len(names), -1, dtype=np.int8)
        kind, sealed, hepa, layout = (unknown.copy() for _ in range(4))
        for part in read_parts(folder, "service"):
            run = _places_in(part.column("service"), names)
            here = run >= 0
            told: Sequence[tuple[Small, Small]] = (
                (kind, part.words("kind", _KINDS)),
                (sealed, part.truths("sealed")),
                (hepa, part.truths("hepa")),
                (layout, part.words("layout", [vehicle.layout for vehicle in VEHICLES])),
            )
            for column, words in told:
                column[run[here]] = words[here]
        return _Described(kind, sealed, hepa, layout)
