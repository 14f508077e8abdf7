"""While a file is read a terminal shows how far it is; a program is shown nothing of it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults import PATIENCE, ROOT, environment
from tests.integration.sources.homes import new_home, stays

ROWS = 3000
CLOCK = "2022-07-20T08:00:00+08:00"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    file = tmp_path / "stays.csv"
    file.write_bytes(stays(ROWS))
    home = str(new_home(tmp_path / "home").root)
    given = ["import", str(file), "--as", "presence", "--home", home, "--clock", CLOCK]
    return [sys.executable, "-m", "ringfence.cli.main", *given, "--lang", "en"]


def on_a_terminal(words: list[str]) -> str:
    """What a terminal is sent on standard error, signs of control left out."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env={**environment(), "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # Linux says so when the last process has let go of its end
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(PATIENCE) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_a_terminal_shows_rows_pace_bytes_and_time_left(words: list[str]) -> None:
    shown = on_a_terminal(words)
    assert f"{ROWS:,} rows" in shown
    paces = [int(pace.replace(",", "")) for pace in re.findall(r"([\d,]+) rows/s", shown)]
    assert max(paces) > 0
    assert re.search(r"(\d+\.\d)/\1 kB", shown)
    assert re.search(r"\d:\d\d:\d\d", shown)


def test_a_program_sees_nothing_of_it(words: list[str]) -> None:
    done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, check=True)
    assert done.stderr == b""
    assert b"rows/s" not in done.stdout
