"""A private PostgreSQL: a cluster of its own in a folder, reached by a socket only.

Debian's server, started as the user who asks; it refuses to run as root, and runs as `postgres`
then. The folder must be one that this user can enter, so not below a home of root's.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ringfence.errors import NotFound, StorageError

USER = "ringfence"
DATABASE = "postgres"
_BINARIES = Path("/usr/lib/postgresql")
_SYSTEM_USER = "postgres"
_SOCKET_PATH_AT_MOST = 80
_QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
"""Its log names no value: a statement that failed holds persons' data, and so do its words."""


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


def enterable(folder: Path) -> bool:
    """Whether the user that the database runs as reaches this folder."""
    if os.geteuid() != 0:
        return os.access(folder, os.X_OK)
    asked = ["runuser", "-u", _SYSTEM_USER, "--", "test", "-x", str(folder.resolve())]
    return subprocess.run(asked, cwd="/", check=False).returncode == 0  # noqa: S603 - our words


def short_enough(folder: Path) -> bool:
    """Whether a socket in it can be reached: the system allows no long paths."""
    return len(str(folder.resolve())) <= _SOCKET_PATH_AT_MOST


def make(folder: Path, *, lasting: bool, locale: str = "C.UTF-8") -> Cluster:
    """A new cluster in this folder, not started yet. `lasting`: it survives a fall of the machine;
    else its making is quicker.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = folder.resolve()
    if not short_enough(folder):
        raise StorageError(
            f"the path of the database's folder is longer than {_SOCKET_PATH_AT_MOST} characters",
            f"数据库目录的路径超过 {_SOCKET_PATH_AT_MOST} 个字符",
        )
    if os.geteuid() == 0:
        shutil.chown(folder, _SYSTEM_USER, _SYSTEM_USER)
    if not enterable(folder):
        raise StorageError(
            f"the database runs as the user {_SYSTEM_USER}, who cannot enter {folder}",
            f"数据库以用户 {_SYSTEM_USER} 运行，该用户无法进入 {folder}",
        )
    made = Cluster(folder)
    hurry = () if lasting else ("--no-sync",)
    words = ("-A", "trust", "-U", USER, "-E", "UTF8", f"--locale={locale}", *hurry)
    _run("initdb", "-D", made.data, *words)
    return made


def start(cluster: Cluster, settings: Mapping[str, str] | None = None) -> bool:
    """On return it answers. One that runs already is left as it is: then False."""
    if not cluster.data.exists():
        raise NotFound(
            f"there is no private database in {cluster.folder}",
            f"{cluster.folder} 中没有私有数据库",
        )
    with (cluster.folder / "starting").open("ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if running(cluster):
            return False
        own = {"listen_addresses": "", "unix_socket_directories": str(cluster.folder), **_QUIET}
        told = {**own, **(settings or {})}
        options = " ".join(f"-c {name}='{value}'" for name, value in told.items())
        log = cluster.folder / "log"
        _run("pg_ctl", "-D", cluster.data, "-l", log, "-o", options, "-w", "-t", "60", "start")
    return True


@contextmanager
def passing(
    settings: Mapping[str, str] | None = None, locale: str = "C.UTF-8"
) -> Iterator[Cluster]:
    """A running cluster that is gone afterwards with all that it holds."""
    with tempfile.TemporaryDirectory(prefix="rf-pg-", ignore_cleanup_errors=True) as folder:
        made = make(Path(folder), lasting=False, locale=locale)
        start(made, settings)
        try:
            yield made
        finally:
            stop(made, at_once=True)


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
