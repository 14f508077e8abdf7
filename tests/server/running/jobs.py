"""A job that takes as long as it is told, and notes when it begins and when it is done."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

from procrastinate.contrib.django import app


@app.task(name="tests.note")
def note(folder: str, seconds: float) -> None:
    """In a file of its own for each time it is begun."""
    begun = Path(folder) / f"begun-{os.getpid()}"
    begun.touch()
    Event().wait(seconds if len(list(Path(folder).glob("begun-*"))) == 1 else 0)
    (Path(folder) / "done").touch()


@app.task(name="tests.fail")
def fail(name: str) -> None:
    raise ValueError(f"no such person: {name}")
