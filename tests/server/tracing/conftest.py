"""A home with one small outbreak whose case the server knows."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.functional.small_home import TABLES
from tests.server.cases.conftest import home, town
from tests.server.cases.town import Town
from tests.server.homes import NOON, new_home

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


@cache
def _delivered() -> TemporaryDirectory[str]:
    """Made once and copied: it has neither vault nor audit yet."""
    folder = TemporaryDirectory()
    made = new_home(Path(folder.name))
    for table, text in {**TABLES, **_OWN}.items():
        file = Path(folder.name, f"{table}.csv")
        file.write_text(text, encoding="utf-8")
        import_file(made, file, table=table, now=NOON)
    assert not made.vault.exists()
    return folder


def deliver_outbreak(home: Home) -> None:
    """C1, with its laboratory record; p2 shared its karaoke hour, p3 its household. Into a home
    that is as it was made.
    """
    assert not any(home.deliveries.iterdir())
    shutil.rmtree(home.root)
    shutil.copytree(Path(_delivered().name, "home"), home.root)


@pytest.fixture
def outbreak(home: Home, town: Town) -> Case:
    deliver_outbreak(home)
    take_from_lake(home, by=None, at=NOON)
    return Case.objects.get(number="C1")


def key_of(number: str) -> int:
    """As addresses name a case."""
    return Case.objects.get(number=number).pk
