"""The demo's server: `start` serves ./demo-home of ./demo-city, `stop` ends it, `remove` clears it.

Everything is in ./demo-server: the deployment, a private PostgreSQL, the log, and the accounts with
their passwords. Its clock shows the morning after the last delivery. `code NAME` is what the
authenticator app of an account would show.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from bench.deliveries import deliveries
from rich.console import Console

from ringfence.errors import StorageError, UserError
from ringfence.lake import open_home
from ringfence_server.running import cluster
from ringfence_server.running.beginning import FILE, begin
from scripts.demo_city import all_received

FOLDER, CITY, HOME, KEY = map(Path, ("demo-server", "demo-city", "demo-home", "demo-home.key"))
FIRST_PORT = 8470
_PORTS = 20
_PATIENCE_SECONDS = 180
_WIDTH = 96


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.demo_server", description=__doc__)
    parser.add_argument("act", choices=("start", "stop", "remove", "code"))
    parser.add_argument("account", nargs="?")
    asked = parser.parse_args(words)
    say = Console(highlight=False)
    say.width = max(say.width, _WIDTH)
    try:
        if asked.act == "start":
            _start(say)
        elif asked.act == "code":
            _told("code", asked.account or "")
        else:
            _stop(say)
            if asked.act == "remove":
                _remove(say)
    except UserError as error:
        say.print(error.text.en, error.text.zh, sep="\n", style="red")
        return error.exit_code
    return 0


def _start(say: Console) -> None:
    """A server that runs already ends first; accounts are made anew with every start."""
    _stop(say)
    _remove(say)
    home, now = open_home(HOME), datetime.now(UTC)
    os.environ["RINGFENCE_MASTER_KEY"] = str(KEY.resolve())
    FOLDER.mkdir(mode=0o711)
    file = begin(
        FOLDER.resolve(),
        home,
        database=None,
        private=_elsewhere(say),
        listen=f"127.0.0.1:{_free_port()}",
        hosts=(),
        shows=all_received(deliveries(CITY)).astimezone(UTC),
        now=now,
    )
    try:
        _told("make", str(CITY.resolve()))
        log = FOLDER / "log"
        with log.open("wb") as output:
            subprocess.Popen(  # noqa: S603 - ourselves
                [*_command(), "serve", "--deployment", str(file)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        site = f"http://{tomllib.loads(file.read_text(encoding='utf-8'))['listen']}"
        _wait(site, log)
    except BaseException:
        _stop(say)
        raise
    say.print(f"\n[bold]The server runs · 服务器已启动：{site}/[/bold]\n")
    say.print((FOLDER / "accounts.txt").read_text(encoding="utf-8"), markup=False)


def _command() -> list[str]:
    return [sys.executable, "-m", "ringfence.cli.main"]


def _told(*words: str) -> None:
    """In a process of its own, which is set up for the deployment."""
    command = [sys.executable, "-m", "scripts.demo_accounts", str(FOLDER / FILE), *words]
    if code := subprocess.run(command, check=False).returncode:  # noqa: S603 - ourselves
        sys.exit(code)


def _elsewhere(say: Console) -> Path | None:
    """Root's PostgreSQL runs as a user who may not be able to enter this folder; and a socket's
    path may not be long.
    """
    here = FOLDER.resolve() / "database"
    if cluster.enterable(here.parent) and cluster.short_enough(here):
        return None
    found = Path(tempfile.mkdtemp(prefix="ringfence-demo-", dir="/var/tmp"))
    say.print(
        f"The database's user cannot enter {here.parent}: the database is in {found}\n"
        f"数据库用户无法进入 {here.parent}：数据库位于 {found}",
        soft_wrap=True,
    )
    return found


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + _PORTS):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StorageError(
        f"the ports {FIRST_PORT} to {FIRST_PORT + _PORTS - 1} are all in use",
        f"端口 {FIRST_PORT} 至 {FIRST_PORT + _PORTS - 1} 均被占用",
    )


def _wait(site: str, log: Path) -> None:
    last = time.monotonic() + _PATIENCE_SECONDS
    while not _ready(site):
        if time.monotonic() > last or not _processes():
            last_line = (log.read_text(encoding="utf-8").splitlines() or ["–"])[-1]
            raise StorageError(
                f"the server did not start: {_failing(site)}; see {log}: {last_line}",
                f"服务器未能启动：{_failing(site)}；请见 {log}：{last_line}",
            )
        Event().wait(0.3)


def _ready(site: str) -> bool:
    try:
        with urlopen(f"{site}/ready", timeout=10):  # noqa: S310 - our own address
            return True
    except (URLError, OSError):
        return False


def _failing(site: str) -> str:
    """What the server says of itself, where it answers."""
    try:
        with urlopen(f"{site}/ready", timeout=10) as answer:  # noqa: S310 - our own address
            return f"{answer.status}"
    except HTTPError as fault:
        return fault.read().decode(errors="replace").strip()
    except (URLError, OSError) as fault:
        return type(fault).__name__


def _stop(say: Console) -> None:
    """All processes of the deployment, and then its database."""
    found = _processes()
    for pid in found:
        _end(pid, signal.SIGTERM)
    last = time.monotonic() + _PATIENCE_SECONDS
    while _processes():
        if time.monotonic() > last:
            for pid in _processes():
                _end(pid, signal.SIGKILL)
        Event().wait(0.1)
    if (private := _database()) is not None and private.data.exists():
        cluster.stop(private)
    if found:
        say.print("The server of the demo has ended · 演示服务器已停止")


def _processes() -> list[int]:
    """Those that serve this folder's deployment; other servers of this machine are left alone."""
    named = [b"serve", b"--deployment", bytes((FOLDER / FILE).resolve())]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if all(word in words for word in named):
            found.append(int(folder.name))
    return found


def _end(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _database() -> cluster.Cluster | None:
    if not (FOLDER / FILE).exists():
        return None
    told = tomllib.loads((FOLDER / FILE).read_text(encoding="utf-8"))
    return cluster.Cluster(Path(told["cluster"]))


def _remove(say: Console) -> None:
    """What an earlier demo left; a folder of that name that it did not make stays."""
    if (private := _database()) is not None:
        say.print(
            "The earlier demo and what was done in it are removed; a new one begins\n"
            "上次演示及其中的操作已清除，重新开始"
        )
        shutil.rmtree(private.folder, ignore_errors=True)
        shutil.rmtree(FOLDER)


if __name__ == "__main__":
    sys.exit(main())
