"""A home with one case, and a request about it, made without the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringfence import lake
from ringfence.operations import lists
from ringfence.operations.requests import Done, Scope, open_request
from ringfence.sources import import_file
from ringfence.vault import Statement, open_vault

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


def receive(
    home: lake.Home,
    text: str,
    *,
    agency: str = "carrier",
    case: str | None = None,
    name: str = "list.csv",
    form: lists.ListForm | None = None,
    now: datetime = BEGIN,
) -> lists.Received:
    file = home.root.parent / name
    file.write_text(text, encoding="utf-8")
    return lists.receive(
        home, file, agency=agency, basis="article 40", case=case, form=form, by="officer", now=now
    )


def register_person(home: lake.Home, subject: str, fields: Mapping[str, str]) -> None:
    """What some source of the lake tells of a subject."""
    root = home.root.parent
    number = len(list(root.glob("known*"))) + 1
    file = root / f"known{number}.csv"
    file.write_text(f"subject,grid\n{subject},g{number}\n", encoding="utf-8")
    source = f"register {number}"
    batch = import_file(
        home, str(file), table="subject", source=source, now=BEGIN, dry_run=True
    ).batch
    with (
        open_vault(home, create=True) as vault,
        vault.stage(batch, source, BEGIN) as staging,
    ):
        staging.write([Statement(subject, 2, fields)])
        staging.ready()
        import_file(home, str(file), table="subject", source=source, now=BEGIN)


def figures(home: lake.Home, name: str = "L1") -> dict[str, int]:
    told = lists.funnel(home, lists.the_list(home, name)).as_json()
    return {stage: count for stage, count in told.items() if stage != "list" and count}
