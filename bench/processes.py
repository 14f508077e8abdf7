"""Each step in a process of its own, so that its time and its peak memory are its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.machine import ROOT


class StepError(Exception):
    """A step did not end well; its own words are on the screen."""


def run_step(name: str, work: Path, /, **given: Any) -> dict[str, Any]:
    """Run a step of `bench.steps`; its result, with `peak_memory_bytes`."""
    told = work / f"step-{name}.json"
    told.unlink(missing_ok=True)
    words = [sys.executable, "-m", "bench.steps", name, str(told), json.dumps(given)]
    done = subprocess.run(words, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise StepError(f"step {name} ended with {done.returncode}")
    result: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return result


def peak_memory_bytes() -> int:
    """Most memory that this process had at once.

    Linux lets a process inherit `ru_maxrss` of the one that started it; VmHWM is its own.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
