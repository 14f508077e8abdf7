"""The mark of a home that a server serves: a file that says where its server answers.

`served.json` in the home's folder; it holds nothing secret:

    {"format": 1, "address": "https://ringfence.city.example", "since": "2026-11-22T10:00:00+00:00",
     "deployment": "/etc/ringfence/deployment.toml"}

The library does not ask for it: the server's own processes work in the home. The command line does.
"""

from __future__ import annotations

import json
import os
import pwd
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ringfence.errors import DataError, NotAllowed, UsageError
from ringfence.lake.durable import storage_faults, sync_folder, write_durably
from ringfence.lake.home import Home

MARK = "served.json"
FORMAT = 1
_UNFINISHED = f"{MARK}.new"
_MOST_BYTES = 16_384
_LONGEST = 1_024
_OWNER_ONLY = 0o700


@dataclass(frozen=True)
class Served:
    """`address`: of the server, as people reach it. `since`: UTC. `deployment`: its file."""

    address: str
    since: datetime
    deployment: str


def served_by(root: Path) -> Served | None:
    """What the mark of a home says; None: it is not served, or there is no home.

    NotAllowed: the folder is another account's alone. DataError: the mark cannot be read; such a
    home counts as served.
    """
    file = root / MARK
    try:
        content = _content(file)
        return None if content is None else _read(content)
    except PermissionError:
        raise closed_to_us(root) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise DataError(
            f"{file} is damaged: it says which server the home belongs to; ask its operator",
            f"{file} 已损坏：该文件说明数据目录由哪台服务器使用；请联系运维人员",
        ) from None


def close_to_others(home: Home) -> None:
    """Nobody but the account that owns the home enters it. UsageError: that is another account."""
    owner = home.root.stat().st_uid
    if owner != os.geteuid():
        raise UsageError(
            f"{home.root} belongs to the account {account(owner)}: a server runs as the account "
            "that owns its home, and so does this command",
            f"{home.root} 属于账户 {account(owner)}：服务器须以数据目录所有者的账户运行，"
            "本命令亦须如此",
        )
    with storage_faults(home.root):
        home.root.chmod(_OWNER_ONLY)


def mark_served(home: Home, served: Served) -> None:
    """From here on the command line acts through the server."""
    content = {
        "format": FORMAT,
        "address": served.address,
        "since": served.since.astimezone(UTC).isoformat(),
        "deployment": served.deployment,
    }
    told = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    unfinished = home.root / _UNFINISHED
    with storage_faults(unfinished):
        write_durably(unfinished, told.encode())
        unfinished.replace(home.root / MARK)
        sync_folder(home.root)


def owned(root: Path) -> bool:
    """Whether this process runs as the account that owns the home."""
    return root.stat().st_uid == os.geteuid()


def owner_of(root: Path) -> str:
    return account(root.stat().st_uid)


def account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


def closed_to_us(root: Path) -> NotAllowed:
    """A folder that this account may not enter is perhaps a served home."""
    try:
        whose = owner_of(root)
    except OSError:
        whose = "?"
    return NotAllowed(
        f"{root} may be entered by the account {whose} only. If a server uses it, work through "
        "that: `ringfence login ADDRESS`, then your command without --home",
        f"{root} 仅限账户 {whose} 进入。若由服务器使用，请通过服务器操作："
        "先运行 `ringfence login 地址`，再运行您的命令（不带 --home）",
    )


def _content(file: Path) -> bytes | None:
    """At most as much as a mark has; ValueError: it is no plain file, or longer."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError
        content = opened.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError
    return content


def _read(content: bytes) -> Served:
    told = json.loads(content)
    if told["format"] != FORMAT:
        raise ValueError
    since = datetime.fromisoformat(_text(told["since"]))
    if since.tzinfo is None:
        raise ValueError
    return Served(_text(told["address"]), since.astimezone(UTC), _text(told["deployment"]))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable():
        raise ValueError
    return value
