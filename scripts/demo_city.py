"""The demo: a city of 20,000 people with an outbreak, its deliveries, and its index case traced.

Agencies deliver as each of them writes; mappings bring their files to one record, and numbers of
documents tell which subjects are one person. Beside the contacts stands what nobody has in life:
how many of them are true, and how many of the true ones were found.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.deliveries import (
    ZONE,
    Delivery,
    Taken,
    deliveries,
    new_home,
    next_morning,
    take,
)
from bench.truth.answers import answers
from bench.truth.desk import Filled, found, persons
from bench.truth.scoring import Score, judged
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ringfence.cli.main import main as ringfence
from ringfence.lake import compact

PROTOCOL = "covid-cn-9"
INDEX_CASE = "C000001"
_WIDTH = 96
_OWN = (Path("demo-city"), Path("demo-home"))
_KEY = Path("demo-home.key")
_CASES = ("godata", "cases")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.demo_city", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--city", type=Path, default=_OWN[0])
    parser.add_argument("--home", type=Path, default=_OWN[1])
    asked = parser.parse_args(words)
    city, home = asked.city, asked.home
    for folder, mark in ((city, "city.json"), (home, "home.json")):
        _remove(folder, mark)
    if home == _OWN[1]:
        _KEY.unlink(missing_ok=True)
        os.environ["RINGFENCE_MASTER_KEY"] = str(_KEY.resolve())
    say = Console(highlight=False)
    say.width = max(say.width, _WIDTH)
    size = ["--people", str(asked.people), "--days", str(asked.days), "--seed", str(asked.seed)]
    _run(say, ["city", "make", *size, str(city)])
    desk = _fill(say, city, home)
    as_of = third_morning(desk.given)
    known = ["--as-of", as_of.isoformat()]
    trace = ["trace", INDEX_CASE, "--home", str(home), *known, "--clock", desk.now.isoformat()]
    say.print("\nThe first case, as it looked three mornings after its report; ring 1:")
    _run(say, [*trace, "--orders", "1"])
    say.print("Both rings, on a page:")
    page = home / "trace.html"
    _run(say, [*trace, "--format", "html", "--output", str(page)])
    say.print("\nWhat a trace would list if everything were known, by the city's own reckoning:")
    asked_of = ["--case", INDEX_CASE, "--protocol", PROTOCOL, *known]
    _run(say, ["city", "answers", str(city), *asked_of])
    _judge(say, city, desk, as_of)
    say.print(f"\nThe trace, to look at in a browser: {page.resolve()}", soft_wrap=True)
    return 0


def _remove(folder: Path, mark: str) -> None:
    """What an earlier demo left in its own folders; a folder that was named stays as it is."""
    if folder in _OWN and (folder / mark).is_file():
        shutil.rmtree(folder)


def _run(say: Console, words: list[str]) -> None:
    say.print(f"\n[bold]$ ringfence {' '.join(words)}[/bold]", soft_wrap=True)
    code = ringfence(words)
    if code:
        sys.exit(code)


def _fill(say: Console, city: Path, home: Path) -> Filled:
    """Every file in the order of its receipt, with the clock of that moment. Who is one person is
    worked out before the trace, and again when all has been received.
    """
    given = deliveries(city)
    say.print(f"\nA home, and what the agencies deliver into it ({len(given)} files):\n")
    begun = time.perf_counter()
    made = new_home(home, given)
    as_of = third_morning(given)
    end = all_received(given)
    early = [delivery for delivery in given if delivery.received <= as_of]
    taken = []
    for some, clock in ((early, as_of), (given[len(early) :], end)):
        words = f"importing what came until {clock.astimezone(ZoneInfo(ZONE)):%m-%d %H:%M}"
        for delivery in track(some, words, console=say, transient=True):
            taken.append(take(made, delivery))
        if clock == as_of:
            link = ["identity", "link", "--home", str(home), "--clock", clock.isoformat()]
            _run(say, link)
    say.print()
    say.print(_channels(given, taken))
    _run(say, ["identity", "link", "--home", str(home), "--clock", end.isoformat()])
    compact(made)
    say.print(f"\nimported, linked and sorted in {time.perf_counter() - begun:.0f} s")
    return Filled(made, end, tuple(given))


def _channels(given: Sequence[Delivery], taken: Sequence[Taken]) -> Table:
    """The sums of the receipts: rows = accepted + skipped + set aside, channel by channel."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("channel")
    table.add_column("as")
    heads = ("files", "rows", "accepted", "skipped", "set aside", "left out", "identities")
    for name in heads:
        table.add_column(name, justify="right")
    rows = sorted(
        zip(given, taken, strict=True), key=lambda row: (not row[0].mapping, row[0].channel)
    )
    for (_, channel), of in groupby(rows, key=lambda row: (not row[0].mapping, row[0].channel)):
        listed = list(of)
        files = [delivery for delivery, _ in listed]
        sums = (sum(parts) for parts in zip(*(astuple(one) for _, one in listed), strict=True))
        counts = (len(files), sum(delivery.rows for delivery in files), *sums)
        table.add_row(
            channel,
            "mapping" if files[0].mapping else _tables(files),
            *(f"{count:,}" for count in counts),
        )
    return table


def _tables(files: Iterable[Delivery]) -> str:
    names = sorted({delivery.table for delivery in files})
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} tables"


def third_morning(given: Sequence[Delivery]) -> datetime:
    """Three mornings after the first report of a case: cases are numbered in that order."""
    reported = next(one.received for one in given if one.channel in _CASES)
    local = reported.astimezone(ZoneInfo(ZONE)) + timedelta(days=3)
    return local.replace(hour=9, minute=0, second=0)


def all_received(given: Sequence[Delivery]) -> datetime:
    """The morning after the last delivery, and after the third morning."""
    return max(next_morning(given), third_morning(given) + timedelta(hours=1))


def _judge(say: Console, city: Path, desk: Filled, as_of: datetime) -> None:
    """What is true is told of the city's own keys: the home knows whose numbers they are."""
    truth = persons(desk, answers(city).contacts.get(PROTOCOL, {}), as_of)
    told = judged(found(desk, PROTOCOL, [INDEX_CASE], as_of=as_of), truth)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    heads = ("listed", "true contacts", "precision", "recall", "recall with review")
    for name in heads:
        table.add_column(name, justify="right")
    for name, score in (
        ("contacts", told.rings[1]),
        ("contacts of contacts", told.rings[2]),
        ("both rings", told.whole),
    ):
        table.add_row(name, *_told(score))
    say.print("\nBeside the truth, which only a synthetic city can tell:\n")
    say.print(table)
    say.print(
        f"{told.whole.asked:,} more people are in review; {told.whole.questions:,} questions would"
        " settle them. Whom no channel saw where the case was, no trace can list:"
        " docs/reference/truth.md tells what rules and channels are worth in general."
    )


def _told(score: Score) -> tuple[str, ...]:
    shares = (score.precision, score.recall, score.recall_with_review)
    told = ("–" if share is None else f"{share:.0%}" for share in shares)
    return (f"{score.listed:,}", f"{score.true:,}", *told)


if __name__ == "__main__":
    sys.exit(main())
