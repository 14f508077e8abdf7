"""A private PostgreSQL cluster in a temporary folder, reached by its socket only."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "ringfence"


def programs() -> Path | None:
    """Debian keeps them apart from the path, a folder for each version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return None if elsewhere is None else Path(elsewhere).parent


@contextmanager
def running() -> Iterator[str]:
    """The address of a new cluster; it is gone afterwards. The server refuses to run as root."""
    found = programs()
    assert found is not None, "PostgreSQL is missing: scripts/bootstrap.sh dev installs it"
    with tempfile.TemporaryDirectory(prefix="ringfence-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        _run(found / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        _run(found / "pg_ctl", "-D", data, "-l", f"{folder}/log", "-o", options, "-w", "start")
        try:
            yield f"postgresql:///postgres?host={folder}&user={USER}"
        finally:
            _run(found / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(program: Path, *words: str) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*as_postgres, str(program), *words], check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
