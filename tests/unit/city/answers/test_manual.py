"""The city's own evaluation agrees with the manual, wherever a case shows contacts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.spec.chapters import Case, Chapter, Run
from tests.spec.local_times import read_instant, show_instant
from tests.spec.protocols import protocols_of
from tests.spec.reading import read_chapter
from tests.spec.worlds import delivered_text

from ringfence.sources import read_text
from ringfence_city.answers.evaluating import evaluate, listed_together
from ringfence_city.answers.loading import load

MANUAL = Path(__file__).parents[4] / "docs" / "manual"
CHAPTERS = tuple(read_chapter(path) for path in sorted(MANUAL.glob("[0-9][0-9]-*.md")))
COLUMNS = ("subject", "order", "class", "first", "last")

BEYOND = {
    "When clocks are put back, the day has 25 hours": "clocks of the city are never put back",
    "Sources that contradict each other leave it unknown": "the truth has one source",
    "Sources that contradict each other about the kind of place: a warning": "likewise",
    "The stay of the case was denied": "nobody denies what is true",
    "The stay of the contact was denied": "likewise",
    "A denial is asked about whatever the protocol says of unknown facts": "likewise",
}


def _fit(chapter: Chapter, case: Case) -> bool:
    shown = any(expected.table == "contacts" for run in case.runs for expected in run.expected)
    return shown and not case.needs_lake and case.title not in BEYOND


CASES = [
    pytest.param(case, id=f"{chapter.path.stem} > {case.title}")
    for chapter in CHAPTERS
    for case in chapter.cases
    if _fit(chapter, case)
]


@pytest.mark.parametrize("case", CASES)
def test_the_evaluation_agrees_with_the_manual(case: Case, tmp_path: Path) -> None:
    for run in case.runs:
        _compare(case, run, tmp_path)


def _compare(case: Case, run: Run, folder: Path) -> None:
    zone = case.home.zone
    as_of = read_instant(run.as_of, zone)
    assert as_of is not None
    expected = next((e for e in run.expected if e.table == "contacts"), None)
    if expected is None or (
        run.crowd_limit and any(e.table == "venues" and e.rows.rows for e in run.expected)
    ):
        return
    _write(case, folder, as_of)
    facts = load(folder, int(as_of.timestamp()))
    protocols = protocols_of(case)
    protocol = next((p for p in protocols if p.id == run.protocol), protocols[0])
    named = run.cases or tuple(known.case for known in facts.cases)
    (found,) = evaluate(facts, [protocol], facts.cases)
    got = set()
    columns = [name for name in expected.rows.columns if name in COLUMNS]
    for person, contact in listed_together(found, named, run.orders).items():
        row = {
            "subject": facts.person_names.name(person),
            "order": str(contact.order),
            "class": str(contact.outcome),
            "first": _shown(contact.first, zone),
            "last": _shown(contact.last, zone),
        }
        if len(named) == 1 and "minutes" in expected.rows.columns:
            row["minutes"] = f"{contact.seconds / 60:g}"
        got.add(tuple(row.get(name, "") for name in (*columns, "minutes")))
    with_minutes = len(named) == 1 and "minutes" in expected.rows.columns
    wanted = {
        (
            *(_normal(row[name], zone) for name in columns),
            f"{float(row['minutes']):g}" if with_minutes else "",
        )
        for row in expected.rows.rows
    }
    assert got == wanted, f"line {run.line}"


def _write(case: Case, folder: Path, as_of: datetime) -> None:
    for old in folder.glob("*/*.parquet"):
        old.unlink()
    for number, given in enumerate(case.given):
        rows, rejects = read_text(
            given.table, delivered_text(given, case.home.zone), case.home.zone, as_of
        )
        assert not rejects
        (folder / given.table).mkdir(exist_ok=True)
        pq.write_table(rows, folder / given.table / f"{number}.parquet")


def _shown(second: int, zone: str) -> str:
    return show_instant(datetime.fromtimestamp(second, UTC), zone)


def _normal(cell: str, zone: str) -> str:
    instant = read_instant(cell, zone)
    return cell if instant is None else show_instant(instant, zone)
