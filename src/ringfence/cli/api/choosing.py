"""Where a command acts: in a home of this machine, or through a server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ringfence.cli.api.address import Address, read_address
from ringfence.cli.api.logins import API, kept_login
from ringfence.cli.ways import way
from ringfence.errors import UsageError, UserError
from ringfence.lake.served import owned, served_by

HOME = "RINGFENCE_HOME"


def server_of(
    folder: Path, *, named: bool, environment: Mapping[str, str] = os.environ
) -> Address | None:
    """The server, for a command that can go through one; None: a home of this machine.

    `named`: the folder was given with --home. A home that a server uses leads to that server. Else
    what was named counts, by --home before RINGFENCE_API; and where no home lies, the login.
    """
    asked = environment.get(API)
    if asked and not named:
        if environment.get(HOME):
            raise UsageError(
                f"{API} names a server and {HOME} a folder: unset one of them",
                f"{API} 指定了服务器，{HOME} 指定了目录：请取消其中之一",
            )
        return read_address(asked)
    if (served := served_by(folder)) is not None:
        return None if way().operator and owned(folder) else _of_mark(served.address, folder)
    if named or environment.get(HOME) or folder.exists():
        return None
    login = kept_login()
    return None if login is None else login.address


def _of_mark(address: str, folder: Path) -> Address:
    try:
        return read_address(address)
    except UserError:
        raise UsageError(
            f"{folder} says that a server uses it, and names no address of a server; ask its "
            "operator",
            f"{folder} 标明由服务器使用，但其中的服务器地址无效；请联系运维人员",
        ) from None
