"""A private PostgreSQL: a cluster of its own in a folder, on a socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BINARIES = Path("/usr/lib/postgresql")
_OWNER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "off",
    "jit": "off",
}
"""As an expert would set them for reading on two cores; compiling costs more than it saves here."""


def binaries() -> Path | None:
    """The newest server on this machine."""
    found = [path for path in _BINARIES.glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def missing() -> str | None:
    """Why no cluster can be made here; None: one can."""
    if binaries() is None:
        return f"no PostgreSQL server in {_BINARIES}: scripts/bootstrap.sh bench installs it"
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            return "PostgreSQL refuses to run as root, and there is no runuser"
        try:
            pwd.getpwnam(_OWNER)
        except KeyError:
            return f"PostgreSQL refuses to run as root, and there is no user {_OWNER}"
    return None


@contextmanager
def cluster() -> Iterator[str]:
    """The connection string of a running server."""
    bin_folder = binaries()
    if bin_folder is None:
        raise FileNotFoundError("no PostgreSQL server")
    # Not below the checkout: its owner must be able to enter every folder above.
    with tempfile.TemporaryDirectory(prefix="ringfence-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, _OWNER, _OWNER)
        data, log = folder / "data", folder / "log"
        _run(bin_folder / "initdb", "-D", data, "-A", "trust", "-U", _OWNER, "-E", "UTF8",
             "--locale=C", "--no-sync")  # fmt: skip
        options = f"-k {folder} " + " ".join(f"-c {key}={told}" for key, told in _SETTINGS.items())
        _run(bin_folder / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield f"host={folder} user={_OWNER} dbname=postgres"
        finally:
            _run(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(*words: object) -> None:
    before = ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*before, *map(str, words)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stdout}")
