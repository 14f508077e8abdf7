"""The address and token that `ringfence login` keeps, in a file of the user's alone.

The token is never shown, never in the words of a process, and goes to no other address than that
which it was given for.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ringfence.cli.api.address import Address, read_address
from ringfence.errors import DataError, NotAllowed, UsageError, UserError
from ringfence.lake.durable import storage_faults
from ringfence.lake.key_files import own_folder, refuse_open

API = "RINGFENCE_API"
TOKEN = "RINGFENCE_TOKEN"  # noqa: S105 - the name of the variable
_NAME = "login.json"
_FORMAT = 1
_MOST_BYTES = 16_384
_LONGEST_TOKEN = 4_096


@dataclass(frozen=True)
class Login:
    """`account`: its user name, as the server told it."""

    address: Address
    token: str = field(repr=False)
    account: str = ""


def login_file() -> Path:
    return own_folder() / _NAME


def kept_login() -> Login | None:
    """NotAllowed: others can read it. DataError: it cannot be read."""
    file = login_file()
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError:
        raise _damaged(file) from None
    with os.fdopen(handle, "rb") as opened:
        kind = os.fstat(handle)
        if not stat.S_ISREG(kind.st_mode):
            raise _damaged(file)
        refuse_open(file, kind.st_mode)
        content = opened.read(_MOST_BYTES)
    try:
        told = json.loads(content)
        if told["format"] != _FORMAT:
            raise ValueError
        token, account = read_token(told["token"]), str(told["account"])
        return Login(read_address(told["address"]), token, account)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UserError):
        raise _damaged(file) from None


def keep_login(login: Login) -> Path:
    """The whole file or none of it, for this user alone from its first byte on."""
    file = login_file()
    unfinished = file.with_name(f"{file.name}.new")
    told = {
        "format": _FORMAT,
        "address": str(login.address),
        "token": login.token,
        "account": login.account,
    }
    with storage_faults(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(told, opened)
            opened.flush()
            os.fsync(handle)
        unfinished.replace(file)
    return file


def forget_login() -> bool:
    """Whether there was one."""
    file = login_file()
    with storage_faults(file):
        there = file.exists()
        file.unlink(missing_ok=True)
    return there


def read_token(text: str) -> str:
    """UsageError: not the form of a token; it is not repeated."""
    told = text.strip()
    if not told or len(told) > _LONGEST_TOKEN or not told.isascii() or not told.isprintable():
        raise UsageError("this is no token", "令牌无效")
    if " " in told:
        raise UsageError("this is no token", "令牌无效")
    return told


def token_for(address: Address, environment: Mapping[str, str]) -> str:
    """The token that was given for this address, and no other. NotAllowed: there is none.

    RINGFENCE_TOKEN belongs to the address in RINGFENCE_API: a folder that names another server gets
    nothing of it.
    """
    given = environment.get(TOKEN)
    if given and environment.get(API) and read_address(environment[API]) == address:
        return read_token(given)
    login = kept_login()
    if login is None or login.address != address:
        raise NotAllowed(
            f"the server at {address} asks who you are: `ringfence login {address}`, then the same "
            "command again",
            f"服务器 {address} 需要身份验证：请先运行 `ringfence login {address}`，再重复此命令",
        )
    return login.token


def _damaged(file: Path) -> DataError:
    return DataError(
        f"{file} cannot be read: `ringfence logout`, then log in again",
        f"无法读取 {file}：请先运行 `ringfence logout`，再重新登录",
    )
