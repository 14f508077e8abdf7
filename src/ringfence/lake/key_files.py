"""Files of secret keys: they lie off the data disk, and nobody but their owner may read them."""

from __future__ import annotations

import os
from pathlib import Path

from ringfence.errors import NotAllowed


def key_path(variable: str, name: str) -> Path:
    """Where the key of this name lies. The variable of the environment names its file, or a folder
    for the keys of several homes.
    """
    given = os.environ.get(variable)
    if not given:
        return own_folder() / name
    path = Path(given).absolute()
    return path / name if path.is_dir() else path


def own_folder() -> Path:
    """Of the account that runs this: keys, and what else is its own alone."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    return (Path(configured) if configured else Path.home() / ".config") / "ringfence"


def refuse_open(path: Path, mode: int) -> None:
    """NotAllowed: others than its owner can read it."""
    if mode & 0o077:
        raise NotAllowed(
            f"{path} can be read by others: chmod 600 it", f"{path} 可被他人读取：请执行 chmod 600"
        )
