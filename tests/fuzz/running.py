"""A coverage-guided fuzzer run as a program of its own, for a fixed number of runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def fuzzed(script: str, seeds: Iterable[bytes], folder: Path, runs: int, *options: str) -> None:
    """Fails with the end of what libFuzzer said unless all runs were made."""
    pytest.importorskip("atheris", reason="atheris is not installed: no coverage-guided fuzzing")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)
    environment = {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "PATH": "/usr/bin:/bin",
        "PYTHONHASHSEED": "0",
    }
    with subprocess.Popen(
        [sys.executable, script, str(corpus), f"-runs={runs}", "-seed=1", *options],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("Done "):
                # All runs were made. A reading thread that still waits for Python's lock while the
                # library leaves by exit() would hold both for ever.
                process.kill()
                return
    raise AssertionError("".join(said)[-3000:])
