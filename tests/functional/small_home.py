"""A home with one small outbreak, made through the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ringfence.cli.main import main

TABLES = {
    "place": "place,kind,name\nK,ktv,Blue Karaoke\nR,restaurant,Lotus\n",
    "presence": (
        "subject,place,start,end\n"
        "p1,K,2022-07-04T20:00:00+08:00,2022-07-04T22:00:00+08:00\n"
        "p2,K,2022-07-04T21:00:00+08:00,2022-07-04T23:00:00+08:00\n"
        "p9,R,2022-06-01T12:00:00+08:00,2022-06-01T13:00:00+08:00\n"
    ),
    "link": "subject_a,subject_b,relation\np1,p3,household\n",
    "case": (
        "case,subject,disease,classification,symptomatic\n"
        "C1,p1,covid-19,confirmed,yes\n"
        "C2,p7,covid-19,discarded,yes\n"
        "C3,p8,plague,confirmed,yes\n"
    ),
    "case_event": (
        "case,kind,at\n"
        "C1,onset,2022-07-05\nC1,report,2022-07-06\nC1,isolated,2022-07-06\n"
        "C3,report,2022-07-06\n"
    ),
}
NOON = "2022-07-07T12:00:00+08:00"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@cache
def _made(*options: str) -> TemporaryDirectory[str]:
    """A home with its files, made once and copied: it has neither vault nor audit yet."""
    made = TemporaryDirectory()
    home = ["--home", f"{made.name}/home", "--clock", NOON]
    assert main(["init", f"{made.name}/home", "--synthetic", *options]) == 0
    for table, text in TABLES.items():
        file = Path(made.name, f"{table}.csv")
        file.write_text(text, encoding="utf-8")
        assert main(["import", str(file), "--as", table, *home]) == 0
    return made


class SmallHome:
    """Commands against one home, with its clock at noon on 7 July 2022 unless told otherwise."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> None:
        self.folder = folder / "home"
        self._files = folder
        self._capsys = capsys
        shutil.copytree(_made(*options).name, folder, dirs_exist_ok=True)
        capsys.readouterr()

    def deliver(self, table: str, text: str, *, clock: str = NOON) -> Answer:
        file = self._files / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        return self.run("import", str(file), "--as", table, "--json", clock=clock)

    def run(self, *words: str, clock: str = NOON) -> Answer:
        return self.say(*words, "--home", str(self.folder), "--clock", clock)

    def say(self, *words: str) -> Answer:
        code = main(_english(words))
        out, err = self._capsys.readouterr()
        return Answer(code, out, err)


def _english(words: Sequence[str]) -> list[str]:
    return [*words, "--lang", "en"]
