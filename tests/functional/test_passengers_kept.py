"""A list of passengers goes as JSON to another machine, and looks there as it does here."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home
from ringfence.operations.riding import as_json, table
from ringfence.operations.riding.asking import PassengerList, PassengersAsked, passengers_asked
from ringfence.operations.riding.kept import kept, list_of
from ringfence.operations.riding.plan import page

from .riding import DAY, LATER, at, given, ride, rides, train
from .small_home import SmallHome


def shown(told: PassengerList, language: str) -> list[str]:
    terminal = StringIO()
    table.show(told, Console(file=terminal, width=160), language)
    return [terminal.getvalue(), as_json.text(told, language), page(told, language)]


@pytest.mark.parametrize("layout", ["high-speed-second", "hard-sleeper", ""])
def test_what_is_brought_back_looks_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], layout: str
) -> None:
    """With a doubt, a ticket, a change onward, and a protocol that is a draft."""
    home = SmallHome(tmp_path, capsys)
    seats = ["5/11下", "5/12上", "5/20中"] if layout == "hard-sleeper" else ["8/1A", "8/1B", "8/9F"]
    both = train(layout)
    both["service"] += f"T,train,{DAY},G7,,,\n"
    both["stop"] += f"T,1,station 4,,{at('14:00')}\nT,2,end,{at('15:00')},\n"
    people = [ride("case", seats[0]), ride("near", seats[1]), ride("far", seats[2], stops="2-3")]
    people += [ride("ticket", seats[1], status="ticketed"), ride("unseated")]
    people += [ride("case", "2/9C", service="T", stops="1-2"), ride("on", "2/9D", service="T")]
    given(home, **both, **rides(*people))
    asked = PassengersAsked("R1", "D1", date.fromisoformat(DAY))
    now = datetime.fromisoformat(LATER).astimezone(UTC)
    told = passengers_asked(open_home(home.folder), asked, make_engine=SqlEngine, now=now)
    back = list_of(json.loads(json.dumps(kept(told))))
    for language in ("en", "zh"):
        assert shown(back, language) == shown(told, language)
    assert told.onward is not None and len(told.people) == 4
