"""Web and worker on one machine, begun and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from types import FrameType

from ringfence_server.deployment.logs import tell

_COMMAND = (sys.executable, "-m", "ringfence.cli.main", "serve")
_PARTS = ("web", "worker")
_LOOK_SECONDS = 0.5
_ENDING_SECONDS = 60
_FAILED = 1


def serve(deployment: Path) -> int:
    """Until SIGTERM, or until one of them ends by itself: then both do. The exit code."""
    stop = Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    # In sessions of their own: a key pressed here reaches them once, through this process.
    running = {}
    for part in _PARTS:
        command = [*_COMMAND, part, "--deployment", str(deployment)]
        running[part] = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - ourselves
    while not stop.wait(_LOOK_SECONDS):
        if ended := [part for part, process in running.items() if process.poll() is not None]:
            tell("part_ended", part=ended[0])
            break
    codes = [_end(process) for process in running.values()]
    if stop.is_set():
        return max(codes)
    return max(codes) or _FAILED


def _end(process: subprocess.Popen[bytes]) -> int:
    """The exit code; negative ones are signals, and count as a failure."""
    process.terminate()
    try:
        code = process.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    # Where a part was killed, what it had begun goes on in its session, and holds the port.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    return code if code >= 0 else _FAILED
