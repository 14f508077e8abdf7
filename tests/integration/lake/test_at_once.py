"""Several processes on one home: writers take turns, readers never wait and never miss a row."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from ringfence import lake
from ringfence.records import TABLES

from .delivering import BEGIN, counts, current, deliver

WRITERS = 3
FILES = 4
ROWS = 50

_spawn = multiprocessing.get_context("spawn")


def rows_of(writer: int, file: int) -> pa.Table:
    """Rows of their own for each file, and one that every file of every writer delivers."""
    schema = pa.schema([f for f in TABLES["presence"].schema if f.name not in ("source", "batch")])
    own = [
        {
            "subject": f"w{writer}f{file}r{row}",
            "place": "cafe",
            "start": BEGIN - timedelta(hours=row),
            "source_row": row,
        }
        for row in range(1, ROWS)
    ]
    shared = {"subject": "shared", "place": "cafe", "start": BEGIN, "source_row": ROWS}
    return pa.Table.from_pylist([*own, shared], schema=schema)


def write(root: Path, writer: int) -> None:
    home = lake.open_home(root)
    for file in range(FILES):
        rows = rows_of(writer, file)
        deliver(home, "presence", f"source {writer}", rows, name=f"file {file}")


def write_the_same(root: Path, answers: multiprocessing.SimpleQueue[bool]) -> None:
    home = lake.open_home(root)
    answers.put(deliver(home, "presence", "a", rows_of(0, 0), name="same").replayed)


def compact_often(root: Path, stop: multiprocessing.synchronize.Event) -> None:
    home = lake.open_home(root)
    while not stop.is_set():
        lake.compact(home)


def run(*processes: multiprocessing.process.BaseProcess) -> None:
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0


def test_writers_take_turns(home: lake.Home) -> None:
    run(*(_spawn.Process(target=write, args=(home.root, n)) for n in range(WRITERS)))
    snapshot = lake.snapshot(home, BEGIN)
    assert snapshot.sequence == WRITERS * FILES
    assert len(current(snapshot, "presence")) == WRITERS * (FILES * (ROWS - 1) + 1)
    report = lake.verify(home)
    assert report.ok
    assert list(home.staging.iterdir()) == []


def test_the_same_batch_from_several_processes_has_one_winner(home: lake.Home) -> None:
    answers = _spawn.SimpleQueue()
    run(*(_spawn.Process(target=write_the_same, args=(home.root, answers)) for _ in range(3)))
    assert sorted(answers.get() for _ in range(3)) == [False, True, True]
    assert lake.snapshot(home, BEGIN).sequence == 1


def test_a_reader_is_right_while_others_compact_and_write(home: lake.Home) -> None:
    stop = _spawn.Event()
    compacting = _spawn.Process(target=compact_often, args=(home.root, stop))
    compacting.start()
    writing = _spawn.Process(target=write, args=(home.root, 1))
    writing.start()
    seen = 0
    while writing.is_alive() or seen < FILES:
        assert writing.exitcode in (None, 0)
        snapshot = lake.snapshot(home, BEGIN)
        rows = current(snapshot, "presence")
        expected = snapshot.sequence * (ROWS - 1) + (snapshot.sequence > 0)
        assert len(rows) == expected
        assert snapshot.sequence >= seen
        seen = snapshot.sequence
    stop.set()
    compacting.join(120)
    assert (writing.exitcode, compacting.exitcode) == (0, 0)
    assert lake.verify(home).ok


def test_a_writer_that_waits_for_another_sees_its_rows(home: lake.Home) -> None:
    first = deliver(home, "presence", "a", rows_of(0, 0), name="one")
    second = deliver(home, "presence", "a", rows_of(0, 0), name="two")
    assert counts(first) == {"created": ROWS}
    assert counts(second) == {"unchanged": ROWS}
