"""Two stories from the making of the records to the answer, beside what is known to be true.

`train`: who sat within three rows of a case on three trains that it changed between.
`case`: where one person was, by 446 records of eleven channels with what is wrong in them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ringfence.cli.main import main as ringfence
from ringfence_city.stories import one_case, one_train
from ringfence_city.stories.days import CASE
from ringfence_city.stories.judging import judged

FOLDER = Path("build/stories")
STOPS = Path("../shared/data/cn_rail_sample/train_stops.csv")
LATER = "2022-07-16T09:00:00+08:00"
SEED = 1
_WIDTH = 110
_CASE_HOURS, _TRAIN_MINUTES = 35, 42


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.stories", description=__doc__)
    parser.add_argument("story", choices=("case", "train"))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    asked = parser.parse_args(words)
    folder: Path = asked.folder / asked.story
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tell = _case if asked.story == "case" else _train
    tell(folder, asked.seed, asked.lang)
    return 0


def _home(folder: Path) -> list[str]:
    home = ["--home", str(folder / "home"), "--clock", LATER]
    _quietly(["init", str(folder / "home"), "--synthetic", "--zone", "Asia/Shanghai", *home[2:]])
    return home


def _quietly(words: list[str]) -> str:
    out = StringIO()
    with redirect_stdout(out):
        code = ringfence([*words])
    if code:
        sys.exit(code)
    return out.getvalue()


def _timed(words: list[str]) -> tuple[dict[str, Any], float]:
    """The answer of the command in a process of its own, and seconds until it was there."""
    started = time.perf_counter()
    command = [str(Path(sys.executable).with_name("ringfence")), *words, "--json"]
    text = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    took = time.perf_counter() - started
    answer: dict[str, Any] = json.loads(text)
    return answer, took


def _case(folder: Path, seed: int, language: str) -> None:
    home = _home(folder)
    files = folder / "files"
    files.mkdir()
    told = one_case.story(seed)
    for file, table, source in one_case.write(told, files):
        _quietly(["import", str(file), "--as", table, "--source", source, *home])
    words = ["trajectory", CASE, "--protocol", "covid-cn-9", "--lang", language, *home]
    ringfence(
        [
            *words,
            *("--html", str(folder / "movements.html")),
            *("--report", str(folder / "report.docx")),
            *("--release", str(folder / "release.html")),
        ]
    )
    answer, took = _timed(words)
    score = judged(told, answer)
    _figures(
        "446 records of one person, beside the truth",
        [
            ("stays of 15 minutes or longer restored", f"{score.restored} of {score.stays}"),
            ("of their time", f"{score.minutes_restored / score.minutes:.1%}"),
            ("stays told that never were", str(score.untrue)),
            (
                "wrong things in the records, found as what they are",
                _of(score.found, score.planted),
            ),
            ("conflicts told that are none", str(score.false)),
            (f"time of the command (published: {_CASE_HOURS} h and 20 people)", f"{took:.1f} s"),
        ],
    )
    print(f"{folder}: movements.html, report.docx, release.html")


def _train(folder: Path, seed: int, language: str) -> None:
    home = _home(folder)
    stops = STOPS if STOPS.exists() else None
    told = one_train.journey(seed, stops)
    for table, text in one_train.tables(told).items():
        file = folder / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        _quietly(["import", str(file), "--as", table, *home])
    first = told.trains[0].numbers[0]
    words = ["passengers", first, str(one_train.DAY), "--case", one_train.CASE]
    words += ["--protocol", "covid-jiangsu-rows", "--lang", language, *home]
    ringfence([*words, "--plan", str(folder / "seats.html")])
    answer, took = _timed(words)
    rows: list[tuple[str, str]] = []
    at: dict[str, Any] | None = answer
    for train, aboard in zip(told.trains, told.aboard, strict=True):
        near = one_train.truly_near(aboard)
        close = [] if at is None else [p for p in at["passengers"] if p["class"] == "close"]
        found = {
            one["person"]: {(met["board_seq"], met["alight_seq"]) for met in one["together"]}
            for one in close
        }
        same = "exactly" if found == near else "NOT"
        people = len({sat.who for sat in aboard})
        rows.append(
            (
                f"{'/'.join(train.numbers)}: of {people} people within three rows, by stop and leg",
                f"{len(found)} told, {same} the true {len(near)}",
            )
        )
        at = at["onward"] if at is not None else None
    rows.append((f"time of the command (published: {_TRAIN_MINUTES} min)", f"{took:.1f} s"))
    kind = "a real timetable" if stops is not None else "invented trains"
    _figures(f"Three trains, {kind}, beside the truth", rows)
    print(f"{folder}: seats.html")


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def _figures(title: str, rows: Iterable[tuple[str, str]]) -> None:
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in rows:
        table.add_row(name, value)
    Console(width=_WIDTH).print(table)


if __name__ == "__main__":
    sys.exit(main())
