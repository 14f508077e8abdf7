"""Steps within a deployment, each in a process of its own that is set up for it:
`python -m bench.server.inside FILE STEP TOLD ARGUMENTS`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.machine import ROOT
from bench.processes import StepError

Step = Callable[..., dict[str, Any]]


def inside(file: Path, name: str, /, **given: Any) -> dict[str, Any]:
    """What the step tells. StepError: it did not end well; its own words are on the screen."""
    told = file.with_name(f"step-{name}.json")
    told.unlink(missing_ok=True)
    words = [sys.executable, "-m", "bench.server.inside", str(file), name, str(told)]
    done = subprocess.run([*words, json.dumps(given)], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise StepError(f"step {name} ended with {done.returncode}")
    result: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return result


def main(words: list[str]) -> int:
    from ringfence_server.running.preparing import prepare

    file, name, told, arguments = words
    prepare(Path(file))
    from bench.server import steps

    step: Step = getattr(steps, name)
    Path(told).write_text(json.dumps(step(**json.loads(arguments))) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
