"""Acts in processes of their own: several at once, or killed at a system call (by strace)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
KILLED = -signal.SIGKILL


def begin(home: Path, *words: str, strace: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "tests.unit.operations.acts", str(home), *words]
    if strace:
        command = ["strace", "-f", "-qq", *strace, *command]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def at_once(home: Path, *acts: tuple[str, ...]) -> list[int]:
    """Exit codes of acts that began together."""
    return [process.wait(120) for process in [begin(home, *words) for words in acts]]


def killed_at(home: Path, call: str, use: int, *words: str) -> int:
    """Exit code of an act that is killed where it uses a system call for the n-th time."""
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={use}")
    return begin(home, *words, strace=inject).wait(120)


def need_strace() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    tried = subprocess.run(
        ["strace", "-f", "-e", "trace=none", "true"], capture_output=True, check=False
    )
    if tried.returncode:
        pytest.skip("strace may not trace here")
