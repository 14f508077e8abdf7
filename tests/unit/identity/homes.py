"""Small homes for the tests of identity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringfence import lake
from ringfence.sources import import_file

BEGIN = datetime(2022, 7, 1, tzinfo=UTC)
BY = "desk-1"


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def home_in(folder: Path) -> lake.Home:
    return lake.create_home(
        folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
    )


def delivered(home: lake.Home, table: str, text: str, hours: float, source: str = "") -> str:
    """The batch of a canonical file."""
    path = home.root.parent / f"{table}-{hours}.csv"
    path.write_text(text, encoding="utf-8")
    receipt = import_file(home, path, table=table, source=source or None, now=at(hours))
    assert not receipt.quarantined, receipt.rejects
    return receipt.batch
