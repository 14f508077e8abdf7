"""What a batch changes when it counts, or counts no more: rows, persons and places."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.question import Engine
from ringfence.lake import Told
from ringfence.rides.runs import keys_of

EVIDENCE = frozenset({"presence", "event", "occupancy", "encounter", "link"})
ABOUT_RUNS = frozenset({"service", "stop", "ride"})
ABOUT_PERSONS = frozenset({"subject", "vaccination", "measure", "case", "case_event"})
ABOUT_PLACES = frozenset({"place"})
ABOUT_CASES = frozenset({"symptom", "test", "jurisdiction"})
"""What these tell is in the case files and in the choice of the protocol, nowhere else."""
NEVER_READ = frozenset({"area", "fix", "sighting"})

MOST_KEYS = 20_000
_MOST_ROWS = 200_000
_ROW = ("batch", "source_row")

ALWAYS = (-(1 << 62), 1 << 62)
Span = tuple[int, int]
"""Epoch seconds, both ends included."""


@dataclass(frozen=True)
class Stay:
    """A stay, or an event with the longest time that a protocol assumes around it."""

    subject: str
    place: str
    span: Span


@dataclass(frozen=True)
class Pair:
    """An encounter or link."""

    subjects: tuple[str, str]
    span: Span


@dataclass(frozen=True)
class Changed:
    """Stays, pairs and descriptions that may be known at one of two times only.

    What is told of a person changes all that the person's records mean; so do `persons`. What is
    told of a run, or of anybody aboard, changes what it means to have been aboard: `runs`, by every
    key that it may be named by, and the `riders` of whom something was told.
    """

    stays: tuple[Stay, ...] = ()
    pairs: tuple[Pair, ...] = ()
    persons: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    denied: frozenset[tuple[str, str]] = frozenset()
    runs: frozenset[str] = frozenset()
    riders: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        return self == Changed()


def changed_by(told: Told, before: Engine, after: Engine, dwell: int) -> Changed | None:
    """What differs between two times through a batch; None: too much to tell apart."""
    if told.table in ABOUT_CASES | NEVER_READ:
        return Changed()
    if (
        told.table not in EVIDENCE | ABOUT_RUNS | ABOUT_PERSONS | ABOUT_PLACES
        or len(told.keys) > MOST_KEYS
    ):
        return None
    keys = sorted(told.keys)
    was, now = (engine.rows(told.table, told.column, keys) for engine in (before, after))
    rows = pa.concat_tables([_only_in(was, now), _only_in(now, was)])
    if rows.num_rows > _MOST_ROWS:
        return None
    if told.table in ABOUT_PERSONS:
        return Changed(persons=_persons(told.table, rows, (before, after)))
    if told.table in ABOUT_RUNS:
        return Changed(riders=_riders(told.table, rows), runs=frozenset(_runs(told.table, rows)))
    return _where_and_when(told.table, rows, dwell)


def _where_and_when(table: str, rows: pa.Table, dwell: int) -> Changed:
    if table == "place":
        return Changed(places=frozenset(rows["place"].to_pylist()))
    if table in ("encounter", "link"):
        return Changed(pairs=tuple(pairs(rows)))
    changed = Changed(stays=tuple(stays(table, rows, dwell)))
    if table == "presence":
        no = rows.filter(pc.equal(rows["certainty"], "denied"))
        at = zip(no["subject"].to_pylist(), no["place"].to_pylist(), strict=True)
        changed = replace(changed, denied=frozenset(at))
    return changed


def _only_in(rows: pa.Table, others: pa.Table) -> pa.Table:
    """Rows that the others do not hold, by the line that they came from."""
    known = set(zip(*(others[name].to_pylist() for name in _ROW), strict=True))
    lines = zip(*(rows[name].to_pylist() for name in _ROW), strict=True)
    return rows.filter(pa.array([line not in known for line in lines], pa.bool_()))


def _persons(table: str, rows: pa.Table, engines: tuple[Engine, Engine]) -> frozenset[str]:
    """Whom the rows speak of; of a case, everybody whom any source names as it."""
    if table not in ("case", "case_event"):
        return frozenset(rows["subject"].to_pylist())
    cases = sorted(set(rows["case"].to_pylist()))
    found = (engine.rows("case", "case", cases)["subject"].to_pylist() for engine in engines)
    return frozenset(subject for subjects in found for subject in subjects)


def _riders(table: str, rows: pa.Table) -> frozenset[str]:
    return frozenset(rows["subject"].to_pylist()) if table == "ride" else frozenset()


def _runs(table: str, rows: pa.Table) -> Iterator[str]:
    yield from rows["service"].to_pylist()
    if table == "service":
        for row in rows.to_pylist():
            yield from keys_of(row)


def _where(table: str) -> str:
    """A vehicle is a place that moves."""
    return "vehicle" if table == "occupancy" else "place"


def stays(table: str, rows: pa.Table, dwell: int) -> Iterator[Stay]:
    """Stays and events; `dwell`: seconds that a protocol may assume around an event."""
    if table == "event":
        at = _seconds(rows["at"])
        spans = [(s - dwell, s + dwell) for s in at if s is not None]
    else:
        spans = _spans(rows)
    columns = (rows["subject"].to_pylist(), rows[_where(table)].to_pylist(), spans)
    return (Stay(*one) for one in zip(*columns, strict=True))


def pairs(rows: pa.Table) -> Iterator[Pair]:
    columns = (rows["subject_a"].to_pylist(), rows["subject_b"].to_pylist(), _spans(rows))
    return (Pair((a, b), span) for a, b, span in zip(*columns, strict=True))


def stays_of(engine: Engine, column: str, keys: Collection[str], dwell: int) -> Iterator[Stay]:
    """All stays and events of some persons, or at some places."""
    for table in ("presence", "event", "occupancy"):
        by = _where(table) if column == "place" else column
        yield from stays(table, engine.rows(table, by, sorted(keys)), dwell)


def pairs_of(engine: Engine, persons: Collection[str]) -> Iterator[Pair]:
    """All encounters and links of some persons."""
    for table in ("encounter", "link"):
        for column in ("subject_a", "subject_b"):
            yield from pairs(engine.rows(table, column, sorted(persons)))


def _spans(rows: pa.Table) -> list[Span]:
    starts, ends = _seconds(rows["start"]), _seconds(rows["end"])
    return [
        (ALWAYS[0] if start is None else start, ALWAYS[1] if end is None else end + 1)
        for start, end in zip(starts, ends, strict=True)
    ]


def _seconds(instants: pa.ChunkedArray) -> list[int | None]:
    """Whole seconds, rounded down."""
    return [None if at is None else at // 1_000_000 for at in instants.cast(pa.int64()).to_pylist()]
