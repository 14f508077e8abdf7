"""Homes that one step fills and nobody reads afterwards."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from ringfence.lake import Home, create_home

NOW = datetime(2022, 9, 19, tzinfo=UTC)


def empty_home(folder: Path) -> Home:
    """A synthetic home in `folder/home`, its master key beside it; what was there is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["RINGFENCE_MASTER_KEY"] = str(folder / "master.key")
    return create_home(
        folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
    )
