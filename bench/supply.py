"""The city of a size: as many people as it takes for so many delivered presences."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.deliveries import deliveries, presences, told_of
from bench.machine import ROOT

DAYS = 14
_TRIAL_PEOPLE = 2_000
_QUIET = ("--canonical", "--noise", "0", "--coverage", "venue-scans=1")
"""Everybody scans at every venue, and no record is wrong: the peers know no rule for two records
that contradict each other, and read canonical files alone."""


def city_of(rows: int, seed: int, folder: Path) -> dict[str, Any]:
    """A city in `folder/city` that delivers about `rows` presences, made before or now.

    How many presences a person leaves is counted in a small city of the same seed.
    """
    out, note = folder / "city", folder / "city-told.json"
    asked = {"rows": rows, "seed": seed, "days": DAYS}
    if note.exists() and (out / "city.json").exists():
        told: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        if told["asked"] == asked:
            return told
    trial = folder / "trial"
    make(trial, _TRIAL_PEOPLE, DAYS, seed, *_QUIET)
    people = max(500, round(rows * _TRIAL_PEOPLE / delivered(trial)))
    shutil.rmtree(trial)
    made = make(out, people, DAYS, seed, *_QUIET)
    given = deliveries(out)
    told = {
        "asked": asked,
        "people": people,
        "days": DAYS,
        "presences": delivered(out),
        "delivered_rows": sum(delivery.rows for delivery in given),
        "delivered_files": len(given),
        "delivered_bytes": sum(delivery.path.stat().st_size for delivery in given),
        "presence_bytes": sum(delivery.path.stat().st_size for delivery in presences(given)),
        "counts": told_of(out).get("counts", {}),
        **made,
    }
    note.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return told


def delivered(city: Path) -> int:
    """Presences in the deliveries of a city."""
    return sum(delivery.rows for delivery in presences(deliveries(city)))


def make(out: Path, people: int, days: int, seed: int, *more: str) -> dict[str, Any]:
    """Make a city as a user does; seconds and peak memory of its largest process."""
    if out.exists():
        shutil.rmtree(out)
    asked = ["--people", str(people), "--days", str(days), "--seed", str(seed), *more, str(out)]
    begun = time.perf_counter()
    peak = city_command("make", *asked)
    seconds = time.perf_counter() - begun
    return {"make_seconds": seconds, "make_peak_memory_bytes": peak}


def city_command(*words: str) -> int:
    """`ringfence city …`; bytes of its largest process at its peak. CalledProcessError: it failed,
    its words are on the screen.
    """
    program = "from ringfence.cli.main import main; import sys; sys.exit(main())"
    command = [sys.executable, "-c", program, "city", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as begun:
        # Its own and its children's: what else this process ran does not count.
        _, status, used = os.wait4(begun.pid, 0)
        begun.returncode = os.waitstatus_to_exitcode(status)
    if begun.returncode:
        raise subprocess.CalledProcessError(begun.returncode, command)
    return used.ru_maxrss * 1024
