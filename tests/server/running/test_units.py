"""The systemd units: well formed, hardened, and their commands run a server."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults import ROOT
from tests.server.running.deployed import (
    ask,
    deployed,
    end,
    environment_of,
    migrated,
    until,
)

from ringfence_server.deployment.reading import VARIABLE
from ringfence_server.running.cluster import Cluster

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
TIMERS = sorted((ROOT / "deploy" / "systemd").glob("*.timer"))
SERVING = ["ringfence-web", "ringfence-worker"]
INSTALLED = "/opt/ringfence/bin/ringfence"
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "User": "ringfence",
    "KillMode": "mixed",
    "UMask": "0077",
}


def fields(unit: Path) -> dict[str, list[str]]:
    """What stands in it; systemd allows a name several times."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            name, _, told = line.partition("=")
            found.setdefault(name, []).append(told)
    return found


def environment(unit: Path) -> dict[str, str]:
    return dict(told.split("=", 1) for told in fields(unit)["Environment"])


def test_there_is_one_for_each_process() -> None:
    assert [unit.stem for unit in UNITS] == ["ringfence-backup", *SERVING]
    assert [timer.stem for timer in TIMERS] == ["ringfence-backup"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_it_is_hardened(unit: Path) -> None:
    told = fields(unit)
    assert {name: told[name] for name in HARDENED} == {n: [v] for n, v in HARDENED.items()}
    assert environment(unit)[VARIABLE] == "/etc/ringfence/deployment.toml"
    writes = told["ReadWritePaths"][0].split()
    assert environment(unit)["RINGFENCE_MASTER_KEY"] in writes


@pytest.mark.parametrize("unit", [*UNITS, *TIMERS], ids=lambda unit: unit.name)
def test_systemd_reads_it(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    program = tmp_path / "ringfence"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    copied = tmp_path / unit.name
    text = unit.read_text(encoding="utf-8").replace(INSTALLED, str(program))
    copied.write_text(text, encoding="utf-8")
    for other in (one for one in UNITS if unit in TIMERS and one.stem == unit.stem):
        text = other.read_text(encoding="utf-8").replace(INSTALLED, str(program))
        (tmp_path / other.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copied],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_their_commands_run_a_server(tmp_path: Path, database_cluster: Cluster) -> None:
    made = migrated(deployed(tmp_path, database_cluster, "units"))
    running = []
    with made.output.open("ab") as output:
        for unit in (unit for unit in UNITS if unit.stem in SERVING):
            words = shlex.split(fields(unit)["ExecStart"][0])
            assert words[0] == INSTALLED
            command = [sys.executable, "-m", "ringfence.cli.main", *words[1:]]
            served = {**environment_of(made), **environment(unit), VARIABLE: str(made.file)}
            keys = {name: str(tmp_path) for name in served if name.endswith("_KEY")}
            running.append(
                subprocess.Popen(command, env={**served, **keys}, stdout=output, stderr=output)
            )
    try:
        until(lambda: ask(made, "/ready")[0] == 200)
    finally:
        codes = [end(process) for process in running]
    assert codes == [0, 0]


def test_the_nightly_backup_is_taken_and_checked(tmp_path: Path, database_cluster: Cluster) -> None:
    made = migrated(deployed(tmp_path, database_cluster, "nightly"))
    (unit,) = [unit for unit in UNITS if unit.stem == "ringfence-backup"]
    commands = [shlex.split(line) for line in fields(unit)["ExecStart"]]
    assert len(commands) == 2
    for words in commands:
        assert words[0] == INSTALLED
        given = [str(tmp_path / "kept") if word.startswith("/var/") else word for word in words]
        command = [sys.executable, "-m", "ringfence.cli.main", *given[1:]]
        served = {**environment_of(made), **environment(unit), VARIABLE: str(made.file)}
        keys = {name: str(tmp_path) for name in served if name.endswith("_KEY")}
        done = subprocess.run(
            command, env={**served, **keys}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert "is whole" in done.stdout
