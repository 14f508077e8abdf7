"""A machine whose memory is used up is no fault of the program, and nothing the user did wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.faults import PATIENCE, ROOT, environment

FULL = """
import resource, sys
from ringfence.cli import main
def starve(words):
    resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))
    return bytearray(1 << 30)
main._run = starve
sys.exit(main.main(["lake", "status", "--lang", sys.argv[1]]))
"""


@pytest.mark.parametrize(("lang", "told"), [("en", "memory of this machine"), ("zh", "本机内存")])
def test_memory_that_is_used_up_is_said_plainly(lang: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, lang],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 13, done.stderr
    assert told in done.stderr
