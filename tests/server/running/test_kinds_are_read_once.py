"""All web processes know the kinds of the file as it was at the start, whatever becomes of it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.server.running.deployed import (
    Deployed,
    answers,
    ask,
    children,
    deployed,
    migrated,
    run,
    serving,
    until,
)
from tests.server.tasks.kinds_of_a_city import put, shown

from ringfence_server.running.cluster import Cluster

OWN = "own_disinfect own_listen"


def told(made: Deployed) -> tuple[int, str]:
    """By one process; 0 while it ends."""
    status, text = ask(made, "/kinds-here/")
    if status != 200:
        return 0, ""
    pid, _, kinds = text.partition(" ")
    return int(pid), kinds


def test_a_file_that_is_broken_while_the_server_runs_reaches_no_process(
    tmp_path: Path, database_cluster: Cluster
) -> None:
    kinds = put(tmp_path, shown())
    made = migrated(deployed(tmp_path, database_cluster, "read_once", kinds='"kinds.yaml"'))
    with serving(made, "web", settings="tests.server.running.probing") as process:
        answers(made)
        first, known = told(made)
        assert known == OWN
        assert first in children(process)
        kinds.write_text("kinds: [", encoding="utf-8")
        os.kill(first, signal.SIGKILL)
        known_by: dict[int, str] = {}

        def both() -> bool:
            known_by.update([told(made)])
            return len(known_by.keys() - {0, first}) == 2

        until(both)
        assert {text for pid, text in known_by.items() if pid} == {OWN}
    done = run("serve", "web", "--deployment", made.file)
    assert done.returncode == 10
    assert "this is not YAML" in done.stderr
