"""Merging and splitting move nothing in the lake, and mean what rewriting it would mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringfence.engines.persons import SUBJECT_COLUMNS, persons_from
from ringfence.engines.question import ANSWER, Engine, Focus, Question
from ringfence.engines.reference import ReferenceEngine
from ringfence.engines.sql import SqlEngine
from ringfence.errors import Text
from ringfence.protocols.model import Dwell, Outcome, Protocol, Rule, Source
from ringfence.records import TABLES

from .random_rows import BASE, DISEASES, SUBJECTS
from .snapshots import DAY, Row, SmallWorld, snapshot_of
from .strategies import Trial, trials, worlds
from .test_engines_agree import KEYS, in_order

Groups = list[list[str]]
FEWER = settings(max_examples=settings().max_examples // 4)
LINEAGE = ("focus_batch", "focus_row", "other_batch", "other_row")


@st.composite
def groups(draw: st.DrawFn) -> Groups:
    """Who is one person: one group of several subjects at least."""
    of = [draw(st.integers(0, 3)) for _ in SUBJECTS]
    found = [[s for s, n in zip(SUBJECTS, of, strict=True) if n == number] for number in (1, 2, 3)]
    assume(any(len(group) > 1 for group in found))
    return found


def rewritten(world: SmallWorld, who: Groups) -> SmallWorld:
    """The same world as if everybody had delivered one number for each person."""
    number = {subject: min(group) for group in who for subject in group}
    tables = {
        name: tuple(_told_of_persons(name, rows, world, number))
        for name, rows in world.tables.items()
    }
    return replace(world, tables=tables, compacted=0, replacing=False)


def _told_of_persons(
    table: str, rows: Iterable[Row], world: SmallWorld, number: dict[str, str]
) -> Iterable[Row]:
    """Current rows only; each is a source of its own, lest one replace another."""
    columns = SUBJECT_COLUMNS[table]
    for place, row in enumerate(_current(table, rows)):
        told = row | {name: number.get(row[name], row[name]) for name in columns}
        if len({told[name] for name in columns}) == len(columns):
            yield told | {"source": f"{row['source']}{place}"}


def _current(table: str, rows: Iterable[Row]) -> Iterable[Row]:
    latest: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda row: (row["delivery"], row["source"])):
        latest[(*(row[name] for name in TABLES[table].key), row["source"])] = row
    return latest.values()


def _named(question: Question, who: Groups) -> Question:
    number = {subject: min(group) for group in who for subject in group}
    focuses = tuple(replace(f, subject=number.get(f.subject, f.subject)) for f in question.focuses)
    return replace(question, focuses=focuses)


def without_lines(rows: list[dict[str, Any]]) -> list[str]:
    """The rows but for the lines they came from, which rewriting numbers anew."""
    told = [{name: cell for name, cell in row.items() if name not in LINEAGE} for row in rows]
    return sorted(map(str, told))


def _bytes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@FEWER
@given(trials(), groups())
def test_merging_means_what_rewriting_would_and_moves_nothing(
    scratch: Path, trial: tuple[Trial, ...], who: Groups
) -> None:
    for world, questions in trial:
        folder = Path(mkdtemp(dir=scratch))
        apart = snapshot_of(world, folder)
        one = replace(apart, persons=persons_from(who))
        files = _bytes(folder)
        before, merged, oracle = SqlEngine(apart), SqlEngine(one), ReferenceEngine(one)
        plain = ReferenceEngine(snapshot_of(rewritten(world, who), Path(mkdtemp(dir=scratch))))
        for question in questions:
            was = in_order(before.ask(question))
            answer = merged.ask(question)
            assert answer.schema.equals(ANSWER)
            assert in_order(answer) == in_order(oracle.ask(question))
            expected = in_order(plain.ask(_named(question, who)))
            assert without_lines(in_order(answer)) == without_lines(expected)
            split = SqlEngine(replace(one, persons=persons_from([])))
            assert in_order(split.ask(question)) == was
        assert _bytes(folder) == files


@FEWER
@given(worlds(), st.sampled_from(sorted(KEYS)), groups(), st.data())
def test_rows_are_told_of_persons(
    scratch: Path, world: SmallWorld, table: str, who: Groups, data: st.DataObject
) -> None:
    column, names = KEYS[table]
    keys = data.draw(st.none() | st.lists(st.sampled_from(names), unique=True))
    apart = snapshot_of(world, Path(mkdtemp(dir=scratch)))
    snapshot = replace(apart, persons=persons_from(who))
    rows = SqlEngine(snapshot).rows(table, column, keys)
    expected = ReferenceEngine(snapshot).rows(table, column, keys)
    assert in_order(rows.select(expected.schema.names)) == in_order(expected)


@FEWER
@given(worlds(), groups())
def test_contacts_of_a_merged_case_are_the_union(
    scratch: Path, world: SmallWorld, who: Groups
) -> None:
    """Row by row, by a rule that anybody satisfies; the person is no contact of himself."""
    apart = snapshot_of(world, Path(mkdtemp(dir=scratch)))
    one = replace(apart, persons=persons_from(who))
    group = max(who, key=len)
    number = {subject: min(group) for group in who for subject in group}
    for make in (SqlEngine, ReferenceEngine):
        each = [_met(make(apart), subject) for subject in group]
        union = {
            (number.get(other, other), *row)
            for met in each
            for other, *row in met
            if other not in group
        }
        for subject in group:
            assert _met(make(one), subject) == union


def _met(engine: Engine, subject: str) -> set[tuple[Any, ...]]:
    focus = Focus(0, subject, BASE - 30 * DAY, BASE + 30 * DAY, None)
    rows = engine.ask(Question(_ANYBODY, 1, (focus,))).to_pylist()
    return {tuple(row[name] for name in ("other", *LINEAGE, "start", "end")) for row in rows}


_ANYBODY = Protocol(
    id="anybody",
    version=1,
    title=Text("anybody", "任何人"),
    disease=DISEASES[0],
    jurisdiction="CN",
    valid_from=date(2022, 1, 1),
    valid_to=None,
    source=Source(),
    anchors=(),
    rules=(
        Rule(
            "anybody",
            1,
            Outcome.CLOSE,
            1,
            evidence=("presence", "event", "encounter", "link"),
            accepts_assumed=True,
        ),
    ),
    digest="anybody",
    dwells={"default": Dwell(15, 15)},
)
