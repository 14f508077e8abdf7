"""The demo's scripts, run in the folder where a test stands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.faults import environment


@contextmanager
def small_city(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A city of few people in that folder, imported into a home, and what was printed of it; at the
    end no server is left.
    """
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    yield run("demo_city", "--people", "600")
    server("remove")


def server(*words: str) -> str:
    return run("demo_server", *words)


def run(script: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{script}", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def site_of(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found is not None, said
    return found[0]


def password_of(said: str, account: str) -> str:
    return next(line.split()[1] for line in said.splitlines() if line.startswith(account))
