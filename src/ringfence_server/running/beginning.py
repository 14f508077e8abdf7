"""A new deployment: its file, its secret, and a private database where none is given."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from ringfence.errors import StorageError, UsageError
from ringfence.lake import Home
from ringfence.lake.served import Served, close_to_others, mark_served, served_by
from ringfence_server.deployment.reading import Deployment, check_clock, deployment_of
from ringfence_server.running import cluster

FILE = "deployment.toml"
_SECRET = "secret"  # noqa: S105 - the name of the file that holds it
_CLUSTER = "database"
_LOCAL = ("127.0.0.1", "localhost")


def begin(
    folder: Path,
    home: Home,
    *,
    database: str | None,
    listen: str,
    hosts: tuple[str, ...],
    shows: datetime | None,
    now: datetime,
    private: Path | None = None,
) -> Path:
    """The file of a new deployment; the home is the server's from here on. UsageError: there is a
    deployment in the folder, another one serves the home, or the home is another account's.

    `database`: its address; none: a private one, in the folder `private` or else in this one.

    `hosts`: names under which browsers reach it through TLS; none: this machine's own browser only.
    `shows`: what the clock of a synthetic home shows at this moment.
    """
    _refuse_to_overwrite(folder)
    file = folder / FILE
    _refuse_another(home, file)
    close_to_others(home)
    lines = [
        f"home = {_quoted(str(home.root))}",
        f"secret_file = {_quoted(_SECRET)}",
        f"listen = {_quoted(listen)}",
        f"hosts = [{', '.join(map(_quoted, (*hosts, *_LOCAL)))}]",
        f"https = {'true' if hosts else 'false'}",
    ]
    if shows is not None:
        check_clock(Deployment(home.root, "", "", ahead=shows - now), home)
        lines.append(f"clock = {{shows = {shows.isoformat()}, at = {now.isoformat()}}}")
    try:
        # The database's own user has to pass through.
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        if database is None:
            made = _made(private or folder / _CLUSTER)
            lines.append(f"cluster = {_quoted(str(made.folder))}")
            database = made.address
        lines.append(f"database = {_quoted(database)}")
        _write(folder / _SECRET, secrets.token_urlsafe(48))
        _write(file, "".join(f"{line}\n" for line in lines))
    except OSError as fault:
        raise StorageError(
            f"{folder} cannot be written: {fault.strerror}", f"无法写入 {folder}：{fault.strerror}"
        ) from fault
    made_of = deployment_of(file)
    mark_served(home, Served(address_of(made_of), now, str(file)))
    return file


def address_of(deployment: Deployment) -> str:
    """At which people reach it."""
    if not deployment.https:
        return f"http://{deployment.listen}"
    return f"https://{deployment.hosts[0]}"


def _refuse_another(home: Home, file: Path) -> None:
    """One home, one deployment: two would each have cases and accounts of their own."""
    served = served_by(home.root)
    if served is None or served.deployment == str(file) or not Path(served.deployment).exists():
        return
    raise UsageError(
        f"{home.root} is served by {served.deployment} already: a home has one deployment. To end "
        f"that one, remove its folder",
        f"{home.root} 已由 {served.deployment} 部署：一个数据目录只能有一个部署。如需停用，"
        "请删除其部署目录",
    )


def _refuse_to_overwrite(folder: Path) -> None:
    for name in (FILE, _SECRET, _CLUSTER):
        if (folder / name).exists():
            raise UsageError(
                f"{folder / name} is there already: a deployment is never overwritten",
                f"{folder / name} 已存在：不会覆盖已有的部署",
            )


def _made(folder: Path) -> cluster.Cluster:
    try:
        return cluster.make(folder, lasting=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
