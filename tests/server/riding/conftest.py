"""A home with one run, on which the case of the outbreak rode, and what it changed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.functional.riding import DAY, at, ride, rides, train
from tests.server.cases.conftest import home, town
from tests.server.homes import NOON
from tests.server.tracing.conftest import outbreak

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.cases.models import Case

__all__ = ["home", "outbreak", "town"]

PAGE = f"passengers/?service=D1&date={DAY}"


def deliver_rides(home: Home, folder: Path) -> None:
    """The case p1 in 8/12F; p2 beside it, p3 who knows where, p4 with a ticket; then G7."""
    tables = train()
    tables["service"] += f"T,train,{DAY},G7,,,\n"
    tables["stop"] += f"T,1,station 4,,{at('14:00')}\nT,2,end,{at('15:00')},\n"
    people = [ride("p1", "8/12F"), ride("p2", "8/12D"), ride("p3")]
    people += [ride("p4", "8/13F", status="ticketed"), ride("p5", "3/1A", stops="1-2")]
    people += [ride("p1", "2/9C", service="T", stops="1-2")]
    people += [ride("p6", "2/9D", service="T", stops="1-2")]
    for table, text in {**tables, **rides(*people)}.items():
        file = folder / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        import_file(home, file, table=table, now=NOON)


@pytest.fixture
def rode(home: Home, outbreak: Case, tmp_path: Path) -> Case:
    deliver_rides(home, tmp_path)
    return outbreak
