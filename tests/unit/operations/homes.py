"""A home with one case, and a request about it, made without the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringfence import lake
from ringfence.operations.requests import Done, Scope, open_request
from ringfence.sources import import_file

BEGIN = datetime(2022, 7, 7, tzinfo=UTC)
CASE = "case,subject,disease,classification,symptomatic\nC1,p1,covid-19,confirmed,yes\n"
PRESENCE = "subject,place,start,end\np1,R,2022-07-04T10:00:00+08:00,2022-07-04T1{}:00:00+08:00\n"


def new_home(root: Path) -> lake.Home:
    home = lake.create_home(
        root / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
    )
    deliver(home, root, "case", CASE)
    return home


def deliver(
    home: lake.Home, root: Path, table: str, text: str, now: datetime = BEGIN
) -> lake.Receipt:
    file = root / f"{table}.csv"
    file.write_text(text, encoding="utf-8")
    return import_file(home, str(file), table=table, now=now)


def ask(home: lake.Home, agency: str = "rail", *, hours: float = 2) -> Done:
    return open_request(
        home,
        agency=agency,
        basis="article 40",
        case="C1",
        scope=Scope(("presence",), BEGIN - timedelta(days=7), BEGIN),
        due=BEGIN + timedelta(hours=hours),
        by="officer",
        now=BEGIN,
    )
