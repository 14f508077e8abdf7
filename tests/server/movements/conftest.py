"""A home whose case a register, a code and the case itself tell of."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.conftest import home, town
from tests.server.homes import NOON
from tests.server.tracing.conftest import outbreak

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.cases.models import Case

__all__ = ["home", "outbreak", "town"]

TABLES = {
    "place": "place,kind,name,lat,lon\nshop,supermarket,Big & Shop,31.56,120.31\n"
    "house,home,Willow Court,31.57,120.29\n",
    "event": "subject,place,at,kind\np1,shop,2022-07-04T21:00:00+08:00,scan\n",
    "presence": "subject,place,start,end,certainty\n"
    "p1,house,2022-07-05T19:00:00+08:00,2022-07-06T08:00:00+08:00,declared\n",
}


def deliver_movements(home: Home, folder: Path) -> None:
    for table, text in TABLES.items():
        file = folder / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        import_file(home, file, table=table, source=f"{table}s", now=NOON)


@pytest.fixture
def moved(home: Home, outbreak: Case, tmp_path: Path) -> Case:
    deliver_movements(home, tmp_path)
    return outbreak
