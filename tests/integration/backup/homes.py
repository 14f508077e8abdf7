"""A home with something of everything: movements, persons, an audit, protocols of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringfence import audit, lake
from ringfence.lake import Home
from ringfence.sources import import_file

NOW = datetime(2022, 7, 7, 4, tzinfo=UTC)
DAY = timedelta(days=1)
NAME = "欧阳锦绣"
_PEOPLE = f"subject,name,phone\na1,{NAME},15400000001\na2,李雷,15400000002\n"
_STAYS = """subject,place,start,end
a1,cafe,2022-07-0{n}T10:00:00+08:00,2022-07-0{n}T11:00:00+08:00
a2,cafe,2022-07-0{n}T10:30:00+08:00,2022-07-0{n}T12:00:00+08:00
"""


def settled(folder: Path, *, persons: bool = True) -> Home:
    home = lake.create_home(
        folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
    )
    if persons:
        bring(home, folder, "subject", _PEOPLE)
    stays(home, folder, 1)
    audit.append(home, "vault.reveal", by="officer", at=NOW, about={"case": "C1"})
    (home.protocols / "note.txt").write_text("kept", encoding="utf-8")
    home.layouts.mkdir()
    (home.layouts / "own.yaml").write_text("kept", encoding="utf-8")
    return home


def stays(home: Home, folder: Path, day: int) -> str:
    """The batch."""
    return bring(home, folder, "presence", _STAYS.replace("{n}", str(day)))


def bring(home: Home, folder: Path, table: str, content: str) -> str:
    file = folder / f"{table}.csv"
    file.write_text(content, encoding="utf-8")
    batch: str = import_file(home, file, table=table, now=NOW).batch
    return batch


def rows(home: Home, table: str = "presence") -> int:
    found = [one for one in lake.status(home).tables if one.table == table]
    return found[0].rows if found else 0
