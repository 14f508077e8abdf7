"""A deployment with a home and a database of its own, and its real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.faults import ROOT, environment
from tests.server.homes import new_home

from ringfence_server.deployment.reading import VARIABLE
from ringfence_server.running.cluster import DATABASE, USER, Cluster

PATIENCE = 60
_MIGRATED = "migrated"
_FIRST_PORT, _PORTS = 20_000, 12_000
_numbers = count(os.getpid() * 97)  # others for each of pytest's processes
_SETTINGS = "DJANGO_SETTINGS_MODULE"
MODULE = [sys.executable, "-m"]
_COMMAND = [*MODULE, "ringfence.cli.main"]


@dataclass(frozen=True)
class Deployed:
    folder: Path
    database: str
    port: int

    @property
    def file(self) -> Path:
        return self.folder / "deployment.toml"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> Path:
        """All that its processes wrote."""
        return self.folder / "output"

    def written(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def lines(self, event: str) -> list[dict[str, Any]]:
        told = [json.loads(line) for line in self.written().splitlines()]
        return [line for line in told if line.get("event") == event]


def deployed(folder: Path, cluster: Cluster, name: str, **fields: str) -> Deployed:
    """Written, not migrated. `fields`: more of its file, as TOML."""
    with psycopg.connect(cluster.address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    address = f"postgresql:///{name}?host={cluster.folder}&user={USER}"
    made = Deployed(folder, address, free_port())
    new_home(folder)
    secret = folder / "secret"
    secret.write_text("s" * 40, encoding="ascii")
    secret.chmod(0o600)
    told = {
        "home": '"home"',
        "secret_file": '"secret"',
        "database": f'"{address}"',
        "listen": f'"127.0.0.1:{made.port}"',
        "https": "false",
        **fields,
    }
    lines = "".join(f"{key} = {value}\n" for key, value in told.items())
    made.file.write_text(lines, encoding="utf-8")
    return made


def free_port() -> int:
    """Below those that the system gives to connections: none of them has it when it is needed."""
    while True:
        port = _FIRST_PORT + next(_numbers) % _PORTS
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """`ringfence` with these words, to its end."""
    return subprocess.run(
        [*_COMMAND, *map(str, words)],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def inside(made: Deployed, *words: str) -> str:
    """What a program prints that acts within the deployment: words for Python."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment_of(made, settings="ringfence_server.config.settings"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def migrated(made: Deployed) -> Deployed:
    """By the program; once in each cluster that runs already, and the next are copies of that."""
    if not made.database:
        return _migrated(made)
    name = conninfo_to_dict(made.database)["dbname"]
    elsewhere = make_conninfo(made.database, dbname=DATABASE)
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [_MIGRATED]).rowcount:
            connection.execute(f"DROP DATABASE {name}".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_MIGRATED}".encode())
        else:
            _migrated(made)
            connection.execute(f"CREATE DATABASE {_MIGRATED} TEMPLATE {name}".encode())
    return made


def _migrated(made: Deployed) -> Deployed:
    done = run("serve", "migrate", "--deployment", made.file)
    assert done.returncode == 0, done.stderr
    return made


def _environment(**more: str) -> dict[str, str]:
    """Without the settings of this process."""
    own = {name: told for name, told in environment().items() if name != _SETTINGS}
    return own | {"RINGFENCE_LANG": "en"} | more


def environment_of(made: Deployed, *, settings: str | None = None) -> dict[str, str]:
    more = {} if settings is None else {_SETTINGS: settings}
    return _environment(**{VARIABLE: str(made.file)}, **more)


@contextmanager
def serving(
    made: Deployed, *parts: str, settings: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """`ringfence serve` (or a part of it) until it is not needed any more."""
    more = {} if settings is None else {_SETTINGS: settings}
    with made.output.open("ab") as output:
        process = subprocess.Popen(
            [*_COMMAND, "serve", *parts, "--deployment", str(made.file)],
            cwd=ROOT,
            env=_environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE)


def until(asked: Any, *, seconds: float = PATIENCE) -> Any:
    """What is asked for, as soon as it is true."""
    waiting, last = Event(), time.monotonic() + seconds
    while not (found := asked()):
        assert time.monotonic() < last, "it did not come"
        waiting.wait(0.05)
    return found


def answers(made: Deployed) -> None:
    """Wait until the web answers."""
    until(lambda: ask(made, "/health")[0] == 200)


def ask(made: Deployed, path: str, content: bytes | None = None, **headers: str) -> tuple[int, str]:
    """Status and text; 0: nobody answers."""
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with urlopen(Request(made.site + path, content, named), timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()
    except (URLError, ConnectionError, TimeoutError):
        return 0, ""


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Its own processes, and theirs."""
    found = [process.pid]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += map(int, task.read_text(encoding="ascii").split())
    return found[1:]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
