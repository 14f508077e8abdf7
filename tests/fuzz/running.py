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
    done = subprocess.run(
        [sys.executable, script, str(corpus), f"-runs={runs}", "-seed=1", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
