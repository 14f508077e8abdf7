"""Many at once, and processes that are killed: one winner, and no half act."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.unit.identity.homes import BY, at, people

from ringfence import lake
from ringfence.errors import DataError
from ringfence.identity import merge, split, store

_MERGES = """
import sys
from pathlib import Path
from ringfence import lake
from ringfence.identity import merge
from tests.unit.identity.homes import BY, at
home = lake.open_home(Path(sys.argv[1]))
for number in range(1000):
    merge(home, [f"a{number}", f"b{number}"], reason="r", by=BY, now=at(number))
    print(number, flush=True)
"""


def test_of_many_who_merge_the_same_one_does_it(home: lake.Home) -> None:
    def once(_: int) -> bool:
        try:
            merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
        except DataError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(8))) == 1
    assert people(home) == {"s1": ("s1", "s2")}


def test_acts_of_many_are_all_there(home: lake.Home) -> None:
    def chain(number: int) -> None:
        merge(home, [f"s{number}", f"s{number + 1}"], reason="r", by=BY, now=at(1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(chain, range(12)))
    assert [len(subjects) for subjects in people(home).values()] == [13]


@pytest.mark.parametrize("after", [1, 3])
def test_a_killed_process_leaves_whole_acts(home: lake.Home, after: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _MERGES, str(home.root)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = len(people(home))
    assert done in (len(acknowledged), len(acknowledged) + 1)
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    split(home, ["b0"], reason="r", by=BY, now=at(2))
    assert len(people(home)) == done


def test_an_unknown_format_is_refused_by_name(home: lake.Home) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    with store.writing(home) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(DataError, match="format 9"):
        people(home)


def test_an_older_store_put_back_meets_no_newer_file(home: lake.Home, tmp_path: Path) -> None:
    merge(home, ["s1", "s2"], reason="r", by=BY, now=at(1))
    older = {p.name: p.read_bytes() for p in home.identity.iterdir() if p.is_file()}
    merge(home, ["s3", "s4"], reason="r", by=BY, now=at(2))
    assert set(people(home)) == {"s1", "s3"}
    for path in home.identity.iterdir():
        if path.is_file():
            path.unlink()
    for name, content in older.items():
        (home.identity / name).write_bytes(content)
    merge(home, ["s5", "s6"], reason="r", by=BY, now=at(2))
    assert set(people(home)) == {"s1", "s5"}
