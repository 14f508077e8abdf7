"""`python -m bench`: measure, record, and write the page of benchmarks anew."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.campaign import Campaign, measured, same_people
from bench.machine import ROOT
from bench.page import CHARTS, PAGE, rendered
from bench.peer_tables import draw
from bench.results import FOLDER, newest, record
from bench.server.recorded import newest as newest_servers
from bench.server.section import section
from bench.sizes import name_of, rows_of, sizes_of

_LARGE = rows_of("100M")
_QUICK = rows_of("20k")


def main(words: list[str] | None = None) -> int:
    asked = _parser().parse_args(words)
    results, page = asked.results, asked.page
    sizes = (*asked.sizes, _LARGE) if asked.large else asked.sizes
    if asked.quick:
        sizes, asked.cases, asked.compared = (_QUICK,), 6, 3
    with ExitStack() as stack:
        work = asked.keep or _temporary(stack)
        if asked.quick:
            results = results or work / "results"
            page = page or work / "benchmarks.md"
        results, page = results or FOLDER, page or PAGE
        agreed = True
        for rows in () if asked.page_only else sizes:
            folder = work / f"{name_of(rows)}-{asked.seed}"
            result = measured(Campaign(rows, asked.seed, asked.cases, asked.compared, folder))
            print(f"recorded in {record(result, results)}")
            agreed = _agreed(result["size"], same_people(result)) and agreed
        page.parent.mkdir(parents=True, exist_ok=True)
        servers = section(newest_servers(results))
        page.write_text(rendered(newest(results)) + servers, encoding="utf-8")
        if newest(results):
            draw(newest(results), page.parent / CHARTS)
        print(f"written: {page}")
    return 0 if agreed else 1


def _agreed(size: str, same: bool) -> bool:
    if not same:
        print(
            f"\n{'!' * 72}\nWRONG ANSWER at {size}: program and peers found DIFFERENT"
            f" people.\nThe times below mean nothing until this is understood.\n{'!' * 72}\n",
            file=sys.stderr,
        )
    return same


def _temporary(stack: ExitStack) -> Path:
    """A folder on the disk of the checkout: one in memory would make writing look free."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=build)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=sizes_of, default="1M,10M", help="delivered presences: 1M,10M"
    )
    parser.add_argument("--large", action="store_true", help="100M too (an hour, 30 GB of disk)")
    parser.add_argument("--cases", type=int, default=200, help="cases to trace")
    parser.add_argument("--compared", type=int, default=20, help="cases that the peers answer too")
    parser.add_argument("--seed", type=int, default=1, help="of the city")
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    parser.add_argument("--quick", action="store_true", help="20k presences, 6 cases; not recorded")
    parser.add_argument("--results", type=Path, help="folder of the recorded results")
    parser.add_argument("--page", type=Path, help="page to write")
    parser.add_argument("--page-only", action="store_true", help="measure nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
