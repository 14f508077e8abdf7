"""A home with one small outbreak whose case the server knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.functional.small_home import TABLES
from tests.server.cases.conftest import home, town
from tests.server.cases.town import Town
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.models import Case

__all__ = ["home", "outbreak", "town"]

_CASE = (
    "case,subject,disease,classification,symptomatic,jurisdiction\n"
    "C1,p1,covid-19,confirmed,yes,000101\n"
)
_EVENTS = "case,kind,at\nC1,onset,2022-07-05\nC1,report,2022-07-06\nC1,isolated,2022-07-06\n"
_POSITIVE = "subject,sampled,result\np1,2022-07-05T10:00:00+08:00,positive\n"
_OWN = {"case": _CASE, "case_event": _EVENTS, "test": _POSITIVE}


def deliver_outbreak(home: Home, folder: Path) -> None:
    """C1, with its laboratory record; p2 shared its karaoke hour, p3 its household."""
    for table, text in {**TABLES, **_OWN}.items():
        file = folder / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        import_file(home, file, table=table, now=NOON)


@pytest.fixture
def outbreak(home: Home, town: Town, tmp_path: Path) -> Case:
    deliver_outbreak(home, tmp_path)
    take_from_lake(home, by=None, at=NOON)
    return Case.objects.get(number="C1")


def key_of(number: str) -> int:
    """As addresses name a case."""
    return Case.objects.get(number=number).pk
