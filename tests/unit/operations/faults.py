"""Acts in processes of their own: several at once, or killed at a system call."""

from __future__ import annotations

from pathlib import Path

from tests.faults import PATIENCE, begin, killed, run

_ACTS = "tests.unit.operations.acts"


def at_once(home: Path, *acts: tuple[str, ...]) -> list[int]:
    """Exit codes of acts that began together."""
    return [process.wait(PATIENCE) for process in [begin(_ACTS, home, *words) for words in acts]]


def killed_at(home: Path, call: str, use: int, *words: str) -> int:
    """Exit code of an act that is killed where it uses a system call for the n-th time."""
    return run(_ACTS, home, *words, strace=killed(call, use))
