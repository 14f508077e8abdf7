"""The deployment that is measured: a private database, web processes and a worker, as systemd would
run them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

from bench.machine import ROOT
from bench.processes import StepError
from bench.server.supply import all_received
from ringfence.lake import open_home
from ringfence_server.running import cluster
from ringfence_server.running.beginning import begin

_COMMAND = (sys.executable, "-m", "ringfence.cli.main", "serve")
_PATIENCE_SECONDS = 180


@dataclass
class Deployed:
    """`file`: of the deployment. `site`: where it answers. `parts`: its running processes."""

    file: Path
    site: str
    log: Path
    database: cluster.Cluster
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, part: str) -> None:
        with self.log.open("ab") as output:
            self.parts[part] = subprocess.Popen(
                [*_COMMAND, part, "--deployment", str(self.file)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, part: str) -> None:
        """As a fall of the machine would: without a word."""
        process = self.parts.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def faults(self) -> list[str]:
        """Faults of the program in what its processes wrote."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        told = [json.loads(line) for line in lines if line.startswith("{")]
        return [json.dumps(one) for one in told if one.get("level") in ("error", "critical")]


@contextmanager
def deployed(folder: Path) -> Iterator[Deployed]:
    """A new one of `folder/home`, its clock the morning after all was received; gone afterwards."""
    place = folder / "server"
    shutil.rmtree(place, ignore_errors=True)
    with cluster.passing(_settings()) as database:
        os.environ["RINGFENCE_MASTER_KEY"] = str(folder / "master.key")
        file = begin(
            place,
            open_home(folder / "home"),
            database=database.address,
            listen=f"127.0.0.1:{_free_port()}",
            hosts=(),
            shows=all_received(folder / "city").astimezone(UTC),
            now=datetime.now(UTC),
        )
        listen = next(
            line.split('"')[1] for line in file.read_text().splitlines() if "listen" in line
        )
        made = Deployed(file, f"http://{listen}", place / "log", database)
        try:
            yield made
        finally:
            for part in list(made.parts):
                _end(made.parts.pop(part))


def run(made: Deployed) -> float:
    """Web and worker; seconds until it says that it is ready."""
    begun = time.perf_counter()
    for part in ("web", "worker"):
        made.start(part)
    until(lambda: _ready(made.site), f"the server did not start: see {made.log}")
    return time.perf_counter() - begun


def until(asked: object, fault: str, seconds: float = _PATIENCE_SECONDS) -> None:
    last = time.monotonic() + seconds
    assert callable(asked)
    while not asked():
        if time.monotonic() > last:
            raise StepError(fault)
        Event().wait(0.1)


def _settings() -> dict[str, str]:
    """For a machine that the database shares with the server; durability as delivered: all on."""
    return {
        "shared_buffers": "1GB",
        "effective_cache_size": "4GB",
        "random_page_cost": "1.1",
        "maintenance_work_mem": "512MB",
        "max_wal_size": "4GB",
    }


def _ready(site: str) -> bool:
    try:
        with urlopen(f"{site}/ready", timeout=10):
            return True
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
