"""A private PostgreSQL: a cluster of its own in a folder, reached by a socket only.

Debian's server, started as the user who asks; it refuses to run as root, and runs as `postgres`
then. The folder must be one that this user can enter, so not below a home of root's.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ringfence.errors import NotFound, StorageError

USER = "ringfence"
DATABASE = "postgres"
_BINARIES = Path("/usr/lib/postgresql")
_SYSTEM_USER = "postgres"
_SOCKET_PATH_AT_MOST = 80


@dataclass(frozen=True)
class Cluster:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return f"postgresql:///{DATABASE}?host={self.folder}&user={USER}"


def binaries() -> Path | None:
    """Of the newest server on this machine."""
    found = [path for path in _BINARIES.glob("*/bin") if (path / "initdb").exists()]
    newest = max(found, key=lambda path: int(path.parent.name), default=None)
    elsewhere = shutil.which("initdb")
    return newest or (None if elsewhere is None else Path(elsewhere).parent)


def missing() -> str | None:
    """Why no cluster can be made here; None: one can."""
    if binaries() is None:
        return "no PostgreSQL server: apt-get install postgresql"
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            return "PostgreSQL refuses to run as root, and there is no runuser"
        try:
            pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            return f"PostgreSQL refuses to run as root, and there is no user {_SYSTEM_USER}"
    return None


def make(folder: Path, *, lasting: bool) -> Cluster:
    """A new cluster in this folder, not started yet. `lasting`: it survives a fall of the machine;
    else its making is quicker.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = folder.resolve()
    if len(str(folder)) > _SOCKET_PATH_AT_MOST:
        raise StorageError(
            f"the path of the database's folder is longer than {_SOCKET_PATH_AT_MOST} characters",
            f"数据库目录的路径超过 {_SOCKET_PATH_AT_MOST} 个字符",
        )
    if os.geteuid() == 0:
        shutil.chown(folder, _SYSTEM_USER, _SYSTEM_USER)
    made = Cluster(folder)
    hurry = () if lasting else ("--no-sync",)
    words = ("-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", *hurry)
    _run("initdb", "-D", made.data, *words)
    return made


def start(cluster: Cluster, settings: Mapping[str, str] | None = None) -> None:
    """On return it answers. One that runs already is left as it is."""
    if running(cluster):
        return
    told = {"listen_addresses": "", "unix_socket_directories": str(cluster.folder)}
    options = " ".join(f"-c {name}={value}" for name, value in {**told, **(settings or {})}.items())
    log = cluster.folder / "log"
    _run("pg_ctl", "-D", cluster.data, "-l", log, "-o", options, "-w", "-t", "60", "start")


def running(cluster: Cluster) -> bool:
    return _ask("pg_ctl", "-D", cluster.data, "status").returncode == 0


def stop(cluster: Cluster, *, at_once: bool = False) -> None:
    """`at_once`: as a fall of power would; what was acknowledged is there again after a start."""
    mode = "immediate" if at_once else "fast"
    if running(cluster):
        _run("pg_ctl", "-D", cluster.data, "-m", mode, "-w", "-t", "60", "stop")


def _run(program: str, *words: object) -> None:
    done = _ask(program, *words)
    if done.returncode != 0:
        raise StorageError(
            f"{program} of the private database ended with {done.returncode}: "
            f"{done.stdout.strip()[-400:]}",
            f"私有数据库的 {program} 以 {done.returncode} 结束：{done.stdout.strip()[-400:]}",
        )


def _ask(program: str, *words: object) -> subprocess.CompletedProcess[str]:
    folder = binaries()
    if folder is None:
        raise NotFound(
            "no PostgreSQL server was found: apt-get install postgresql",
            "未找到 PostgreSQL 服务器：请运行 apt-get install postgresql",
        )
    before = ["runuser", "-u", _SYSTEM_USER, "--"] if os.geteuid() == 0 else []
    return subprocess.run(  # noqa: S603 - Debian's own program, with our own words
        [*before, str(folder / program), *map(str, words)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
