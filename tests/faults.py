"""Programs in processes of their own: several at once, killed, out of room, or on a faulty disk.

`strace` strikes a process at the n-th use of a system call: it is killed there, or the call fails.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KILLED = -signal.SIGKILL
PATIENCE = 120


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def begin(module: str, *words: str | Path, strace: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """Start a module as a program; what it prints is thrown away."""
    command = [sys.executable, "-m", module, *map(str, words)]
    if strace:
        command = ["strace", "-f", "-qq", "-o", os.devnull, *strace, *command]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run(module: str, *words: str | Path, strace: tuple[str, ...] = ()) -> int:
    """Exit code of a program; negative: killed by that signal."""
    return begin(module, *words, strace=strace).wait(PATIENCE)


def killed(call: str, use: int, path: Path | None = None) -> tuple[str, ...]:
    """For `strace`: the process dies where it uses a system call for the n-th time (on a file)."""
    return (*_of(call, path), "-e", f"inject={call}:signal=SIGKILL:when={use}")


def failing(calls: str, error: str, use: int, path: Path | None = None) -> tuple[str, ...]:
    """For `strace`: system calls (on a file) fail from their n-th use on."""
    return (*_of(calls, path), "-e", f"inject={calls}:error={error}:when={use}+")


def _of(calls: str, path: Path | None) -> tuple[str, ...]:
    return ("-e", f"trace={calls}", *(() if path is None else ("-P", str(path))))


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


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own that is soon full; making one takes the rights of root."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("mounting a small file system takes root and `mount`")
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, *, leaving: int = 0) -> Path:
    """Fill a small disk up to some bytes; the file to remove so that there is room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                break
        file.truncate(max(0, file.tell() - leaving))
    return ballast
