"""`python -m bench.server`: measure a server, record it, and write the page of benchmarks anew."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.page import PAGE, rendered
from bench.results import FOLDER
from bench.results import newest as newest_of_homes
from bench.server.aims import judged
from bench.server.campaign import measured
from bench.server.recorded import newest, record
from bench.server.scales import SCALES
from bench.server.section import marked, section

_SCRATCH = Path("/var/tmp")
"""The database's user must be able to enter it, and it must lie on a disk."""


def main(words: list[str] | None = None) -> int:
    asked = _parser().parse_args(words)
    scale = SCALES["small" if asked.small else asked.scale]
    with ExitStack() as stack:
        work = asked.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="rf-bench-", dir=_SCRATCH))
        )
        recorded = scale.name == "full"
        results = asked.results or (FOLDER if recorded else work / "results")
        page = asked.page or (PAGE if recorded else work / "benchmarks.md")
        if not asked.page_only:
            result = measured(scale, asked.seed, work, _say)
            print(f"\nrecorded in {record(result, results)}")
        told = newest(results)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(rendered(newest_of_homes(results)) + section(told), encoding="utf-8")
        print(f"written: {page}\n")
        lines = [
            line for one in told.values() if one["scale"] == scale.name for line in judged(one)
        ]
    for aim, measured_as, reached in lines:
        print(f"{marked(reached).strip('*').upper():>4}  {aim}: {measured_as}")
    missed = sum(reached is False for _, _, reached in lines)
    print(f"\n{missed} of {len(lines)} limits missed" if missed else "\nall limits kept")
    return 1 if missed and asked.strict else 0


def _say(words: str) -> None:
    print(f"  {words}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.server", description=__doc__)
    parser.add_argument("--scale", choices=list(SCALES), default="full", help="what is measured")
    parser.add_argument("--small", action="store_true", help="a quick try; not recorded")
    parser.add_argument("--seed", type=int, default=1, help="of the city")
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave city and home")
    parser.add_argument("--results", type=Path, help="folder of the recorded results")
    parser.add_argument("--page", type=Path, help="page to write")
    parser.add_argument("--page-only", action="store_true", help="measure nothing")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a limit is missed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
