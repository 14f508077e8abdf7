"""A record whose key is wrong cannot be corrected: what to do instead is told, and does it."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home, snapshot, verify

from .small_home import NOON, Answer, SmallHome

LATER = "2022-07-07T13:00:00+08:00"
MAPPING = """
mapping: visits
version: 1
title: {en: Visits, zh: 来访}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  who: {column: 编号, as: key}
  where: {column: 场所, as: key}
  at: {column: 时间, as: datetime}
persons:
  guest: {by: [who]}
records:
  - table: event
    columns:
      subject: {person: guest}
      place: {field: where}
      at: {field: at}
      kind: {text: scan}
"""
VISITS = "编号,场所,时间\n1,K,2022-07-04 20:00\n2,K,2022-07-04 21:00\n"
EVENTS = (
    "subject,place,at,kind\n"
    "a,K,2022-07-04T20:00:00+08:00,scan\n"
    "b,K,2022-07-04T21:00:00+08:00,scan\n"
)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    written = made.folder / "mappings" / "visits" / "v1" / "mapping.yaml"
    written.parent.mkdir(parents=True)
    written.write_text(MAPPING, encoding="utf-8")
    return made


def places(home: SmallHome, at: str) -> Counter[str]:
    found = snapshot(open_home(home.folder), datetime.fromisoformat(at))
    return Counter(SqlEngine(found).rows("event", "place", None).column("place").to_pylist())


def told(home: SmallHome, *words: str) -> Answer:
    answer = home.run(*words)
    assert answer.code == 0, answer.err
    return answer


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (VISITS, ("--mapping", "visits")),
        (EVENTS, ("--as", "event", "--source", "gate 7")),
    ],
)
def test_the_commands_that_are_told_put_another_record_in_its_place(
    home: SmallHome, tmp_path: Path, text: str, how: tuple[str, ...]
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(text, encoding="utf-8")
    old = told(home, "import", str(file), *how, "--json").json()["batch"]
    fix = ("correct", old[:12], "3", "event", "--set", "place=R", "--reason", "misread")
    said = home.run(*fix)
    assert said.code == 2
    assert "`place` is part of what makes it this record" in said.err
    commands = re.findall(r"^  ringfence (.*)$", said.err, re.MULTILINE)
    assert len(commands) == 2
    mended = tmp_path / "copy.csv"
    mended.write_text(text.replace("2,K", "2,R").replace("b,K", "b,R"), encoding="utf-8")
    assert places(home, NOON) == {"K": 2}
    for command in commands:
        words = shlex.split(command.replace("FILE", str(mended)).replace("…", "misread"))
        assert home.run(*words, clock=LATER).code == 0
    assert places(home, LATER) == {"K": 1, "R": 1}
    assert verify(open_home(home.folder)).ok
    again = re.search(r"`(lake reinstate [0-9a-f]+)`", said.err)
    assert again is not None
    assert home.run(*again[1].split(), "--reason", "it was K", clock=LATER).code == 0
    assert places(home, LATER) == {"K": 2, "R": 1}


def test_what_would_be_withdrawn_with_it_is_told(home: SmallHome, tmp_path: Path) -> None:
    file = tmp_path / "stays.csv"
    hours = "2022-07-04T20:00:00+08:00,2022-07-04T21:00:00+08:00"
    file.write_text(f"subject,place,start,end\na,K,{hours}\n", encoding="utf-8")
    old = told(home, "import", str(file), "--as", "presence", "--json").json()["batch"]
    seen = ("presence", "--set", "mask=true", "--reason", "seen")
    mend = told(home, "correct", old[:12], "2", *seen, "--json").json()["batch"]
    for batch in (old, mend):
        said = home.run("correct", batch[:12], "2", "presence", "--set", "place=R", "--reason", "r")
        assert said.code == 2
        assert f"lake withdraw {old[:12]}" in said.err
        assert "1 batch that puts rows of it right is withdrawn with it" in said.err


def test_a_key_that_is_said_as_it_is_changes_nothing(home: SmallHome, tmp_path: Path) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(EVENTS, encoding="utf-8")
    old = told(home, "import", str(file), "--as", "event", "--json").json()["batch"]
    said = home.run("correct", old[:12], "2", "event", "--set", "place=K", "--reason", "r")
    assert said.code == 10
    assert "says so already" in said.err
