"""A trajectory goes as JSON to another machine, and looks there as it does here."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home
from ringfence.operations.moving import as_json, table
from ringfence.operations.moving.asking import Trajectory, TrajectoryAsked, trajectory_asked
from ringfence.operations.moving.kept import kept, trajectory_of_kept
from ringfence.operations.moving.page import page
from ringfence.operations.moving.release import page as release_page
from ringfence.operations.moving.release import released
from ringfence.operations.moving.report import content
from ringfence_city.stories.days import CASE
from ringfence_city.stories.one_case import story, write

from .small_home import SmallHome

LATER = "2022-07-16T09:00:00+08:00"


def shown(told: Trajectory, language: str) -> list[str]:
    terminal = StringIO()
    table.show(told, Console(file=terminal, width=160), language)
    with zipfile.ZipFile(BytesIO(content(told, language))) as report:
        text = report.read("word/document.xml").decode()
    release = release_page(released(told, ["cinema"]), told, language)
    return [terminal.getvalue(), as_json.text(told, language), page(told, language), text, release]


def test_what_is_brought_back_looks_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a story with every kind of row, and nearly every kind of conflict."""
    home = SmallHome(tmp_path, capsys)
    for file, name, source in write(story(1), tmp_path):
        words = ("import", str(file), "--as", name, "--source", source)
        assert home.run(*words, clock=LATER).code == 0
    now = datetime.fromisoformat(LATER).astimezone(UTC)
    opened = open_home(home.folder)
    asked = TrajectoryAsked(CASE, protocol="covid-cn-9")
    told = trajectory_asked(opened, asked, make_engine=SqlEngine, now=now)
    back = trajectory_of_kept(json.loads(json.dumps(kept(told))))
    for language in ("en", "zh"):
        assert shown(back, language) == shown(told, language)
    assert len(told.movements.conflicts) >= 13
    assert told.movements.set_aside and told.movements.rides and told.warnings == ()
