"""Asks a peer for the rings of many cases, one after the other, and measures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from bench.figures import spread
from bench.peers.plain import Plain

PEERS = {
    "self_join": "bench.peers.self_join",
    "sorted_tables": "bench.peers.sorted_tables",
    "postgres": "bench.peers.postgres",
    "frames": "bench.peers.frames",
}
MOST_ROWS = {"postgres": 10_500_000, "frames": 10_500_000}
"""Peers that are not asked at larger sizes: loading or answering would take hours."""

Answer = tuple[list[str], list[str]]
"""People of ring 1 and of ring 2, sorted."""


@dataclass(frozen=True)
class Loaded:
    """A peer that holds the stays. `memory_bytes`: peak of another process that works for it."""

    ask: Callable[[str], Answer]
    stored_bytes: int
    memory_bytes: Callable[[], int] | None = None


class Peer(Protocol):
    """A module of this folder."""

    def missing(self) -> str | None:
        """Why this peer cannot run here; None: it can."""

    def loaded(self, plain: Plain, work: Path) -> AbstractContextManager[Loaded]: ...


def peer(name: str) -> Peer:
    module: Any = import_module(PEERS[name])
    found: Peer = module
    return found


def peer_step(
    name: str, *, plain: str, as_of: int, work: str, cases: list[str], people: str, seconds: float
) -> dict[str, Any]:
    """Times of the cases that were answered within `seconds`; who was found goes to `people`."""
    chosen = peer(name)
    why = chosen.missing()
    if why is not None:
        return {"skipped": why}
    folder = Path(work)
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    with chosen.loaded(Plain(Path(plain), as_of), folder) as loaded:
        took_loading = time.perf_counter() - begun
        answers: dict[str, Answer] = {}
        took: list[float] = []
        loaded.ask(cases[-1])
        started = time.perf_counter()
        for case in cases:
            asked = time.perf_counter()
            answers[case] = loaded.ask(case)
            took.append(time.perf_counter() - asked)
            if time.perf_counter() - started > seconds:
                break
        memory = loaded.memory_bytes() if loaded.memory_bytes is not None else None
    Path(people).write_text(json.dumps(answers), encoding="utf-8")
    told: dict[str, Any] = {
        "cases": len(answers),
        "load_seconds": took_loading,
        "bytes": loaded.stored_bytes,
        "ms": spread([round(one * 1000, 2) for one in took]),
        "total_seconds": sum(took),
        "found": {
            "contacts_1": spread([len(first) for first, _ in answers.values()]),
            "contacts_2": spread([len(second) for _, second in answers.values()]),
        },
    }
    if memory is not None:
        told["server_memory_bytes"] = memory
    return told
