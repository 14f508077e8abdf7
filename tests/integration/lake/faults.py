"""Faults made by strace: a system call that kills the process, or fails, at its n-th use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@cache
def _why_not() -> str | None:
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-f", "-e", "trace=none", "true"], capture_output=True, check=False
    )
    return None if tried.returncode == 0 else "strace may not trace here"


def need_strace() -> None:
    reason = _why_not()
    if reason is not None:
        pytest.skip(reason)


def run_act(home: Path, act: str, *strace: str) -> int:
    """Exit code of an act under strace; negative: killed by that signal."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "tests.integration.lake.acts", str(home), act]
    traced = subprocess.run(
        ["strace", "-f", "-qq", *strace, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return traced.returncode
