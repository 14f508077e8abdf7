"""The deployment file of a server: which home it serves, with which database, to whom.

TOML, named by RINGFENCE_SERVER. Secrets lie in files of their own, never in this one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeGuard

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError
from ringfence.lake import Home

VARIABLE = "RINGFENCE_SERVER"
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Deployment:
    """One served home.

    `database`: a PostgreSQL address. `hosts`: names under which browsers reach the server.
    `https`: browsers reach it through TLS only; false is for one machine and its own browser.
    `cluster`: the folder of a private database, which the server starts when it is not running.
    `metrics_from`: addresses or networks that may read /metrics.
    `kinds`: the authority's own file of kinds of tasks.
    `ahead`: how far the clock of a synthetic home is ahead of the real one (or behind it).
    """

    home: Path
    database: str = field(repr=False)
    secret: str = field(repr=False)
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    listen: str = "127.0.0.1:8470"
    https: bool = True
    metrics_from: tuple[str, ...] = ("127.0.0.1", "::1")
    cluster: Path | None = None
    kinds: Path | None = None
    ahead: timedelta = timedelta()

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host, int(port)


_IN_FILE = {one.name for one in fields(Deployment)} - {"secret", "ahead"} | {
    "secret_file",
    "clock",
}


def read_deployment(environment: Mapping[str, str]) -> Deployment:
    """The deployment that the environment names."""
    named = environment.get(VARIABLE)
    if not named:
        raise UsageError(
            f"no server is named: set {VARIABLE} to its deployment file",
            f"未指定服务器：请将 {VARIABLE} 设为其部署文件",
        )
    return deployment_of(Path(named))


def deployment_of(file: Path) -> Deployment:
    """NotFound, DataError: no such file, or one that cannot be followed; the field is named."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"there is no deployment file {file}", f"没有部署文件 {file}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise DataError(
            f"{file} cannot be read as TOML", f"{file} 不是可读取的 TOML 文件"
        ) from fault
    unknown = sorted(told.keys() - _IN_FILE)
    if unknown:
        known = ", ".join(sorted(_IN_FILE))
        raise DataError(
            f"{file}: {unknown[0]} is not known; a deployment has: {known}",
            f"{file}：不认识 {unknown[0]}；部署文件可有：{known}",
        )
    home = file.parent / _text(file, told, "home")
    secret = _secret(file, file.parent / _text(file, told, "secret_file"))
    given: dict[str, Any] = {}
    for name in ("cluster", "kinds"):
        if name in told:
            given[name] = (file.parent / _text(file, told, name)).resolve()
    if "hosts" in told:
        given["hosts"] = _hosts(file, told["hosts"])
    if "metrics_from" in told:
        given["metrics_from"] = _networks(file, told["metrics_from"])
    if "listen" in told:
        given["listen"] = _listen(file, _text(file, told, "listen"))
    if "https" in told:
        given["https"] = _flag(file, told["https"])
    if "clock" in told:
        given["ahead"] = _ahead(file, told["clock"])
    return Deployment(home.resolve(), _text(file, told, "database"), secret, **given)


def secret_path(file: Path) -> Path:
    """Where the secret of a deployment lies. Errors: as `deployment_of`."""
    deployment_of(file)
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return file.parent / _text(file, told, "secret_file")


def check_clock(deployment: Deployment, home: Home) -> None:
    """NotAllowed: a clock of one's own, where people are real."""
    if deployment.ahead and not home.synthetic:
        raise NotAllowed(
            "a clock is set for synthetic homes only; this home keeps the real one",
            "只有演练数据目录可设定时钟；本目录使用真实时间",
        )


def _ahead(file: Path, clock: Any) -> timedelta:
    """`clock = {shows = T, at = R}`: at the real instant R it shows T, and runs on."""
    told = clock if isinstance(clock, dict) else {}
    if told.keys() == {"shows", "at"}:
        shows, at = told["shows"], told["at"]
        if _zoned(shows) and _zoned(at):
            return shows - at
    raise DataError(
        f"{file}: clock needs two times with offsets, like"
        " {shows = 2022-09-01T09:00:00+08:00, at = 2026-11-22T10:00:00Z}",
        f"{file}：clock 需要两个带时区偏移的时间，例如"
        " {shows = 2022-09-01T09:00:00+08:00, at = 2026-11-22T10:00:00Z}",
    )


def _zoned(value: Any) -> TypeGuard[datetime]:
    return isinstance(value, datetime) and value.tzinfo is not None


def _text(file: Path, told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise DataError(f"{file}: {name} must be a text", f"{file}：{name} 应为文本")
    return value


def _texts(file: Path, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise DataError(f"{file}: {name} must be a list of texts", f"{file}：{name} 应为文本列表")
    return tuple(value)


def _hosts(file: Path, value: Any) -> tuple[str, ...]:
    hosts = _texts(file, "hosts", value)
    if any("*" in one for one in hosts):
        raise DataError(
            f"{file}: hosts are named one by one, without *",
            f"{file}：hosts 应逐一列出，不可用 *",
        )
    return hosts


def _networks(file: Path, value: Any) -> tuple[str, ...]:
    named = _texts(file, "metrics_from", value)
    try:
        for one in named:
            ip_network(one)
    except ValueError:
        raise DataError(
            f"{file}: metrics_from lists addresses or networks, like 127.0.0.1 or 10.1.0.0/16",
            f"{file}：metrics_from 应为地址或网段，例如 127.0.0.1 或 10.1.0.0/16",
        ) from None
    return named


def _listen(file: Path, value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise DataError(
            f"{file}: listen must be address:port, like 127.0.0.1:8470",
            f"{file}：listen 应为“地址:端口”，例如 127.0.0.1:8470",
        )
    return value


def _flag(file: Path, value: Any) -> bool:
    if not isinstance(value, bool):
        raise DataError(f"{file}: https is true or false", f"{file}：https 应为 true 或 false")
    return value


def _secret(file: Path, secret_file: Path) -> str:
    try:
        secret = secret_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise DataError(
            f"{file}: secret_file {secret_file} cannot be read",
            f"{file}：无法读取 secret_file {secret_file}",
        ) from fault
    if len(secret) < SHORTEST_SECRET:
        raise DataError(
            f"{file}: secret_file holds fewer than {SHORTEST_SECRET} characters",
            f"{file}：secret_file 少于 {SHORTEST_SECRET} 个字符",
        )
    if secret_file.stat().st_mode & 0o077:
        raise DataError(
            f"{file}: secret_file may be read by others; it needs mode 600",
            f"{file}：其他账户可读取 secret_file；权限应为 600",
        )
    return secret
