"""A synthetic home for the server's tests, and what its audit says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ringfence.audit import Entry, entries, verify
from ringfence.lake import Home
from ringfence.lake.home import create_home

NOON = datetime(2022, 7, 7, 4, tzinfo=UTC)


def new_home(folder: Path) -> Home:
    return create_home(
        folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOON
    )


def told_of(home: Home, act: str) -> list[Entry]:
    """The rows of an act, in a chain that is whole."""
    assert verify(home).ok
    return [entry for entry in entries(home) if entry.act == act]
