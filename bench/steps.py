"""The steps that run in processes of their own: `python -m bench.steps NAME RESULT ARGUMENTS`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.processes import peak_memory_bytes

STEPS = {
    "import": "bench.filling:import_step",
    "csv": "bench.canonical:csv_step",
    "compaction": "bench.filling:compaction_step",
    "vault": "bench.vault:vault_step",
    "mapped": "bench.mapped:mapped_step",
    "riding": "bench.riding:riding_step",
    "moving": "bench.moving:moving_step",
    "narrating": "bench.narrating:narrating_step",
    "windows": "bench.windows:windows_step",
    "tracing": "bench.tracing:tracing_step",
    "whole_rings": "bench.tracing:whole_rings_step",
    "hub": "bench.tracing:hub_step",
    "peer": "bench.peers.asking:peer_step",
}

Step = Callable[..., dict[str, Any]]


def main(words: list[str]) -> int:
    name, told, arguments = words
    module, _, function = STEPS[name].partition(":")
    step: Step = getattr(import_module(module), function)
    result = step(**json.loads(arguments))
    result["peak_memory_bytes"] = peak_memory_bytes()
    Path(told).write_text(json.dumps(result) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
